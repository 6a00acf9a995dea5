// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/study/cell_folder.h"
#include "core/study/plan.h"

namespace vaco {

struct SweepOptions {
  std::filesystem::path out;  ///< one run folder for each cell is made inside, plan.json and logs/ beside them
  std::filesystem::path program;  ///< vaco, which trains the cells as processes of their own
  int jobs = 0;                   ///< how many at a time; 0 = as many as there are cores
  int nice = 0;                   ///< niceness of the training threads
  bool retry_failed = false;      ///< also those that failed before
  bool together = false;          ///< train as threads of this process, which is what fills a card
};

/// Where a sweep stands.
struct SweepLook {
  std::vector<CellLook> cells;  ///< in the plan's order
  double eta_seconds = -1.0;    ///< of the whole plan; < 0: not known yet
  bool stopped = false;
  [[nodiscard]] size_t count(CellState state) const;
};

/// Told what happens, from the thread that runs the sweep.
class SweepListener {
 public:
  virtual ~SweepListener() = default;
  /// what: "started", "resumed", "finished", "failed", "stopped", or "crashed" (it is going to be resumed).
  virtual void happened(const PlanCell& cell, const std::string& what, const CellLook& look) = 0;
  /// Before the first cell starts, then about twice a second.
  virtual void looked(const SweepLook& look) = 0;
};

/// Runs every cell of the plan that is not finished, each in a process of its own, or together. The state is on
/// the disk: the same call goes on, whatever ended the last one; runs that were begun are resumed from their
/// checkpoints. A process of its own that dies is resumed twice before its cell counts as failed. On a stop all
/// cells are saved first. Errors: another sweep works in the folder; a run in it has other settings than the
/// plan.
Result<SweepLook> run_sweep(const Plan& plan, const SweepOptions& options, SweepListener& listener,
                            const std::stop_token& stop);

}  // namespace vaco
