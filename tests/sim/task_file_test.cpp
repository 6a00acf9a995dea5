// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/task_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/sim/collector.h"
#include "core/sim/mujoco_environment.h"
#include "resources/resources.h"

namespace vaco {
namespace {

using testing::HasSubstr;

class TaskFiles : public testing::Test {
 protected:
  TaskFiles() {
    std::filesystem::create_directories(folder_);
    write("hopper.xml", find_resource("mjcf/hopper.xml"));
  }
  ~TaskFiles() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) const {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    return path.string();
  }
  /// The error of a task file that differs from the hopper's in one place.
  std::string fault(const std::string& part, const std::string& other) const {
    std::string text = kHopper;
    text.replace(text.find(part), part.size(), other);
    const auto made = make_environment(write("wrong.json", text), Physics::v4);
    EXPECT_FALSE(made) << other;
    return made ? std::string() : made.error().message;
  }

  // Our own hopper, written by a user.
  static constexpr const char* kHopper = R"json({
  "name": "My hopper",
  "model": "hopper.xml",
  "frame_skip": 4,
  "step_limit": 30,
  "observation": ["qpos[1:]", "clip(qvel, -10, 10)"],
  "reward": "(qpos[0] - qpos_before[0]) / dt + 1 - 0.001 * sum(action ^ 2)",
  "terminated": "qpos[1] <= 0.7 || abs(qpos[2]) >= 0.2",
  "reset": {
    "qpos": "qpos0 + uniform(-0.005, 0.005)",
    "qvel": "uniform(-0.005, 0.005)"
  }
}
)json";
  const std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "vaco_task_files";
};

TEST_F(TaskFiles, AHopperWrittenAsFormulasIsTheHopper) {
  const auto made = make_environment(write("mine.json", kHopper), Physics::v2);
  ASSERT_TRUE(made) << made.error().message;
  Environment& mine = **made;
  EXPECT_EQ(mine.info().label, "My hopper");
  EXPECT_EQ(mine.physics(), Physics::v4) << "a user's model is taken as it is";
  const auto ours = make_environment("hopper", Physics::v4).value();
  ASSERT_EQ(mine.info().obs_dim, ours->info().obs_dim);
  Rng a(7), b(7);
  mine.reset(a);
  ours->reset(b);
  std::vector<double> seen(11), expected(11);
  for (int t = 1; t <= 30; ++t) {
    const std::vector<float> action = {0.3f, -0.2f * static_cast<float>(t % 3), 0.1f};
    const auto step = mine.step(action), wanted = ours->step(action);
    EXPECT_DOUBLE_EQ(step.reward, wanted.reward) << t;
    EXPECT_EQ(step.terminated, wanted.terminated);
    EXPECT_EQ(step.truncated, !step.terminated && t == 30);
    mine.observe(std::span<double>(seen));
    ours->observe(std::span<double>(expected));
    EXPECT_EQ(seen, expected);
    if (step.terminated) break;
  }
}

TEST_F(TaskFiles, CanBeCollectedIn) {
  const auto rows = collect({.name = "random", .snapshot = nullptr},
                            {.environment = write("mine.json", kHopper), .steps = 100, .seed = 1});
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->observations.size(), 1100u);
}

TEST_F(TaskFiles, AFaultNamesTheFileTheLineAndTheWayToMendIt) {
  EXPECT_THAT(fault("qpos[1:]", "qpoz[1:]"),
              HasSubstr("wrong.json, line 6, observation: column 1: there is no name 'qpoz'"));
  EXPECT_THAT(fault("clip(qvel, -10, 10)", "clip(qvel, -10)"),
              HasSubstr("line 6, observation: column 1: clip takes 3"));
  EXPECT_THAT(fault("+ 1 - 0.001", "+ 1 - qpos *"), HasSubstr("line 7, reward: "));
  EXPECT_THAT(fault("\"qpos[1] <= 0.7", "\"action[0] > 0 || qpos[1] <= 0.7"),
              HasSubstr("line 8, terminated: column 1: there is no name 'action'"));
  EXPECT_THAT(fault("qpos[1] <= 0.7", "qpos[1] <= 7"),
              HasSubstr("line 8, terminated: it holds already at the start"));
  EXPECT_THAT(fault("\"uniform(-0.005, 0.005)\"\n", "\"qpos0[:2]\"\n"),
              HasSubstr("line 11, qvel: it gives 2 numbers, not 6"));
  EXPECT_THAT(fault("frame_skip", "frameskip"),
              HasSubstr("line 4, frameskip: this is not known; did you mean frame_skip?"));
  EXPECT_THAT(fault("\"frame_skip\": 4", "\"frame_skip\": 0"),
              HasSubstr("line 4, frame_skip: a whole number from 1"));
  EXPECT_THAT(fault("hopper.xml", "missing.xml"), HasSubstr("line 3, model: "));
  EXPECT_THAT(fault("/ dt", "/ (dt - dt)"), HasSubstr("line 7, reward: it is not finite at the start"));
  EXPECT_THAT(fault("\"reward\": ", "\"reward\" "), HasSubstr("line 7"));
  const auto missing = make_environment((folder_ / "none.json").string(), Physics::v4);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("none.json"));
}

TEST_F(TaskFiles, ARewardThatIsNoNumberEndsTheEpisode) {
  std::string text = kHopper;
  const std::string part = "+ 1 - 0.001";
  text.replace(text.find(part), part.size(), "+ sqrt(0.5 - abs(action[0])) - 0.001");
  auto env = make_environment(write("nan.json", text), Physics::v4).value();
  EXPECT_FALSE(env->step(std::vector<float>{0.1f, 0, 0}).terminated);
  const auto step = env->step(std::vector<float>{0.9f, 0, 0});
  EXPECT_TRUE(step.terminated);
  EXPECT_EQ(step.reward, 0.0);
}

}  // namespace
}  // namespace vaco
