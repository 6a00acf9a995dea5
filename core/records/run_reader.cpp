// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_reader.h"

#include <algorithm>

#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/records/append_file.h"
#include "core/records/run_folder.h"
#include "core/records/run_lock.h"
#include "core/records/weight_report.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// What a run is doing by its manifest, and by whether a process still holds it.
StateChanged state_of(const fs::path& folder, const Json& manifest) {
  const auto status = value_or<std::string>(manifest, "status", {});
  StateChanged change{RunState::idle, value_or<std::string>(manifest, "message", {})};
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
         auto event = parse(line);
         if (event) events.emplace_back(std::move(*event));
         return event.ok();
       }).end;
}

/// Reads a file of lines into a list. meaning: what it means for the result when some of them are missing.
template <class Item, class Parse>
void read_lines(RunRecord& record, const char* name, std::vector<Item>& items, Parse parse, const char* meaning,
                uint64_t from = 0) {
  const fs::path path = record.folder / name;
  const LinesRead read = read_json_lines(path, from, [&](const Json& line) {
    auto item = parse(line);
    if (item) items.push_back(std::move(*item));
    return item.ok();
  });
  const bool cut = read.torn && value_or<std::string>(record.manifest, "status", {}) == "finished";
  if (from > 0 && (cut || read.damaged > 0)) {  // then the last one left stands further up
    items.clear();
    return read_lines(record, name, items, parse, meaning);
  }
  const int64_t damaged = read.damaged + (cut ? 1 : 0), lines = read.lines + (cut ? 1 : 0);
  if (damaged == 0) return;
  const int64_t first = read.damaged > 0 ? read.first_damaged : lines;
  record.damage.push_back(path.string() + ": " + std::to_string(damaged) + " of " + std::to_string(lines) +
                          (lines == 1 ? " line" : " lines") + " damaged, the first is line " +
                          std::to_string(first) + "; left out: " + meaning);
}

}  // namespace

Result<RunRecord> read_run(const fs::path& folder, RunParts parts) {
  if (auto checked = check_run_folder(folder); !checked) return checked.error();
  RunRecord record;
  record.folder = folder;
  const auto json = read_replaced_json(folder / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error().within((folder / "config.json").string());
  record.config = std::move(*config);
  auto manifest = read_replaced_json(folder / "manifest.json");
  if (!manifest) return manifest.error();
  record.manifest = std::move(*manifest);
  if (parts == RunParts::all)
    read_lines(record, "metrics.jsonl", record.metrics, metrics_from_json,
               "curves have gaps there; scores do not depend on it");
  read_lines(
      record, "eval.jsonl", record.evaluations, evaluation_from_json,
      "scores are those of the evaluations that are left, so the last may be an earlier policy's and the "
      "best too low; vaco evaluate RUN rolls the policy out again");
  read_lines(
      record, "weights.jsonl", record.weights, weight_report_from_json,
      "correlations and histograms are those of the reports that are left, so the last may be an earlier "
      "step's",
      parts == RunParts::all ? 0 : start_of_last_line(folder / "weights.jsonl"));
  if (!record.weights.empty() && parts == RunParts::all) {
    WeightReport& last = record.weights.back();
    const fs::path file = diagnostics_file(folder, last.step);
    // Without the file the run still shows; only the scatter of its last report stays empty.
    if (auto filled = read_trajectory_weights(file, last); !filled) {
      last.trajectory_weight.clear();
      if (is_file(file))
        record.damage.push_back(filled.error().message + "; weight against return cannot be drawn");
    }
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
  for (const auto& entry : entries_of(folder)) {
    if (entry.filename().string().starts_with('.')) continue;  // one that is being made
    std::error_code no_run;
    const auto time = fs::last_write_time(entry / "config.json", no_run);
    if (!no_run && is_file(entry / "manifest.json")) found.emplace_back(time, entry);
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  std::vector<fs::path> runs;
  runs.reserve(found.size());
  for (auto& [time, path] : found) runs.push_back(std::move(path));
  return runs;
}

}  // namespace vaco
