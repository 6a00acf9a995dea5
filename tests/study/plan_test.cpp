// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>

#include "core/data/writer.h"
#include "core/study/sweep_eta.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using vaco::testing::TemporaryFolder;

class PlanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a.hdf5", "b.hdf5", "c-v4.hdf5"}) {
      DatasetColumns columns;
      columns.rows = 2;
      columns.obs_dim = columns.action_dim = 1;
      columns.observations = columns.actions = columns.rewards = columns.next_observations = {0.0f, 0.5f};
      columns.terminals = columns.timeouts = {0, 1};
      columns.physics = name == std::string("c-v4.hdf5") ? "v4" : "";
      const auto written = write_dataset(folder_.path() / name, columns);
      ASSERT_TRUE(written.ok()) << written.error().message;
    }
  }
  [[nodiscard]] Result<Plan> parse(const std::string& text) const {
    return parse_plan(Json::parse(text), folder_.path());
  }
  /// The message with which a plan is refused.
  [[nodiscard]] std::string refusal(const std::string& text) const {
    const auto plan = parse(text);
    return plan ? "it was accepted" : plan.error().message;
  }
  TemporaryFolder folder_;
};

TEST_F(PlanTest, ExpandsToEveryCombinationSeedBySeed) {
  const auto plan = parse(R"({"datasets": ["a.hdf5", {"path": "b.hdf5", "name": "bee", "physics": "v4"}],
      "algorithms": ["bc", {"algorithm": "vaco", "label": "Ours, hot", "set": {"meta_lr": 1e-4}}],
      "params": {"bilevel_steps": [100, 200]}, "seeds": [3, 1], "preset": "quick", "set": {"eval_episodes": 4}})");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  std::vector<std::string> names;
  for (const auto& cell : plan->cells) names.push_back(cell.name);
  EXPECT_THAT(
      names,
      ElementsAre("a__BC__s3", "a__Ours-hot__bilevel_steps-100__s3", "a__Ours-hot__bilevel_steps-200__s3",
                  "bee__BC__s3", "bee__Ours-hot__bilevel_steps-100__s3", "bee__Ours-hot__bilevel_steps-200__s3",
                  "a__BC__s1", "a__Ours-hot__bilevel_steps-100__s1", "a__Ours-hot__bilevel_steps-200__s1",
                  "bee__BC__s1", "bee__Ours-hot__bilevel_steps-100__s1",
                  "bee__Ours-hot__bilevel_steps-200__s1"));
  const PlanCell& last = plan->cells.back();
  EXPECT_EQ(last.dataset, "bee");
  EXPECT_EQ(last.label, "Ours, hot");
  EXPECT_EQ(last.config.algorithm, "vaco");
  EXPECT_EQ(last.config.physics, "v4");
  EXPECT_EQ(last.config.seed, 1u);
  EXPECT_EQ(last.config.threads, 1);
  EXPECT_EQ(last.config.dataset, fs::absolute(folder_.path()) / "b.hdf5");
  const ParamSet params = last.config.param_set();
  EXPECT_EQ(params.integer("bilevel_steps"), 200);
  EXPECT_EQ(params.integer("eval_episodes"), 4);
  EXPECT_EQ(params.real("meta_lr"), 1e-4);
  EXPECT_EQ(last.config.params.at("meta_lr").origin, Origin::command_line);
  // What the plan leaves open is the preset's.
  EXPECT_EQ(params.integer("value_steps"), make_config("vaco", "quick")->param_set().integer("value_steps"));
  const Json cells = cells_to_json(*plan)["cells"];
  EXPECT_EQ(cells[11]["params"], Json({{"bilevel_steps", 200}}));
}

