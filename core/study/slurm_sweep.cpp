// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/slurm_sweep.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/records/run_lock.h"
#include "core/study/cell_words.h"
#include "core/study/child_process.h"
#include "core/study/slurm_queue.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// The task that a cell was submitted as; a later submission replaces an earlier one.
struct Submitted {
  std::string job;
  size_t task = 0;
  fs::path ended;  ///< the file of its exit code
};
using Submissions = std::map<std::string, Submitted>;  // by the cell's name

fs::path submission_folder(const fs::path& out, int number) {
  return out / "slurm" / std::to_string(number);
}

/// The number of the next one, after those that have been read into `known`.
int read_submissions(const fs::path& out, Submissions& known) {
  int number = 1;
  std::error_code none;
  for (; fs::exists(submission_folder(out, number), none); ++number) {
    const fs::path folder = submission_folder(out, number);
    const auto job = read_json(folder / "job.json");
    if (!job || !job->is_object() || !job->contains("cells") || !(*job)["cells"].is_array()) continue;
    const auto& cells = (*job)["cells"];
    for (size_t task = 0; task < cells.size(); ++task)
      if (cells[task].is_string())
        known[cells[task]] = {value_or<std::string>(*job, "job", ""), task,
                              folder / "ended" / std::to_string(task)};
  }
  return number;
}

/// The plan as it is now, with datasets that do not depend on where its file lies.
Result<Json> frozen_plan(const fs::path& file) {
  auto plan = read_json(file);
  if (!plan) return plan.error();
  std::error_code none;
  const fs::path base = fs::absolute(file, none).parent_path();
  const auto freeze = [&base](Json& path) {
    if (path.is_string()) path = (base / path.get<std::string>()).lexically_normal().string();
  };
  for (Json& dataset : (*plan)["datasets"])
    if (dataset.is_object())
      freeze(dataset["path"]);
    else
      freeze(dataset);
  return plan;
}

/// Why a task ended that has left its cell unfinished; empty when nothing went wrong.
std::string end_of(const Submitted& task, const std::string& state, const fs::path& out, const fs::path& log) {
  if (state == "OUT_OF_MEMORY") return "Slurm ended it: it took more memory than it had asked for (--memory)";
  if (state == "TIMEOUT")
    return "Slurm ended it at its time limit before it could save (--time, --save-before)";
  if (state == "NODE_FAIL" || state == "BOOT_FAIL") return "its node failed";
  if (state == "CANCELLED" || state == "PREEMPTED" || state == "DEADLINE") return "Slurm ended it: " + state;
  auto code = read_text(task.ended, 64);
  if (!code) return {};
  while (!code->empty() && code->back() == '\n') code->pop_back();
  if (*code == "0" || *code == "130") return {};
  if (*code == "137")
    return "it was killed, perhaps because it took more memory than it had asked for (--memory)";
  // Slurm's own file has a line only when the task could not become the run.
  std::string line = last_line(out / "logs" / ("slurm-" + task.job + "_" + std::to_string(task.task) + ".txt"));
  if (line.empty()) line = last_line(log);
  return line.empty() ? "it ended with exit code " + *code : line;
}

std::vector<std::string> jobs_of(const Submissions& submissions) {
  std::vector<std::string> jobs;
  for (const auto& [cell, task] : submissions)
    if (std::find(jobs.begin(), jobs.end(), task.job) == jobs.end()) jobs.push_back(task.job);
  return jobs;
}

/// What Slurm says of a task, without a reason.
SlurmPlace place_of(const Submitted& submitted, const SlurmTasks& tasks) {
  const auto task = tasks.find({submitted.job, submitted.task});
  if (task == tasks.end()) return {};
  const SlurmTask& found = task->second;
  return {.queue = found.state + (found.detail.empty() ? "" : " " + found.detail),
          .queued = found.is_queued(),
          .why = {}};
}
/// "PENDING" of "PENDING (Resources)".
std::string state_of(const SlurmPlace& place) {
  return place.queue.substr(0, place.queue.find(' '));
}

}  // namespace

std::vector<std::string> slurm_jobs(const fs::path& out) {
  Submissions known;
  read_submissions(out, known);
  return jobs_of(known);
}

Result<std::map<std::string, SlurmPlace>> slurm_places(const fs::path& out) {
  Submissions known;
  read_submissions(out, known);
  std::map<std::string, SlurmPlace> places;
  if (known.empty()) return places;
  const auto tasks = ask_slurm(jobs_of(known));
  if (!tasks) return tasks.error();
  for (const auto& [name, submitted] : known) {
    auto& place = places[name] = place_of(submitted, *tasks);
    if (!place.queued) place.why = end_of(submitted, state_of(place), out, cell_log(out, name));
  }
  return places;
}

