// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/study/plan.h"

namespace vaco {

/// A cell of a plan that is being trained, as a sweep sees it: in a process of its own, or as a thread of this
/// one. Asks to stop and waits at its end. One thread.
class CellRun {
 public:
  virtual ~CellRun() = default;
  /// Its exit code once it has ended (0 finished, 1 failed, 130 stopped after saving), minus the signal when
  /// one ended its process.
  virtual std::optional<int> ended() = 0;
  virtual void ask_to_stop() = 0;
};

/// What a cell's run starts from.
struct CellStart {
  const PlanCell& cell;
  bool fresh = true;                 ///< else it goes on with its folder
  const std::filesystem::path& out;  ///< the sweep's folder
  const std::filesystem::path& program;
  int nice = 0;
};

/// As a process of its own: whatever ends it, the others go on.
Result<std::unique_ptr<CellRun>> start_cell_process(const CellStart& start);
/// As a thread of this process, where a card then takes turns between the runs' work without changing programs.
/// Numbers are those of a process of its own. What it tells is appended to the cell's log.
Result<std::unique_ptr<CellRun>> start_cell_thread(const CellStart& start);

}  // namespace vaco
