// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// One task of a job array, as Slurm sees it.
struct SlurmTask {
  std::string state;   ///< "PENDING", "RUNNING", "OUT_OF_MEMORY" and so on
  std::string detail;  ///< the node, or in brackets why it waits
  /// Whether it runs or is going to: a cell with such a task must not be submitted again.
  [[nodiscard]] bool is_queued() const;
};

/// Job number and task number.
using SlurmTasks = std::map<std::pair<std::string, size_t>, SlurmTask>;

/// What squeue prints for --format="%F|%K|%T|%R"; lines of other shapes are passed over.
SlurmTasks parse_squeue(const std::string& text);
/// What sacct prints for --parsable2 --noheader --format=JobID,State.
SlurmTasks parse_sacct(const std::string& text);

/// All tasks of these jobs that Slurm still knows. What has ended is known for some minutes, and after that
/// only where the cluster keeps accounts. An error when squeue fails, for then nobody knows what is queued.
Result<SlurmTasks> ask_slurm(const std::vector<std::string>& jobs);

/// Submits a script; gives the job's number.
Result<std::string> submit_to_slurm(const std::string& script);

}  // namespace vaco
