// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/base/rng.h"
#include "core/learn/algorithm.h"
#include "core/learn/training_data.h"

namespace vaco::testing {

/// Random numbers in the shape of a dataset: enough to compare arithmetic.
inline TrainingData random_data(int64_t obs_dim, int64_t action_dim, int64_t trajectories = 20,
                                int64_t length = 50) {
  TrainingData data;
  Rng rng(11);
  const int64_t rows = trajectories * length;
  const auto normal = [&](int64_t count) {
    std::vector<float> values(static_cast<size_t>(count));
    for (auto& v : values) v = static_cast<float>(rng.normal());
    return values;
  };
  data.rows = rows;
  data.obs_dim = obs_dim;
  data.action_dim = action_dim;
  data.observations = normal(rows * obs_dim);
  data.next_observations = normal(rows * obs_dim);
  data.rewards = normal(rows);
  data.actions = normal(rows * action_dim);
  for (auto& action : data.actions) action = std::tanh(action);
  data.masks.assign(static_cast<size_t>(rows), 1.0f);
  for (int64_t t = 0; t < trajectories; ++t) {
    data.masks[static_cast<size_t>((t + 1) * length - 1)] = 0.0f;
    data.trajectory_first.push_back(t * length);
    data.trajectory_length.push_back(length);
    data.trajectory_return.push_back(static_cast<float>(t % 7));
  }
  data.observation_mean.assign(static_cast<size_t>(obs_dim), 0.0f);
  data.observation_scale.assign(static_cast<size_t>(obs_dim), 1.0f);
  data.action_low.assign(static_cast<size_t>(action_dim), -1.0f);
  data.action_high.assign(static_cast<size_t>(action_dim), 1.0f);
  return data;
}

/// The same with discrete actions: a random choice in each row.
inline TrainingData random_choices(int64_t obs_dim, int64_t choices, int64_t trajectories = 20,
                                   int64_t length = 50) {
  auto data = random_data(obs_dim, choices, trajectories, length);
  data.action_count = choices;
  data.actions.assign(data.actions.size(), 0.0f);
  Rng rng(12);
  for (int64_t row = 0; row < data.rows; ++row)
    data.actions[static_cast<size_t>(row * choices) + rng.index(static_cast<uint64_t>(choices))] = 1.0f;
  data.action_low.assign(static_cast<size_t>(choices), 0.0f);
  return data;
}

using Settings = std::vector<std::pair<std::string, std::string>>;

/// The algorithm's defaults with some parameters set from text, small networks unless said otherwise.
inline ParamSet make_params(const std::string& algorithm, const Settings& settings) {
  const auto& schema = (*find_algorithm(algorithm))->schema;
  ParamSet params(schema);
  for (const auto& [key, text] : settings) params.set(key, *parse_value(**require_spec(schema, key), text));
  return params;
}

/// ‖a − b‖ / ‖b‖. Not the largest entry: Adam's first steps are g/|g|, which for a gradient of rounding size is
/// noise.
inline double relative_difference(const StateArray& a, const StateArray& b) {
  const auto &x = std::get<std::vector<float>>(a.values), &y = std::get<std::vector<float>>(b.values);
  if (x.size() != y.size()) return 1e30;
  double difference = 0.0, magnitude = 1e-24;
  for (size_t i = 0; i < x.size(); ++i) {
    difference += (static_cast<double>(x[i]) - y[i]) * (static_cast<double>(x[i]) - y[i]);
    magnitude += static_cast<double>(y[i]) * y[i];
  }
  return std::sqrt(difference / magnitude);
}

}  // namespace vaco::testing
