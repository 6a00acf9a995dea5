// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/study/slurm_script.h"
#include "core/study/sweep.h"

namespace vaco {

/// Where a cell stands on the disk and in Slurm's queue.
struct SlurmCell {
  CellLook look;
  std::string queue;    ///< "PENDING (Resources)", "RUNNING node7", "TIMEOUT"; empty: Slurm knows nothing of it
  bool queued = false;  ///< it runs or is going to
  bool submitted = false;  ///< by this call
};

struct SlurmSweep {
  std::vector<SlurmCell> cells;  ///< in the plan's order
  std::string job;               ///< what this call submitted; empty: nothing was missing
  std::string script;            ///< what was submitted, or would be
};

struct SlurmRequest {
  std::filesystem::path plan_file;
  SweepOptions sweep;  ///< out, program, nice and retry_failed
  SlurmNeeds needs;
  bool submit = true;  ///< false: only look, and make the script
};

/// Submits every cell of the plan that is not finished, not being written and not in the queue as one job
/// array. out/slurm/N holds what the N-th submission is made of: the plan as it was, the script, the job's
/// number and the exit codes. Cells that have failed are left out but with retry_failed. Errors: as of
/// run_sweep; Slurm's programs are missing or fail.
Result<SlurmSweep> sweep_on_slurm(const Plan& plan, const SlurmRequest& request);

/// Where Slurm has a cell that was submitted.
struct SlurmPlace {
  std::string queue;    ///< as SlurmCell's
  bool queued = false;  ///< it runs or is going to
  std::string why;      ///< what went wrong where its task has ended; empty: nothing, or it goes on
};
/// The places of a folder's cells, by their names; empty where nothing was submitted from it. Asks Slurm, which
/// takes a moment; an error when it does not answer.
Result<std::map<std::string, SlurmPlace>> slurm_places(const std::filesystem::path& out);
/// The numbers of the job arrays that were submitted from a folder.
std::vector<std::string> slurm_jobs(const std::filesystem::path& out);

/// Becomes the process that trains (or goes on with) one cell, with its output in the cell's log. Returns when
/// the cell is finished already, or with the reason why it cannot be trained.
Result<void> become_cell(const Plan& plan, size_t index, const SweepOptions& options);

}  // namespace vaco
