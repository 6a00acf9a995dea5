// SPDX-License-Identifier: GPL-3.0-or-later
// A toy with a known answer: a ball thrown with fixed speed from height h at angle θ lands at
// R(h, θ) = v cosθ/g (v sinθ + √(v² sin²θ + 2 g h)), which is largest at tanθ* = v/√(v² + 2 g h).
// Half of the throws are too steep, half are good on average; cloning copies the mixture, value-aligned weights
// must bring the policy to θ*.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>

#include "core/base/policy_snapshot.h"
#include "core/base/rng.h"
#include "tests/learn/toy_data.h"

namespace vaco::testing::ball_throw {

inline constexpr double kSpeed = 1.0, kGravity = 1.0;
inline constexpr double kQuarterTurn = std::numbers::pi / 4;

inline double range(double h, double angle) {
  const double up = kSpeed * std::sin(angle);
  return kSpeed * std::cos(angle) / kGravity * (up + std::sqrt(up * up + 2 * kGravity * h));
}
inline double best_angle(double h) {
  return std::atan(kSpeed / std::sqrt(kSpeed * kSpeed + 2 * kGravity * h));
}
inline double angle_of(double action) {
  return kQuarterTurn * (1.0 + action);
}
inline double action_of(double angle) {
  return angle / kQuarterTurn - 1.0;
}

/// One throw per trajectory; the state is the height (0 to 2) brought to ±1.
inline TrainingData throws(int64_t count) {
  TrainingData data;
  Rng rng(21);
  data.rows = count;
  data.obs_dim = data.action_dim = 1;
  for (int64_t i = 0; i < count; ++i) {
    const double h = rng.uniform(0.0, 2.0);
    const bool good = i % 2 == 0;
    const double angle = good ? best_angle(h) + 0.12 * rng.normal() : 1.25 + 0.12 * rng.normal();
    const double action = std::clamp(action_of(angle), -0.999, 0.999);
    data.observations.push_back(static_cast<float>(h - 1.0));
    data.actions.push_back(static_cast<float>(action));
    data.rewards.push_back(static_cast<float>(range(h, angle_of(action))));
    data.trajectory_first.push_back(i);
    data.trajectory_length.push_back(1);
    data.trajectory_return.push_back(data.rewards.back());
  }
  data.next_observations = data.observations;
  data.masks.assign(static_cast<size_t>(count), 0.0f);  // every throw ends its episode
  data.observation_mean = {0.0f};
  data.observation_scale = {1.0f};
  data.action_low = {-1.0f};
  data.action_high = {1.0f};
  return data;
}

/// Mean |θ − θ*| of a policy over heights, in radians.
inline double mean_error(const PolicySnapshot& policy) {
  PolicyActor actor(policy);
  double sum = 0.0;
  constexpr int kHeights = 41;
  for (int i = 0; i < kHeights; ++i) {
    const float state = -1.0f + 2.0f * static_cast<float>(i) / (kHeights - 1);
    float action = 0.0f;
    actor.act({&state, 1}, {&action, 1});
    sum += std::abs(angle_of(action) - best_angle(state + 1.0));
  }
  return sum / kHeights;
}

/// Mean distance that a policy throws over heights.
inline double mean_range(const PolicySnapshot& policy) {
  PolicyActor actor(policy);
  double sum = 0.0;
  constexpr int kHeights = 101;
  for (int i = 0; i < kHeights; ++i) {
    const float state = -1.0f + 2.0f * static_cast<float>(i) / (kHeights - 1);
    float action = 0.0f;
    actor.act({&state, 1}, {&action, 1});
    sum += range(state + 1.0, angle_of(action));
  }
  return sum / kHeights;
}

/// An algorithm at its last step, on one thread of the processor.
inline std::unique_ptr<Algorithm> train(const TrainingData& data, const std::string& key,
                                        const Settings& settings) {
  auto run =
      std::move(*make_algorithm(key, make_params(key, settings), data, 0, {.device = "cpu", .threads = 1}));
  int64_t total = 0;
  for (const auto& phase : run->phases()) total += phase.steps;
  while (run->step() < total) run->update();
  return run;
}

}  // namespace vaco::testing::ball_throw
