// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vaco {

/// What one run asks Slurm for.
struct SlurmNeeds {
  int cores = 1;
  std::string memory = "4G";      ///< as sbatch --mem takes it
  std::string time;               ///< as sbatch --time takes it; empty: the partition's
  std::string gpu;                ///< "1", "a100:1": as sbatch --gres=gpu: takes it; empty: none
  std::string partition;          ///< empty: the cluster's default
  int at_once = 0;                ///< how many of the runs may work at a time; 0: as many as Slurm gives
  int save_before = 120;          ///< seconds before the time limit when a run is told to save and queue again
  std::vector<std::string> more;  ///< further options of sbatch, as "account=robots"
};

/// A job array to submit.
struct SlurmArray {
  std::string name;               ///< of the job
  std::filesystem::path program;  ///< vaco, or the script that starts it
  std::filesystem::path plan;     ///< that the indices are of; it must not change until the jobs have ended
  std::filesystem::path out;      ///< the sweep's folder
  std::filesystem::path ended;    ///< a folder: each task leaves its exit code in a file of its number
  std::vector<size_t> cells;      ///< indices into the plan's cells, one for each task
  int nice = 0;
};

/// The batch script. A task trains one cell by "vaco sweep --index"; before its time is up it has the run saved
/// and queues itself again, and goes on from there bit for bit.
std::string slurm_script(const SlurmArray& array, const SlurmNeeds& needs);

}  // namespace vaco
