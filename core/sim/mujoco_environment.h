// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/sim/model_library.h"

namespace vaco {

/// What tells one environment from another beside its model and its line in the catalogue of tasks. Written
/// down in robots.cpp.
struct EnvironmentRules {
  const char* name;
  int frame_skip;        ///< simulation steps per environment step
  double total_mass;     ///< kg the model is rescaled to, 0 = as its shapes give
  int hidden_positions;  ///< leading qpos that are not observed
  bool clip_velocity;    ///< observed velocities are clipped to ±10
  double alive_bonus;    ///< reward per step
  double control_cost;   ///< times the squared norm of the raw action
  bool (*healthy)(const double* qpos, const double* qvel, int nq, int nv);  ///< null: never terminates
  double position_noise;  ///< reset: qpos += U(−noise, noise)
  double velocity_noise;  ///< reset: qvel = U(−noise, noise), or noise · N(0, 1)
  bool gaussian_velocity;
};

/// An environment that follows its rules on a shared model with its own mjData.
class MujocoEnvironment final : public Environment {
 public:
  /// May throw MujocoError (out of memory); make_environment() turns that into an error.
  MujocoEnvironment(const EnvironmentRules& rules, const EnvironmentInfo& info, Physics physics,
                    std::shared_ptr<const mjModel> model);

  [[nodiscard]] const EnvironmentInfo& info() const override { return info_; }
  [[nodiscard]] Physics physics() const override { return physics_; }
  void reset(Rng& rng) override;
  StepResult step(std::span<const float> action) override;
  void observe(std::span<float> observation) const override;
  void observe(std::span<double> observation) const override;
  [[nodiscard]] std::span<const double> qpos() const override;
  [[nodiscard]] std::span<const double> qvel() const override;
  void set_state(std::span<const double> qpos, std::span<const double> qvel) override;

  [[nodiscard]] const mjModel& model() const { return *model_; }
  [[nodiscard]] const mjData& data() const { return *data_; }
  /// As step(), with the action in double precision.
  StepResult step(std::span<const double> action);

 private:
  // Runs the simulation; false when it diverged or MuJoCo refused. The state is then as it was before.
  bool advance(std::span<const double> action);
  void write_state(const std::vector<double>& qpos, const std::vector<double>& qvel);
  [[nodiscard]] bool diverged() const;

  const EnvironmentRules& rules_;
  const EnvironmentInfo& info_;
  Physics physics_;
  std::shared_ptr<const mjModel> model_;
  DataPtr data_;
  int steps_ = 0;
  std::vector<double> qpos_before_, qvel_before_, action_;
};

/// The rules by environment name, in the order in which environments() lists them.
const std::vector<EnvironmentRules>& all_rules();

}  // namespace vaco
