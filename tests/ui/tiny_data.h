// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <filesystem>

#include "core/base/rng.h"
#include "core/data/writer.h"
#include "core/records/run_config.h"

namespace vaco::ui::test {

constexpr int kEpisodes = 40;
constexpr int kEpisodeSteps = 25;

/// Two behaviors of hopper's shape: "good" acts along a fixed rule and is rewarded for it, "bad" acts at
/// random.
inline Result<void> writeTinyDataset(const std::filesystem::path& path) {
  DatasetColumns columns;
  columns.rows = kEpisodes * kEpisodeSteps;
  columns.obs_dim = 11;
  columns.action_dim = 3;
  columns.qpos_dim = columns.qvel_dim = 6;
  columns.environment = "hopper";
  columns.physics = std::string("v2");
  columns.policy_names = {"bad", "good"};
  Rng rng(7);
  for (int episode = 0; episode < kEpisodes; ++episode) {
    const bool good = episode % 2 == 1;
    for (int t = 0; t < kEpisodeSteps; ++t) {
      float first = 0.0F;
      for (int i = 0; i < 11; ++i) {
        const auto value = static_cast<float>(rng.normal());
        if (i == 0) first = value;
        columns.observations.push_back(value);
        columns.next_observations.push_back(value + 0.1F);
      }
      for (int i = 0; i < 6; ++i) {
        columns.qpos.push_back(i == 1 ? 1.25 : 0.01 * t);
        columns.qvel.push_back(0.0);
      }
      const float wanted = std::tanh(first);
      for (int i = 0; i < 3; ++i)
        columns.actions.push_back(good ? 0.9F * wanted : static_cast<float>(rng.uniform(-1.0, 1.0)));
      columns.rewards.push_back(good ? 1.0F : 0.2F);
      const bool last = t + 1 == kEpisodeSteps;
      columns.terminals.push_back(last && !good ? 1 : 0);
      columns.timeouts.push_back(last && good ? 1 : 0);
      columns.policy_ids.push_back(good ? 1 : 0);
    }
  }
  return write_dataset(path, columns);
}

/// A run that ends within seconds.
inline RunConfig tinyConfig(const std::filesystem::path& dataset, const std::string& algorithm = "vaco") {
  auto config = *make_config(algorithm, "demo");
  config.dataset = dataset;
  config.environment = "hopper";
  config.threads = 1;
  const std::pair<const char*, const char*> values[] = {{"value_steps", "300"},
                                                        {"warmup_steps", "60"},
                                                        {"bilevel_steps", "300"},
                                                        {"cloning_steps", "60"},
                                                        {"bc_steps", "400"},
                                                        {"eval_interval", "200"},
                                                        {"eval_episodes", "2"},
                                                        {"log_interval", "20"},
                                                        {"batch_size", "32"},
                                                        {"hidden_width", "32"},
                                                        {"diagnostics_interval", "100"},
                                                        {"checkpoint_interval", "200"}};
  for (const auto& [key, value] : values)
    if (config.params.contains(key)) (void)set_param(config, key, value, Origin::command_line);
  return config;
}

}  // namespace vaco::ui::test
