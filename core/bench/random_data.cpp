// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/random_data.h"

#include <cmath>
#include <vector>

#include "core/base/rng.h"

namespace vaco {

TrainingData random_data(int64_t obs_dim, int64_t action_dim, int64_t trajectories, int64_t length) {
  TrainingData data;
  Rng rng(1);
  const auto normal = [&](int64_t width) {
    std::vector<float> values(static_cast<size_t>(trajectories * length * width));
    for (auto& v : values) v = static_cast<float>(rng.normal());
    return values;
  };
  data.rows = trajectories * length;
  data.obs_dim = obs_dim;
  data.action_dim = action_dim;
  data.observations = normal(obs_dim);
  data.next_observations = normal(obs_dim);
  data.actions = normal(action_dim);
  for (auto& action : data.actions) action = std::tanh(action);
  data.rewards = normal(1);
  data.masks.assign(static_cast<size_t>(data.rows), 1.0f);
  for (int64_t t = 0; t < trajectories; ++t) {
    data.trajectory_first.push_back(t * length);
    data.trajectory_length.push_back(length);
    data.trajectory_return.push_back(static_cast<float>(t));
  }
  data.observation_mean.assign(static_cast<size_t>(obs_dim), 0.0f);
  data.observation_scale.assign(static_cast<size_t>(obs_dim), 1.0f);
  data.action_low.assign(static_cast<size_t>(action_dim), -1.0f);
  data.action_high.assign(static_cast<size_t>(action_dim), 1.0f);
  return data;
}

}  // namespace vaco
