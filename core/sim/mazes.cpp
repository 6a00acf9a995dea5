// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/mazes.h"

#include <algorithm>
#include <cmath>

namespace vaco {
namespace {

// '#' is a wall, 'G' the cell of D4RL's goal.
constexpr std::string_view kUmaze[] = {"#####", "#G  #", "### #", "#   #", "#####"};
constexpr std::string_view kMedium[] = {"########", "#  ##  #", "#  #   #", "##   ###",
                                        "#  #   #", "# #  # #", "#   # G#", "########"};
constexpr std::string_view kLarge[] = {"############", "#    #     #", "# ## # # # #",
                                       "#      #   #", "# #### ### #", "#  # #     #",
                                       "## # # # ###", "#  #   # G #", "############"};

// D4RL's controller, and how near it has to come before it turns to its next target.
constexpr double kGain = 10.0, kReached = 0.15;

}  // namespace

std::optional<Maze> Maze::of_task(std::string_view task) {
  const auto dash = task.find('-');
  const auto kind = task.substr(0, dash);
  if (dash == std::string_view::npos || (kind != "maze2d" && kind != "pointmaze")) return std::nullopt;
  Maze maze;
  maze.goals_ = kind == "pointmaze";
  const auto size = task.substr(dash + 1);
  if (size == "umaze") maze.map_ = kUmaze;
  if (size == "medium") maze.map_ = kMedium;
  if (size == "large") maze.map_ = kLarge;
  if (maze.map_.empty()) return std::nullopt;
  for (int row = 0; row < maze.rows(); ++row)
    for (int column = 0; column < maze.columns(); ++column) {
      if (!maze.is_free({row, column})) continue;
      maze.free_.push_back({row, column});
      if (maze.map_[static_cast<size_t>(row)][static_cast<size_t>(column)] == 'G') maze.goal_ = {row, column};
    }
  return maze;
}

bool Maze::is_free(Cell cell) const {
  return cell.row >= 0 && cell.row < rows() && cell.column >= 0 && cell.column < columns() &&
         map_[static_cast<size_t>(cell.row)][static_cast<size_t>(cell.column)] != '#';
}

Point Maze::centre(Cell cell) const {
  if (!goals_) return {static_cast<double>(cell.row), static_cast<double>(cell.column)};
  return {cell.column + 0.5 - 0.5 * columns(), 0.5 * rows() - cell.row - 0.5};
}

Cell Maze::cell_at(Point point) const {
  if (!goals_) return {static_cast<int>(std::lround(point[0])), static_cast<int>(std::lround(point[1]))};
  return {static_cast<int>(std::floor(0.5 * rows() - point[1])),
          static_cast<int>(std::floor(point[0] + 0.5 * columns()))};
}

Cell Maze::step_towards(Cell from, Cell to) const {
  if (from == to || !is_free(to)) return to;
  // Breadth first from the end: the cell that reaches `from` is its next one.
  std::vector<char> seen(static_cast<size_t>(rows() * columns()), 0);
  std::vector<Cell> queue = {to};
  const auto mark = [&](Cell cell) -> char& {
    return seen[static_cast<size_t>(cell.row * columns() + cell.column)];
  };
  mark(to) = 1;
  for (size_t next = 0; next < queue.size(); ++next) {
    const Cell here = queue[next];
    for (const auto& [down, right] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
      const Cell beside{here.row + down, here.column + right};
      if (beside == from) return here;
      if (!is_free(beside) || mark(beside)) continue;
      mark(beside) = 1;
      queue.push_back(beside);
    }
  }
  return to;
}

void WaypointActor::act(std::span<const float> observation, Rng& rng, std::span<float> action) {
  const auto state = observation.subspan(maze_.has_goals() ? 4 : 0, 4);
  const Point here{state[0], state[1]};
  if (maze_.has_goals()) {
    target_ = {observation[2], observation[3]};
  } else {
    const bool there = has_target_ && std::hypot(here[0] - target_[0], here[1] - target_[1]) < kReached;
    if (!has_target_ || there) target_ = maze_.centre(maze_.free_cells()[rng.index(maze_.free_cells().size())]);
    has_target_ = true;
  }
  const Cell from = maze_.cell_at(here), to = maze_.cell_at(target_);
  // Two cells side by side are convex: the straight line to the next centre meets no wall.
  const Point aim = from == to ? target_ : maze_.centre(maze_.step_towards(from, to));
  for (size_t i = 0; i < 2; ++i)
    action[i] = static_cast<float>(std::clamp(kGain * (aim[i] - here[i]) - state[2 + i], -1.0, 1.0));
}

}  // namespace vaco
