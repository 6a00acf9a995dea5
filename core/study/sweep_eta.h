// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace vaco {

/// What is known of the cost of one run of a plan.
struct CellCost {
  std::string label;  ///< algorithm with its settings: runs of one label on one dataset cost the same
  std::string dataset;
  double fraction = 0.0;  ///< of its steps that are done, 0 to 1
  double seconds = 0.0;   ///< that these took
  bool failed = false;    ///< costs nothing more
  bool running = false;
};

/// Seconds until all runs are done with `jobs` of them at a time, the ones that run first and then the others
/// in their order; < 0 while nothing is known. A run costs what finished runs of its label and dataset took,
/// else what its own progress says, else what runs of the same label, then of any label, took or are going to
/// take.
double sweep_eta(const std::vector<CellCost>& cells, int jobs);

}  // namespace vaco
