// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/study.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "core/data/writer.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using vaco::testing::TemporaryFolder;

class StudyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    DatasetColumns columns;
    columns.rows = 2;
    columns.obs_dim = columns.action_dim = 1;
    columns.observations = columns.actions = columns.rewards = columns.next_observations = {0.0f, 0.5f};
    columns.terminals = columns.timeouts = {0, 1};
    ASSERT_TRUE(write_dataset(file(), columns).ok());
  }
  [[nodiscard]] fs::path file() const { return folder_.path() / "tiny.hdf5"; }
  /// The settings of VACO's first run in a study of the tiny file.
  [[nodiscard]] ParamSet vaco_params(const std::string& preset,
                                     std::vector<std::pair<std::string, std::string>> sets = {}) const {
    StudyRequest request;
    request.out = folder_.path() / "out";
    request.seeds = 1;
    request.preset = preset;
    request.datasets = {file()};
    request.own_data = false;
    request.sets = std::move(sets);
    const auto study = prepare_study(request);
    if (study)
      for (const auto& cell : study->plan.cells)
        if (cell.config.algorithm == "vaco") return cell.config.param_set();
    ADD_FAILURE() << (study ? "no run of VACO" : study.error().message);
    return make_config("vaco", "demo")->param_set();
  }
  TemporaryFolder folder_;
};

TEST_F(StudyTest, BudgetsAreThePresetsWhereOneIsAskedFor) {
  EXPECT_EQ(vaco_params("").integer("value_steps"), 30000);
  for (const char* preset : {"demo", "quick", "paper"}) {
    const ParamSet own = make_config("vaco", preset)->param_set(), params = vaco_params(preset);
    for (const char* key : {"value_steps", "bilevel_steps", "cloning_steps", "eval_interval"})
      EXPECT_EQ(params.integer(key), own.integer(key)) << preset << ": " << key;
    EXPECT_EQ(params.integer("hidden_width"), 128) << "is no budget";
  }
  EXPECT_EQ(vaco_params("demo", {{"value_steps", "7"}}).integer("value_steps"), 7);
}

/// Every study that is built in has a plan that can be run on any dataset, with VACO in it.
TEST_F(StudyTest, AllThatAreBuiltInHaveAPlan) {
  for (const auto* name : {"poster", "shares", "others"}) {
    StudyRequest request;
    request.name = name;
    request.out = folder_.path() / name;
    request.seeds = 1;
    request.datasets = {file()};
    request.own_data = false;
    const auto study = prepare_study(request);
    ASSERT_TRUE(study) << name << ": " << study.error().message;
    const auto& cells = study->plan.cells;
    EXPECT_TRUE(std::any_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.label == "VACO"; }));
    EXPECT_GE(cells.size(), 5u);
  }
}

/// The study of small shares runs every baseline under its own name: RW and AW draw whole trajectories.
TEST_F(StudyTest, SmallSharesNameTheirBaselines) {
  StudyRequest request;
  request.name = "shares";
  request.out = folder_.path() / "out";
  request.seeds = 2;
  request.datasets = {file()};
  request.own_data = false;
  const auto study = prepare_study(request);
  ASSERT_TRUE(study) << study.error().message;
  EXPECT_TRUE(study->notes.empty());
  std::map<std::string, int> runs;
  for (const auto& cell : study->plan.cells) {
    ++runs[cell.label];
    const ParamSet params = cell.config.param_set();
    if (cell.label == "5 % BC") {
      EXPECT_EQ(params.real("best_share"), 0.05);
    }
    if (cell.label == "RW" || cell.label == "AW") {
      EXPECT_EQ(params.choice("cloning_draws"), "by_weight");
      EXPECT_EQ(params.choice("weighting"), cell.label == "RW" ? "return" : "return_advantage");
      EXPECT_EQ(params.real("return_temperature"), 0.1);
    }
  }
  EXPECT_EQ(runs.size(), 12u);
  for (const auto& [label, count] : runs) EXPECT_EQ(count, 2) << label;
}

}  // namespace
}  // namespace vaco