TEST_F(PlanTest, SeedsAreThreeAndOwnSettingsWin) {
  const auto plan = parse(R"({"datasets": ["a.hdf5"], "set": {"eval_episodes": 4},
      "algorithms": [{"algorithm": "bc", "preset": "demo", "set": {"eval_episodes": 7}}]})");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  ASSERT_EQ(plan->cells.size(), 3u);
  EXPECT_EQ(plan->cells[2].config.seed, 2u);
  EXPECT_EQ(plan->cells[0].config.param_set().integer("eval_episodes"), 7);
  EXPECT_EQ(plan->cells[0].config.preset, "demo");
}

TEST_F(PlanTest, PhysicsIsTheDatasUnlessThePlanSaysOtherwise) {
  const auto plan = parse(R"({"datasets": ["a.hdf5", "c-v4.hdf5",
      {"path": "c-v4.hdf5", "name": "d", "physics": "v2"}], "algorithms": ["bc"], "seeds": [1]})");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  std::vector<std::string> physics;
  for (const auto& cell : plan->cells) physics.push_back(cell.config.physics);
  EXPECT_THAT(physics, ElementsAre("v2", "v4", "v2"));
}

TEST_F(PlanTest, RefusesWhatCouldNotRunAndNamesThePlace) {
  const std::string data = R"("datasets": ["a.hdf5"])", bc = R"("algorithms": ["bc"])";
  EXPECT_THAT(refusal("[]"), HasSubstr("the plan"));
  EXPECT_THAT(refusal("{" + data + "}"), HasSubstr("algorithms: must be a list"));
  EXPECT_THAT(refusal("{" + bc + "}"), HasSubstr("datasets: must be a list"));
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "sedes": [1]})"), HasSubstr("unknown key 'sedes'"));
  EXPECT_THAT(refusal(R"({"datasets": ["c.hdf5"],)" + bc + "}"), HasSubstr("datasets[0]: the dataset"));
  EXPECT_THAT(refusal(R"({"datasets": ["a.hdf5", {"path": "b.hdf5", "name": "a"}],)" + bc + "}"),
              HasSubstr("datasets[1]: 'a' names datasets[0] already"));
  EXPECT_THAT(refusal("{" + data + R"(, "algorithms": ["bc", "ppo"]})"),
              HasSubstr("algorithms[1]: there is no"));
  EXPECT_THAT(refusal("{" + data + R"(, "algorithms": ["bc", "bc"]})"), HasSubstr("algorithms[1]: 'BC' names"));
  EXPECT_THAT(refusal("{" + data + R"(, "algorithms": [{"algorithm": "bc", "preset": "swift"}]})"),
              HasSubstr("algorithms[0]: there is no preset 'swift'"));
  EXPECT_THAT(refusal("{" + data + R"(, "algorithms": [{"algorithm": "bc", "set": {"bc_stesp": 1}}]})"),
              HasSubstr("algorithms[0].set: there is no parameter 'bc_stesp'; did you mean 'bc_steps'"));
  EXPECT_THAT(refusal("{" + data + R"(, "algorithms": [{"algorithm": "bc", "set": {"bc_steps": -1}}]})"),
              HasSubstr("algorithms[0].set: bc_steps = -1 is outside"));
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "set": {"meta_lr": 1e-4}})"),
              HasSubstr("set.meta_lr: no algorithm of the plan has it"));
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "params": {"bc_steps": []}})"),
              HasSubstr("params.bc_steps: must be a list"));
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "params": {"bc_steps": [10, -1]}})"),
              HasSubstr("params.bc_steps[1]: bc_steps = -1 is outside"));
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "params": {"bc_steps": [10, 1e1]}})"),
              HasSubstr("there twice"));
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "params": {"bc_steps": [10]}, "set": {"bc_steps": 2}})"),
              HasSubstr("leave one of them out"));
  for (const char* seeds : {"[]", "[-1]", "[1.5]", "[\"1\"]", "[1, 1]", "3"})
    EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "seeds": )" + seeds + "}"), HasSubstr("seed")) << seeds;
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "device": "tpu"})"), HasSubstr("device takes"));
  EXPECT_THAT(refusal("{" + data + "," + bc + R"(, "threads": -1})"), HasSubstr("threads: must be"));
  EXPECT_THAT(refusal(R"({"datasets": [{"path": "a.hdf5", "physics": "v3"}],)" + bc + "}"), HasSubstr("v3"));
  std::ofstream(folder_.path() / "text.hdf5") << "words";
  EXPECT_THAT(refusal(R"({"datasets": ["text.hdf5"],)" + bc + "}"), HasSubstr("datasets[0]: "));
  EXPECT_THAT(refusal(R"({"datasets": ["text.hdf5"],)" + bc + "}"), HasSubstr("is not an HDF5 file"));
  EXPECT_THAT(refusal(R"({"datasets": [{"path": "a.hdf5", "environment": "hoppr"}],)" + bc + "}"),
              HasSubstr("datasets[0]: there is no environment 'hoppr'; did you mean 'hopper'"));
  EXPECT_THAT(refusal(R"({"datasets": [{"path": "a.hdf5", "environment": "hopper"}],)" + bc + "}"),
              HasSubstr("but hopper has 11 and 3"));
}

