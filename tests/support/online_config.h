// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/records/online_schema.h"
#include "core/records/run_config.h"

namespace vaco::testing {

/// Of an online TD3 in hopper that a moment is enough for.
inline RunConfig tiny_config(int64_t steps = 900) {
  auto config = *make_config(kOnlineTd3, "");
  config.environment = "hopper";
  config.physics = "v2";
  config.seed = 6;
  config.threads = 1;
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"hidden_width", "16"},
                                                        {"batch_size", "16"},
                                                        {"random_steps", "150"},
                                                        {"eval_interval", "100"},
                                                        {"eval_episodes", "2"},
                                                        {"log_interval", "70"},
                                                        {"checkpoint_interval", "200"},
                                                        {"set_rows", "200"},
                                                        {"online_steps", std::to_string(steps)}})
    EXPECT_TRUE(set_param(config, key, value, Origin::command_line));
  return config;
}

}  // namespace vaco::testing
