// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vaco {

/// Numbers in an observation and in an action.
struct TaskShape {
  int64_t obs_dim = 0, action_dim = 0;
};

/// What reward_scaling = auto does with the rewards of a task.
enum class RewardScaling { none, return_range, minus_one };

/// How rows are divided into episodes where a file does not say it.
enum class EpisodeRule {
  unknown,     ///< the limit is not known: episodes end where the file says so
  step_limit,  ///< after step_limit steps at the latest
  continuous   ///< one run over the whole file (maze2d); the step limit holds for evaluations only
};

/// A task that data is made in and that policies are scored in. Simulated or not.
struct Task {
  std::string_view name;                        ///< "hopper", "maze2d-umaze": as files, plans and options say
  std::string_view label;                       ///< "Hopper", for people
  std::array<std::string_view, 2> aliases{};    ///< other words for it in names of files
  std::array<TaskShape, 3> shapes{};            ///< that its data may have; unused ones are 0
  float action_bound = 1.0f;                    ///< actions lie within ± this
  int64_t step_limit = 0;                       ///< steps of an episode, 0 = not known
  EpisodeRule episodes = EpisodeRule::unknown;  ///< of data
  bool can_terminate = true;                    ///< false: only the step limit ends an episode
  RewardScaling scaling = RewardScaling::none;  ///< reward_scaling = auto
  std::array<std::string_view, 3> physics{};    ///< versions of the simulator, its default first; or none
  std::optional<std::array<double, 2>> d4rl = {};  ///< D4RL's reference returns: random, expert
  int64_t action_count = 0;                        ///< choices of discrete actions, 0: they are continuous

  [[nodiscard]] bool simulated() const { return !physics[0].empty(); }
  [[nodiscard]] bool has_physics(std::string_view version) const;
  /// discrete: whether an action is a choice, which is one number.
  [[nodiscard]] bool has_shape(int64_t obs_dim, int64_t action_dim, bool discrete = false) const;
};

/// All tasks there are, one line each in catalogue.cpp: the one place to add a task.
std::span<const Task> tasks();
/// By name, exactly; null for one that nobody knows.
const Task* find_task(std::string_view name);

/// Whether data of these dimensions can be of a task, also of one that is not simulated here (adroit, kitchen);
/// nothing where the task is not known.
std::optional<bool> fits_environment(std::string_view environment, int64_t obs_dim, int64_t action_dim,
                                     bool discrete = false);
/// Steps after which an episode of data ends where the file does not say it; 0: not known.
int64_t step_limit(std::string_view environment);

}  // namespace vaco