TEST(FileNamePart, TroublesNoShell) {
  EXPECT_EQ(file_name_part("10 % BC"), "10-BC");
  EXPECT_EQ(file_name_part("VACO, printed (σ = 0)"), "VACO-printed-0");
  EXPECT_EQ(file_name_part("../x"), "_.-x");
  EXPECT_EQ(file_name_part("%%"), "");
  EXPECT_EQ(file_name_part("ÄÖ 漢字"), "ÄÖ-漢字");
}

TEST(SweepEta, PacksWhatIsLeftOnTheJobs) {
  const auto finished = [](const char* label, double seconds) {
    return CellCost{.label = label, .dataset = "d", .fraction = 1.0, .seconds = seconds};
  };
  const auto running = [](const char* label, double fraction, double seconds) {
    return CellCost{.label = label, .dataset = "d", .fraction = fraction, .seconds = seconds, .running = true};
  };
  const auto waiting = [](const char* label) { return CellCost{.label = label, .dataset = "d"}; };
  EXPECT_LT(sweep_eta({waiting("a")}, 1), 0.0);
  EXPECT_EQ(sweep_eta({}, 1), 0.0);
  EXPECT_DOUBLE_EQ(sweep_eta({finished("a", 100), waiting("a"), waiting("a"), waiting("a")}, 1), 300);
  EXPECT_DOUBLE_EQ(sweep_eta({finished("a", 100), waiting("a"), waiting("a"), waiting("a")}, 2), 200);
  // A running one by its own speed: 10 s for a quarter are 40, of which 30 are left; the waiting one costs 40
  // too.
  EXPECT_DOUBLE_EQ(sweep_eta({running("a", 0.25, 10), waiting("a")}, 2), 40);
  EXPECT_DOUBLE_EQ(sweep_eta({running("a", 0.25, 10), waiting("a")}, 1), 70);
  // Finished ones of the same kind know better.
  EXPECT_DOUBLE_EQ(sweep_eta({finished("a", 100), running("a", 0.5, 10)}, 1), 90);
  // Other labels tell when there is nothing else; the same label on other data before them.
  EXPECT_DOUBLE_EQ(sweep_eta({finished("a", 100), waiting("b")}, 1), 100);
  CellCost elsewhere = finished("b", 30);
  elsewhere.dataset = "e";
  EXPECT_DOUBLE_EQ(sweep_eta({finished("a", 100), elsewhere, waiting("b")}, 1), 30);
  // What has failed costs nothing, and tells nothing.
  CellCost failed = running("a", 0.5, 1000);
  failed.failed = true;
  EXPECT_DOUBLE_EQ(sweep_eta({finished("a", 100), failed, waiting("a")}, 1), 100);
}

}  // namespace
}  // namespace vaco
