// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/catalogue.h"

#include <algorithm>

namespace vaco {
namespace {

using enum RewardScaling;
constexpr auto kUnknown = EpisodeRule::unknown, kLimit = EpisodeRule::step_limit,
               kContinuous = EpisodeRule::continuous;
constexpr bool kFalls = true, kNever = false;
constexpr std::array<std::string_view, 3> kNoSimulator{}, kAll{"v2", "v4", "v5"}, kV2V4{"v2", "v4"},
    kV4V2{"v4", "v2"}, kV1{"v1"};

// clang-format off
// References are facts of D4RL's infos. The order is that of lists and forms.
constexpr Task kTasks[] = {
    // name, label, aliases, shapes, bound, step limit, episodes, terminates, scaling, physics, {random, expert}, choices
    {"hopper", "Hopper", {}, {{{11, 3}}}, 1, 1000, kLimit, kFalls, return_range, kAll, {{-20.272305, 3234.3}}},
    {"walker2d", "Walker2d", {"walker"}, {{{17, 6}}}, 1, 1000, kLimit, kFalls, return_range, kAll, {{1.629008, 4592.3}}},
    {"halfcheetah", "HalfCheetah", {"half-cheetah"}, {{{17, 6}}}, 1, 1000, kLimit, kNever, return_range, kAll, {{-280.178953, 12135.0}}},
    {"ant", "Ant", {}, {{{27, 8}, {111, 8}, {105, 8}}}, 1, 1000, kLimit, kFalls, return_range, kAll, {{-325.6, 3879.7}}},
    {"ant-contact", "Ant with contact forces", {}, {{{111, 8}}}, 1, 1000, kLimit, kFalls, return_range, kV2V4, {{-325.6, 3879.7}}},
    {"swimmer", "Swimmer", {}, {{{8, 2}}}, 1, 1000, kLimit, kNever, none, kAll, {}},
    {"invertedpendulum", "InvertedPendulum", {"inverted-pendulum"}, {{{4, 1}}}, 3, 1000, kLimit, kFalls, none, kAll, {}},
    {"inverteddoublependulum", "InvertedDoublePendulum", {"inverted-double-pendulum"}, {{{11, 1}, {9, 1}}}, 1, 1000, kLimit, kFalls, none, kAll, {}},
    {"reacher", "Reacher", {}, {{{11, 2}, {10, 2}}}, 1, 50, kLimit, kNever, none, kAll, {}},
    {"cartpole", "CartPole", {"cart-pole"}, {{{4, 1}}}, 1, 500, kLimit, kFalls, none, kV1, {}, 2},
    {"antmaze", "AntMaze", {"ant-maze"}, {{{29, 8}}}, 1, 0, kUnknown, kFalls, minus_one, kNoSimulator, {{0.0, 1.0}}},
    {"kitchen", "Kitchen", {}, {{{60, 9}}}, 1, 0, kUnknown, kFalls, none, kNoSimulator, {{0.0, 4.0}}},
    {"pen", "Pen", {}, {{{45, 24}}}, 1, 0, kUnknown, kFalls, none, kNoSimulator, {{96.262799, 3076.8331017826877}}},
    {"hammer", "Hammer", {}, {{{46, 26}}}, 1, 0, kUnknown, kFalls, none, kNoSimulator, {{-274.856578, 12794.134825156867}}},
    {"door", "Door", {}, {{{39, 28}}}, 1, 0, kUnknown, kFalls, none, kNoSimulator, {{-56.512833, 2880.5693087298737}}},
    {"relocate", "Relocate", {}, {{{39, 30}}}, 1, 0, kUnknown, kFalls, none, kNoSimulator, {{-6.425911, 4233.877797728884}}},
    {"maze2d-umaze", "Maze2d umaze", {}, {{{4, 2}}}, 1, 300, kContinuous, kNever, none, kV2V4, {{23.85, 161.86}}},
    {"maze2d-medium", "Maze2d medium", {}, {{{4, 2}}}, 1, 600, kContinuous, kNever, none, kV2V4, {{13.13, 277.39}}},
    {"maze2d-large", "Maze2d large", {}, {{{4, 2}}}, 1, 800, kContinuous, kNever, none, kV2V4, {{6.7, 273.99}}},
    {"pointmaze-umaze", "PointMaze umaze", {}, {{{8, 2}, {4, 2}, {2, 2}}}, 1, 300, kContinuous, kNever, none, kV4V2, {}},
    {"pointmaze-medium", "PointMaze medium", {}, {{{8, 2}, {4, 2}, {2, 2}}}, 1, 600, kContinuous, kNever, none, kV4V2, {}},
    {"pointmaze-large", "PointMaze large", {}, {{{8, 2}, {4, 2}, {2, 2}}}, 1, 800, kContinuous, kNever, none, kV4V2, {}},
};
// clang-format on

}  // namespace

bool Task::has_physics(std::string_view version) const {
  return !version.empty() && std::find(physics.begin(), physics.end(), version) != physics.end();
}

bool Task::has_shape(int64_t obs_dim, int64_t action_dim, bool discrete) const {
  if (discrete != (action_count > 0)) return false;
  return std::any_of(shapes.begin(), shapes.end(), [&](const TaskShape& shape) {
    return shape.obs_dim == obs_dim && shape.action_dim == action_dim;
  });
}

std::span<const Task> tasks() {
  return kTasks;
}

const Task* find_task(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kTasks), std::end(kTasks), [&](const Task& task) { return task.name == name; });
  return found == std::end(kTasks) ? nullptr : found;
}

std::optional<bool> fits_environment(std::string_view environment, int64_t obs_dim, int64_t action_dim,
                                     bool discrete) {
  const Task* task = find_task(environment);
  if (!task) return std::nullopt;
  return task->has_shape(obs_dim, action_dim, discrete);
}

int64_t step_limit(std::string_view environment) {
  const Task* task = find_task(environment);
  return task && task->episodes == EpisodeRule::step_limit ? task->step_limit : 0;
}

}  // namespace vaco
