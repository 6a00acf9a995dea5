// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/data/writer.h"
#include "core/study/plan_cost.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using vaco::testing::TemporaryFolder;

TEST(Seeds, AreReadAsPeopleWriteThemAndBack) {
  EXPECT_THAT(parse_seeds("0-4").value(), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(parse_seeds(" 7, 0-2 1").value(), ElementsAre(7, 0, 1, 2));
  EXPECT_EQ(seeds_text({0, 1, 2, 3, 4, 7, 9, 10}), "0-4, 7, 9-10");
  for (const char* wrong : {"", "a", "-1", "4-0", "1.5", "0-9999", "3-", "1--2"})
    EXPECT_FALSE(parse_seeds(wrong).ok()) << wrong;
  EXPECT_THAT(parse_seeds("4-0").error().message, HasSubstr("0-4"));
}

class QueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a.hdf5", "b.hdf5"}) {
      DatasetColumns columns;
      columns.rows = 2;
      columns.obs_dim = columns.action_dim = 1;
      columns.observations = columns.actions = columns.rewards = columns.next_observations = {0.0F, 0.5F};
      columns.terminals = columns.timeouts = {0, 1};
      ASSERT_TRUE(write_dataset(folder_.path() / name, columns).ok());
    }
    base_ = make_config("vaco", "quick").value();
    base_.dataset = folder_.path() / "a.hdf5";
    ASSERT_TRUE(set_param(base_, "bilevel_steps", "500", Origin::run).ok());
    ASSERT_TRUE(set_param(base_, "eval_episodes", "3", Origin::run).ok());
  }
  void past(const char* name, const char* algorithm, const char* dataset, int64_t steps, double seconds,
            const char* status = "finished") {
    const fs::path run = folder_.path() / "runs" / name;
    ASSERT_TRUE(make_folder(run).ok());
    ASSERT_TRUE(write_json(run / "config.json",
                           {{"algorithm", algorithm}, {"dataset", std::string("/data/") + dataset + ".hdf5"}})
                    .ok());
    ASSERT_TRUE(write_json(run / "manifest.json", {{"status", status},
                                                   {"created", "2026-01-01T00:00:00Z"},
                                                   {"total_steps", steps},
                                                   {"result", {{"wall_time_s", seconds}}}})
                    .ok());
  }
  TemporaryFolder folder_;
  RunConfig base_;
};

TEST_F(QueueTest, IsDatasetsTimesAlgorithmsTimesSeedsWithWhatWasSetByHand) {
  const Json json = queue_plan({base_, {base_.dataset, folder_.path() / "b.hdf5"}, {"vaco", "bc"}, {0, 1, 2}});
  const auto plan = parse_plan(json, "/nowhere");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(plan->cells.size(), 12U);
  for (const auto& cell : plan->cells) {
    EXPECT_EQ(std::get<int64_t>(cell.config.params.at("eval_episodes").value), 3);
    EXPECT_EQ(cell.config.preset, "quick");
    if (cell.config.algorithm == "vaco") {
      EXPECT_EQ(std::get<int64_t>(cell.config.params.at("bilevel_steps").value), 500);
    }
  }
}

TEST_F(QueueTest, SaysWhatItWillCostByWhatPastRunsTook) {
  base_.params.clear();
  base_ = make_config("bc", "quick").value();
  base_.dataset = folder_.path() / "a.hdf5";
  ASSERT_TRUE(set_param(base_, "bc_steps", "1000", Origin::run).ok());
  const auto plan = parse_plan(queue_plan({base_, {base_.dataset}, {"bc"}, {0, 1, 2}}), "/nowhere").value();
  EXPECT_EQ(planned_steps(plan.cells[0].config), 1000);
  EXPECT_LT(plan_cost(plan, {}, 1).seconds, 0.0);
  past("one", "bc", "a", 500, 10.0);        // 0.02 s a step
  past("two", "bc", "other", 500, 1000.0);  // other data tell less
  past("three", "bc", "a", 500, 99.0, "failed");
  const auto known = past_runs(folder_.path() / "runs");
  ASSERT_EQ(known.size(), 2U);
  const auto cost = plan_cost(plan, known, 2);
  EXPECT_EQ(cost.runs, 3U);
  EXPECT_EQ(cost.steps, 3000);
  EXPECT_NEAR(cost.seconds, 40.0, 1e-9);  // three runs of 20 s, two at a time
  EXPECT_NEAR(plan_cost(plan, known, 1).seconds, 60.0, 1e-9);
  EXPECT_EQ(cost.measured, 3U);
  EXPECT_GT(cost.bytes, 0U);
}

}  // namespace
}  // namespace vaco
