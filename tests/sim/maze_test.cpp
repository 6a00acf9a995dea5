// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/mazes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/sim/collector.h"
#include "tests/sim/inspection.h"

namespace vaco {
namespace {

constexpr const char* kMazes[] = {"maze2d-umaze",    "maze2d-medium",    "maze2d-large",
                                  "pointmaze-umaze", "pointmaze-medium", "pointmaze-large"};

std::unique_ptr<Environment> make(const std::string& name) {
  return make_environment(name, Physics::v4).value();
}

std::vector<float> observe(const Environment& env) {
  std::vector<float> seen(static_cast<size_t>(env.info().obs_dim));
  env.observe(std::span<float>(seen));
  return seen;
}

TEST(Mazes, HaveTheCellsOfTheirMaps) {
  // Counted by hand in D4RL's maps, the goal's cell included.
  const size_t free_cells[] = {7, 26, 46};
  for (size_t i = 0; i < 6; ++i) {
    const auto maze = Maze::of_task(kMazes[i]);
    ASSERT_TRUE(maze);
    EXPECT_EQ(maze->free_cells().size(), free_cells[i % 3]) << kMazes[i];
    EXPECT_EQ(maze->has_goals(), i >= 3);
    for (const Cell cell : maze->free_cells()) EXPECT_EQ(maze->cell_at(maze->centre(cell)), cell);
  }
  EXPECT_EQ(Maze::of_task("maze2d-medium")->goal(), (Cell{6, 6}));
  for (const char* other : {"hopper", "maze2d", "maze2d-tiny", "antmaze-umaze"})
    EXPECT_FALSE(Maze::of_task(other)) << other;
}

// A motor of 100 N on a ball of 10 cm and water's density, damped implicitly.
TEST(Mazes, PushTheBallAsMechanicsSays) {
  for (const char* name : kMazes) {
    auto env = make(name);
    const double mass = 1000.0 * 4.0 / 3.0 * M_PI * 1e-3;
    const auto centre = Maze::of_task(name)->centre({1, 1});
    env->set_state(centre, std::vector<double>{0.0, 0.0});
    env->step(std::vector<float>{0.5f, 0.0f});
    const double speed = 0.01 * 50.0 / (mass + 0.01);
    EXPECT_NEAR(env->qvel()[0], speed, 1e-12) << name;
    EXPECT_NEAR(env->qpos()[0], centre[0] + 0.01 * speed, 1e-12);
    env->set_state(centre, std::vector<double>{9.0, 0.0});
    env->step(std::vector<float>{0.0f, 0.0f});
    EXPECT_NEAR(env->qvel()[0], 5.0 * mass / (mass + 0.01), 1e-12) << "speeds are cut to 5";
  }
}

TEST(Mazes, TheirWallsHold) {
  for (const char* name : kMazes) {
    auto env = make(name);
    const auto maze = *Maze::of_task(name);
    for (const auto& push : {std::pair{1.0f, 0.0f}, {-1.0f, 0.0f}, {0.0f, 1.0f}, {0.0f, -1.0f}}) {
      env->set_state(maze.centre({1, 1}), std::vector<double>{0.0, 0.0});
      for (int t = 0; t < 300; ++t) {
        env->step(std::vector<float>{push.first, push.second});
        ASSERT_TRUE(maze.is_free(
            maze.cell_at({env->qpos()[0] + 0.2 * !maze.has_goals(), env->qpos()[1] + 0.2 * !maze.has_goals()})))
            << name << " at " << env->qpos()[0] << ", " << env->qpos()[1];
      }
    }
  }
}

TEST(Mazes, PayWithinTheirRadiusOfTheGoal) {
  auto env = make("maze2d-umaze");
  const std::vector<float> rest(2);
  for (const auto& [x, paid] : {std::pair{1.0, 1.0}, {1.0 - 0.49, 1.0}, {1.0 - 0.51, 0.0}}) {
    env->set_state(std::vector<double>{x, 1.0}, std::vector<double>{0.0, 0.0});
    EXPECT_EQ(env->step(rest).reward, paid) << x;
  }
  auto goals = make("pointmaze-umaze");
  Rng rng(5);
  goals->reset(rng);
  const auto seen = observe(*goals);
  EXPECT_EQ(seen[0], seen[4]) << "achieved goal and position";
  EXPECT_EQ(seen[1], seen[5]);
  EXPECT_GT(std::hypot(seen[0] - seen[2], seen[1] - seen[3]), 0.24);
  // To a side where no wall pushes the ball back.
  const auto maze = *Maze::of_task("pointmaze-umaze");
  const bool right = maze.is_free(maze.cell_at({seen[2] + 0.6, seen[3]}));
  ASSERT_TRUE(right || maze.is_free(maze.cell_at({seen[2] - 0.6, seen[3]})));
  for (const auto& [off, paid] : {std::pair{0.44, 1.0}, {0.46, 0.0}}) {
    goals->set_state(std::vector<double>{seen[2] + (right ? off : -off), seen[3]},
                     std::vector<double>{0.0, 0.0});
    EXPECT_EQ(observe(*goals)[2], seen[2]) << "the goal stays through an episode";
    EXPECT_EQ(goals->step(rest).reward, paid) << off;
  }
}

TEST(Mazes, StepTowardsTheGoalAlongAShortestWay) {
  const auto maze = *Maze::of_task("maze2d-umaze");
  Cell at{1, 1};
  int steps = 0;
  for (; !(at == Cell{3, 1}) && steps < 20; ++steps) at = maze.step_towards(at, {3, 1});
  EXPECT_EQ(steps, 6);
}

TEST(Waypoints, ReachEveryGoalOfEveryMaze) {
  for (const char* name : {"pointmaze-umaze", "pointmaze-medium", "pointmaze-large"}) {
    auto env = make(name);
    WaypointActor walker(*Maze::of_task(name));
    std::vector<float> action(2);
    for (uint64_t episode = 0; episode < 30; ++episode) {
      Rng rng(1, episode);
      env->reset(rng);
      walker.begin_episode();
      double total = 0.0;
      for (bool over = false; !over;) {
        walker.act(observe(*env), rng, action);
        const auto step = env->step(action);
        total += step.reward;
        over = step.truncated;
      }
      EXPECT_GT(total, 0.0) << name << " episode " << episode;
    }
  }
}

TEST(Waypoints, CollectDataOfManyWaysThroughTheMaze) {
  const BehaviorPolicy walker{.name = "waypoint", .snapshot = nullptr, .waypoint = true};
  const auto rows = collect(walker, {.environment = "maze2d-medium", .steps = 6000, .seed = 3});
  ASSERT_TRUE(rows) << rows.error().message;
  const auto maze = *Maze::of_task("maze2d-medium");
  std::vector<Cell> seen;
  for (int64_t row = 0; row < rows->rows; ++row) {
    const auto at = static_cast<size_t>(2 * row);
    const Cell cell = maze.cell_at({rows->qpos[at], rows->qpos[at + 1]});
    if (std::find(seen.begin(), seen.end(), cell) == seen.end()) seen.push_back(cell);
  }
  EXPECT_GT(seen.size(), 20u);
  const auto again = collect(walker, {.environment = "maze2d-medium", .steps = 6000, .seed = 3});
  EXPECT_EQ(rows->actions, again->actions);
  const auto hopper = collect(walker, {.environment = "hopper", .steps = 10});
  ASSERT_FALSE(hopper);
  EXPECT_EQ(hopper.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace vaco
