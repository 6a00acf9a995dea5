// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/offline_estimates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/data/policy_file.h"
#include "core/data/writer.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
using ::testing::HasSubstr;
using vaco::testing::TemporaryFolder;

TEST(OfflineEstimates, AreKeptWithTheRunAndListed) {
  const TemporaryFolder folder;
  // Every step gives 3, so with discount 0.5 every policy is worth 6.
  DatasetColumns columns;
  columns.rows = 400;
  columns.obs_dim = 2;
  columns.action_dim = 1;
  Rng rng(2);
  for (int64_t row = 0; row < columns.rows; ++row) {
    for (int k = 0; k < 2; ++k) {
      columns.observations.push_back(static_cast<float>(rng.normal()));
      columns.next_observations.push_back(static_cast<float>(rng.normal()));
    }
    columns.actions.push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
    columns.rewards.push_back(3.0F);
    columns.terminals.push_back(0);
    columns.timeouts.push_back(row % 20 == 19 ? 1 : 0);
  }
  const auto data = folder.path() / "data.hdf5";
  ASSERT_TRUE(write_dataset(data, columns).ok());
  auto config = make_config("iql", "quick").value();
  config.dataset = data;
  ASSERT_TRUE(set_param(config, "discount", "0.5", Origin::run).ok());
  EXPECT_FALSE(estimate_run(folder.path(), config).ok()) << "there is no policy yet";

  PolicySnapshot policy;
  policy.step = 1234;
  policy.layers.push_back({.inputs = 2, .outputs = 1, .weight = {0.3F, -0.2F}, .bias = {0.1F}});
  policy.observation_mean = {0.0F, 0.0F};
  policy.observation_scale = {1.0F, 1.0F};
  policy.action_low = {-1.0F};
  policy.action_high = {1.0F};
  ASSERT_TRUE(write_policy(folder.path() / "policy.h5", policy, {}).ok());
  const auto done = estimate_run(folder.path(), config, {}, {}, 1500);
  ASSERT_TRUE(done.ok()) << done.error().message;

  Report report;
  ReportRun run;
  run.folder = folder.path();
  run.config = config;
  run.dataset = "mixed";
  run.label = "IQL";
  report.runs = {run, run};
  report.runs[1].folder = folder.path() / "none";
  const auto table = offline_table(report);
  ASSERT_EQ(table.rows.size(), 1U) << "a run without an estimate has no row";
  EXPECT_EQ(table.rows[0][0], "mixed, IQL, 0");
  EXPECT_NEAR(std::atof(table.rows[0][1].c_str()), 6.0, 0.8);
  EXPECT_NEAR(std::atof(table.rows[0][2].c_str()), 6.0, 0.05);
  EXPECT_EQ(table.rows[0][3], "0.500");
  EXPECT_EQ(table.rows[0][4], "1,234");
  EXPECT_EQ(table.rows[0][1].find("not settled"), std::string::npos);

  // As files were before anybody looked whether it moves.
  const auto file = folder.path() / "offline_evaluation.json";
  auto json = read_json(file).value();
  json.erase("drift");
  ASSERT_TRUE(write_json(file, json).ok());
  EXPECT_NE(offline_table(report).rows[0][1].find("not settled"), std::string::npos);
}

}  // namespace
}  // namespace vaco
