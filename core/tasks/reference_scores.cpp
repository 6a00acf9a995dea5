// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/reference_scores.h"

#include "core/tasks/catalogue.h"

namespace vaco {

std::optional<ReferenceScores> reference_scores(std::string_view environment) {
  const Task* task = find_task(environment);
  if (!task || !task->d4rl) return std::nullopt;
  const auto& [random, expert] = *task->d4rl;
  return ReferenceScores{std::string(task->name), random, expert, "D4RL infos"};
}

}  // namespace vaco
