// SPDX-License-Identifier: GPL-3.0-or-later
// A ball in a maze, in the layouts of D4RL (maze2d) and of Gymnasium-Robotics (pointmaze). The walls are built
// from the map.
#include <algorithm>
#include <cmath>

#include "core/base/readable.h"
#include "core/sim/environment_rules.h"
#include "core/sim/mazes.h"
#include "core/tasks/catalogue.h"
#include "resources/resources.h"

namespace vaco {
namespace {

// D4RL's ball starts a fifth of a cell off the grid of its walls; all its data was made so.
constexpr double kWallOffset = 1.0, kBallOffset = 1.2;

Point in_the_world(const Maze& maze, Cell cell) {
  Point point = maze.centre(cell);
  if (!maze.has_goals())
    for (double& p : point) p += kWallOffset;
  return point;
}

std::string place_text(Point point) {
  return significant(point[0], 6) + " " + significant(point[1], 6);
}

std::string maze_mjcf(const Maze& maze) {
  std::string walls;
  for (int row = 0; row < maze.rows(); ++row)
    for (int column = 0; column < maze.columns(); ++column)
      if (!maze.is_free({row, column}))
        walls += "    <geom class=\"wall\" pos=\"" + place_text(in_the_world(maze, {row, column})) +
                 (maze.has_goals() ? " 0.2" : " 0") + "\"/>\n";
  const Point first = in_the_world(maze, {0, 0}),
              last = in_the_world(maze, {maze.rows() - 1, maze.columns() - 1});
  const double offset = maze.has_goals() ? 0.0 : kBallOffset;
  const Point goal = maze.centre(maze.goal());
  std::string text(find_resource("mjcf/maze.xml"));
  const auto put = [&](std::string_view mark, const std::string& value) {
    if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), value);
  };
  put("@walls@", walls);
  put("@centre@", place_text({0.5 * (first[0] + last[0]), 0.5 * (first[1] + last[1])}));
  put("@extent@", std::to_string(std::max(maze.rows(), maze.columns()) + 1));
  put("@ball@", place_text({offset, offset}));
  put("@goal@", place_text({goal[0] + offset, goal[1] + offset}));
  return text;
}

void observe_with_goal(const Scene& scene, std::vector<double>& out) {
  const auto& data = scene.data;
  out.insert(out.end(), data.qpos, data.qpos + 2);
  out.insert(out.end(), data.mocap_pos, data.mocap_pos + 2);
  out.insert(out.end(), data.qpos, data.qpos + 2);
  out.insert(out.end(), data.qvel, data.qvel + 2);
}

Cell any_cell(const Maze& maze, Rng& rng) {
  return maze.free_cells()[rng.index(maze.free_cells().size())];
}

Point near(Point point, double noise, Rng& rng) {
  for (double& p : point) p += rng.uniform(-noise, noise);
  return point;
}

double distance(Point a, Point b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

// The ball starts in any cell, D4RL's with a push; in the other layout away from the goal of the episode.
void start_in_maze(const Maze& maze, Rng& rng, StartState& start) {
  Point place;
  if (maze.has_goals()) {
    const Point goal = near(maze.centre(any_cell(maze, rng)), 0.25, rng);
    do place = maze.centre(any_cell(maze, rng));
    while (distance(place, goal) <= 0.5);
    place = near(place, 0.25, rng);
    start.mocap = {goal[0], goal[1], 0.2};
  } else {
    place = near(maze.centre(any_cell(maze, rng)), 0.1, rng);
    for (double& v : start.qvel) v = 0.1 * rng.normal();
  }
  start.qpos = {place[0], place[1]};
}

EnvironmentRules maze_rules_of(const std::string& name, const Maze& maze) {
  EnvironmentRules rules{.name = name, .speed_limit = 5.0};
  rules.mjcf = [maze] { return maze_mjcf(maze); };
  rules.reset = [maze](const mjModel&, Rng& rng, StartState& start) { start_in_maze(maze, rng, start); };
  if (maze.has_goals()) {
    rules.observe = observe_with_goal;
    rules.recover = [](std::span<const float> seen, StartState& state) {
      state.qpos = {seen[4], seen[5]};
      state.qvel = {seen[6], seen[7]};
      return true;
    };
    rules.shown = 2;  // the achieved goal; the desired one is not the ball's
    rules.reward = [](const StepView& step) {
      const auto& data = step.scene.data;
      return distance({data.qpos[0], data.qpos[1]}, {data.mocap_pos[0], data.mocap_pos[1]}) <= 0.45 ? 1.0 : 0.0;
    };
  } else {
    rules.reward = [goal = maze.centre(maze.goal())](const StepView& step) {
      return distance({step.scene.data.qpos[0], step.scene.data.qpos[1]}, goal) <= 0.5 ? 1.0 : 0.0;
    };
  }
  return rules;
}

}  // namespace

std::vector<EnvironmentRules> maze_rules() {
  std::vector<EnvironmentRules> rules;
  for (const auto& task : tasks())
    if (const auto maze = Maze::of_task(task.name))
      rules.push_back(maze_rules_of(std::string(task.name), *maze));
  return rules;
}

}  // namespace vaco