Result<SlurmSweep> sweep_on_slurm(const Plan& plan, const SlurmRequest& request) {
  std::error_code none;
  const fs::path out = fs::absolute(request.sweep.out, none).lexically_normal();
  RunLock lock;  // two that submit at once would each submit everything
  if (request.submit) {
    for (const char* part : {".", "logs", "slurm"})
      if (auto made = make_folder(out / part); !made) return made.error();
    auto taken = RunLock::take(out);
    if (!taken && is_being_written(out))
      return Error{ErrorCode::failed, "another vaco sweep works in " + out.string() + "; stop that one first"};
    if (!taken) return taken.error();
    lock = std::move(*taken);
  }
  Submissions before;
  const int number = read_submissions(out, before);
  const auto tasks = ask_slurm(jobs_of(before));
  if (!tasks) return tasks.error();

  SlurmSweep sweep;
  const fs::path folder = submission_folder(out, number);
  SlurmArray array{.name = "vaco-" + file_name_part(out.filename().string()),
                   .program = request.sweep.program,
                   .plan = folder / "plan.json",
                   .out = out,
                   .ended = folder / "ended",
                   .cells = {},
                   .nice = request.sweep.nice};
  for (size_t i = 0; i < plan.cells.size(); ++i) {
    const PlanCell& cell = plan.cells[i];
    SlurmCell& now = sweep.cells.emplace_back();
    now.look = CellFollower(out / cell.name).look();
    std::string state;
    const auto submitted = before.find(cell.name);
    if (submitted != before.end()) {
      const auto place = place_of(submitted->second, *tasks);
      state = state_of(place);
      now.queue = place.queue;
      now.queued = place.queued;
    }
    // A task makes its folder perhaps at this moment, and a share may not show its lock.
    if (!now.queued)
      if (auto checked = check_cell_folder(out / cell.name, cell.config); !checked) return checked.error();
    const bool settled = now.look.state == CellState::finished || now.look.state == CellState::running;
    if (submitted != before.end() && !now.queued && !settled && now.look.state != CellState::failed)
      if (auto why = end_of(submitted->second, state, out, cell_log(out, cell.name)); !why.empty())
        now.look.message = std::move(why);
    const bool left = now.look.state == CellState::failed && !request.sweep.retry_failed;
    if (!settled && !left && !now.queued) array.cells.push_back(i);
  }
  if (array.cells.empty()) return sweep;
  sweep.script = slurm_script(array, request.needs);
  if (!request.submit) return sweep;

  if (auto made = make_folder(array.ended); !made) return made.error();
  const auto frozen = frozen_plan(request.plan_file);
  if (!frozen) return frozen.error();
  if (auto written = write_json(array.plan, *frozen); !written) return written.error();
  if (auto written = write_json(out / "plan.json", cells_to_json(plan)); !written) return written.error();
  const fs::path script = folder / "array.sh";
  if (auto written = write_text_atomically(script, sweep.script); !written) return written.error();
  const auto job = submit_to_slurm(script.string());
  if (!job) return job.error();
  Json names = Json::array();
  for (const size_t index : array.cells) {
    names.push_back(plan.cells[index].name);
    sweep.cells[index].submitted = sweep.cells[index].queued = true;
  }
  sweep.job = *job;
  if (auto written = write_json(folder / "job.json", Json{{"job", *job}, {"cells", names}}); !written)
    return written.error().within("job " + *job + " is submitted, but its number could not be kept");
  return sweep;
}

Result<void> become_cell(const Plan& plan, size_t index, const SweepOptions& options) {
  if (index >= plan.cells.size())
    return Error{ErrorCode::usage, "there is no cell " + std::to_string(index) + ": the plan has " +
                                       std::to_string(plan.cells.size()) + ", counted from 0"};
  const PlanCell& cell = plan.cells[index];
  std::error_code none;
  const fs::path out = fs::absolute(options.out, none).lexically_normal(), run = out / cell.name;
  if (auto made = make_folder(out / "logs"); !made) return made;
  if (auto checked = check_cell_folder(run, cell.config); !checked) return checked;
  const CellState state = CellFollower(run).look().state;
  if (state == CellState::finished) return {};
  const auto log = open_log(cell_log(out, cell.name));
  if (!log) return log.error();
  auto words = state == CellState::fresh ? train_words(options.program, cell, out, options.nice)
                                         : resume_words(options.program, run, options.nice);
  const auto pointers = argument_pointers(words);
  if (::dup2(*log, STDOUT_FILENO) >= 0 && ::dup2(*log, STDERR_FILENO) >= 0)
    ::execv(pointers[0], pointers.data());
  return Error{ErrorCode::failed, "cannot start " + words[0] + ": " + last_system_error()};
}

}  // namespace vaco
