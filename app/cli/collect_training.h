// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vaco::cli {

/// vaco collect --train and --resume, as they stood on the command line.
struct TrainToCollect {
  std::string algorithm, resume;  ///< exactly one is given
  std::string environment, physics, out;
  int64_t steps = 0, rows = 0;  ///< 0: not given
  uint64_t seed = 0;
  int threads = 0;
  std::vector<std::string> sets;  ///< KEY=VALUE
  bool json = false, quiet = false;
  bool accept_changes = false;  ///< with resume
};
/// Trains, makes the datasets and tells of them; gives the exit code.
int collect_by_training(const TrainToCollect& wanted);

}  // namespace vaco::cli
