// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/rng.h"

namespace vaco {

using Point = std::array<double, 2>;
/// Row and column of a cell.
struct Cell {
  int row = 0, column = 0;
  bool operator==(const Cell&) const = default;
};

/// A maze of unit cells, and where they lie in the coordinates of the ball (its qpos).
class Maze {
 public:
  /// Of a task ("maze2d-medium", "pointmaze-large"); nothing for one that is no maze.
  static std::optional<Maze> of_task(std::string_view task);

  /// Gymnasium-Robotics' layout: the goal is drawn anew for each episode and is part of the observation, which
  /// is [achieved goal (2), desired goal (2), position and velocity (4)]. Else D4RL's: [position, velocity] and
  /// one goal.
  [[nodiscard]] bool has_goals() const { return goals_; }
  [[nodiscard]] bool is_free(Cell cell) const;
  [[nodiscard]] const std::vector<Cell>& free_cells() const { return free_; }
  /// D4RL's.
  [[nodiscard]] Cell goal() const { return goal_; }
  [[nodiscard]] int rows() const { return static_cast<int>(map_.size()); }
  [[nodiscard]] int columns() const { return static_cast<int>(map_.front().size()); }
  [[nodiscard]] Point centre(Cell cell) const;
  [[nodiscard]] Cell cell_at(Point point) const;
  /// The next cell on a shortest way between two free cells; `to` where they are the same or no way leads
  /// there.
  [[nodiscard]] Cell step_towards(Cell from, Cell to) const;

 private:
  bool goals_ = false;
  std::span<const std::string_view> map_;
  std::vector<Cell> free_;
  Cell goal_;
};

/// Walks through a maze along the centres of its cells, as D4RL's behavior policy does: to the goal of the
/// episode, or in D4RL's layout to cells drawn at random, one after the other. Data of it has parts of many
/// ways, which is what stitching needs.
class WaypointActor {
 public:
  explicit WaypointActor(Maze maze) : maze_(std::move(maze)) {}
  void begin_episode() { has_target_ = false; }
  /// Writes the action for an observation of the maze's layout, within ±1.
  void act(std::span<const float> observation, Rng& rng, std::span<float> action);

 private:
  Maze maze_;
  bool has_target_ = false;
  Point target_{};
};

}  // namespace vaco
