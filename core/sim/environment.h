// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/rng.h"

namespace vaco {

/// Which capsule inertia the model has. v2: mass of a cylinder, as mujoco-py had it when D4RL's data was made
/// ("D4RL physics"). v4: the true capsule, as Gymnasium's v4. v5: the same, with what Gymnasium's v5 changed
/// (no bonus for the step that ends an episode; other observations of ant, reacher and the double pendulum).
/// v1: equations of its own, which are not MuJoCo's (CartPole).
enum class Physics { v1, v2, v4, v5 };
std::string to_text(Physics physics);
Result<Physics> parse_physics(const std::string& text);

struct EnvironmentInfo {
  std::string name;   ///< "hopper", as the catalogue of tasks
  std::string label;  ///< "Hopper"
  int obs_dim = 0, action_dim = 0, nq = 0, nv = 0;
  int max_episode_steps = 0;  ///< a time limit is a truncation, never a termination
  int action_count = 0;       ///< choices of discrete actions (one number, 0 to this − 1), 0: continuous
  double dt = 0.0;            ///< seconds of simulated time a step
  std::vector<float> action_low, action_high;
};

/// What one step gave.
struct StepResult {
  double reward = 0.0;
  bool terminated = false;
  bool truncated = false;  ///< the time limit was reached (and the state is not terminal)
};

/// One MuJoCo environment with its own mjData; models are compiled once and shared. Not thread-safe: one per
/// thread. MuJoCo's errors and divergence (NaN, bad QACC) never print or wait: a diverged step terminates the
/// episode.
class Environment {
 public:
  virtual ~Environment() = default;
  [[nodiscard]] virtual const EnvironmentInfo& info() const = 0;
  [[nodiscard]] virtual Physics physics() const = 0;
  /// Starts an episode with the environment's reset noise.
  virtual void reset(Rng& rng) = 0;
  /// Advances frame_skip simulation steps. action [action_dim]; the control is clamped, the cost uses it raw.
  virtual StepResult step(std::span<const float> action) = 0;
  /// Current observation [obs_dim] as float32.
  virtual void observe(std::span<float> observation) const = 0;
  [[nodiscard]] virtual std::span<const double> qpos() const = 0;
  [[nodiscard]] virtual std::span<const double> qvel() const = 0;
  /// Sets the state and recomputes what depends on it (mj_forward). Sizes must be nq and nv. Restarts the step
  /// count.
  virtual void set_state(std::span<const double> qpos, std::span<const double> qvel) = 0;
  /// The current observation in double precision [obs_dim] (for the golden tests).
  virtual void observe(std::span<double> observation) const = 0;
};

/// All environments in the version the catalogue names first; README.md says how to add one.
const std::vector<EnvironmentInfo>& environments();
/// An environment in one of its versions. A usage error names the known environments, or its versions.
Result<EnvironmentInfo> environment_info(const std::string& name, Physics physics);
/// Errors as environment_info().
Result<std::unique_ptr<Environment>> make_environment(const std::string& name, Physics physics);

/// "MuJoCo 2.2.2", the library that is loaded: scores depend a little on it.
std::string simulator_version();

}  // namespace vaco
