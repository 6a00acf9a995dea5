// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_reader.h"

#include <algorithm>

#include "core/base/files.h"
#include "core/run/append_file.h"
#include "core/run/run_folder.h"
#include "core/run/run_lock.h"
#include "core/run/weight_report.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// What a run is doing by its manifest, and by whether a process still holds it.
StateChanged state_of(const fs::path& folder, const Json& manifest) {
  const auto text = [&](const char* key) {
    return manifest.contains(key) && manifest[key].is_string() ? manifest[key].get<std::string>()
                                                               : std::string();
  };
  const std::string status = text("status");
  StateChanged change{RunState::idle, text("message")};
  if (status == "finished")
    change.state = RunState::finished;
  else if (status == "failed")
    change.state = RunState::failed;
  else if (status == "running" && is_being_written(folder))
    change.state = RunState::running;
  else if (status == "running")
    change.message = "interrupted; can be resumed";
  return change;
}

/// Reads what was added to a file of lines; when it was cut (the run was resumed), reads it anew.
template <class Parse>
void follow(const fs::path& path, uintmax_t& at, std::vector<Event>& events, Parse parse) {
  std::error_code status;
  const uintmax_t size = fs::file_size(path, status);
  if (status) return;
  if (size < at) at = 0;
  if (size == at) return;
  at = read_json_lines(path, at, [&](const Json& line) {
    if (auto event = parse(line)) events.emplace_back(std::move(*event));
  });
}

}  // namespace

Result<RunRecord> read_run(const fs::path& folder) {
  std::error_code status;
  if (!fs::is_regular_file(folder / "config.json", status) ||
      !fs::is_regular_file(folder / "manifest.json", status))
    return Error{ErrorCode::bad_data,
                 folder.string() + (fs::exists(folder, status)
                                        ? " is no run folder (config.json or manifest.json is missing)"
                                        : " does not exist")};
  RunRecord record;
  record.folder = folder;
  const auto json = read_json(folder / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error().within((folder / "config.json").string());
  record.config = std::move(*config);
  auto manifest = read_json(folder / "manifest.json");
  if (!manifest) return manifest.error();
  record.manifest = std::move(*manifest);
  read_json_lines(folder / "metrics.jsonl", 0, [&](const Json& line) {
    if (auto metrics = metrics_from_json(line)) record.metrics.push_back(std::move(*metrics));
  });
  read_json_lines(folder / "eval.jsonl", 0, [&](const Json& line) {
    if (auto evaluation = evaluation_from_json(line)) record.evaluations.push_back(std::move(*evaluation));
  });
  read_json_lines(folder / "weights.jsonl", 0, [&](const Json& line) {
    if (auto report = weight_report_from_json(line)) record.weights.push_back(std::move(*report));
  });
  if (!record.weights.empty()) {
    WeightReport& last = record.weights.back();
    // Without the file the run still shows; only the scatter of its last report stays empty.
    if (auto filled = read_trajectory_weights(diagnostics_file(folder, last.step), last); !filled)
      last.trajectory_weight.clear();
  }
  return record;
}

std::vector<Event> RunFollower::poll() {
  std::vector<Event> events;
  follow(folder_ / "metrics.jsonl", metrics_at_, events, metrics_from_json);
  follow(folder_ / "eval.jsonl", evaluations_at_, events, evaluation_from_json);
  follow(folder_ / "weights.jsonl", weights_at_, events, [&](const Json& line) {
    auto report = weight_report_from_json(line);
    if (report)
      if (auto filled = read_trajectory_weights(diagnostics_file(folder_, report->step), *report); !filled)
        report->trajectory_weight.clear();
    return report;
  });
  if (const auto manifest = read_json(folder_ / "manifest.json"); manifest && manifest->is_object()) {
    const StateChanged now = state_of(folder_, *manifest);
    const std::string status = to_text(now.state) + "\n" + now.message;
    if (status != status_) events.emplace_back(now);
    status_ = status;
  }
  return events;
}

std::vector<fs::path> find_runs(const fs::path& folder) {
  std::vector<std::pair<fs::file_time_type, fs::path>> found;
  std::error_code status;
  for (const auto& entry : fs::directory_iterator(folder, status)) {
    std::error_code no_run;
    const auto time = fs::last_write_time(entry.path() / "config.json", no_run);
    if (!no_run && fs::exists(entry.path() / "manifest.json", no_run)) found.emplace_back(time, entry.path());
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  std::vector<fs::path> runs;
  for (auto& [time, path] : found) runs.push_back(std::move(path));
  return runs;
}

}  // namespace vaco
