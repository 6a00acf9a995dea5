// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/plan_cost.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <system_error>
#include <variant>

#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/records/run_reader.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

uintmax_t bytes_of(const fs::path& folder) {
  uintmax_t bytes = 0;
  for (const auto& entry : entries_of(folder)) {
    std::error_code gone;
    if (fs::is_directory(entry, gone)) {
      bytes += bytes_of(entry);
      continue;
    }
    // last.h5 and best.h5 are other names of checkpoints.
    const auto size = fs::file_size(entry, gone);
    const auto names = gone ? 0 : fs::hard_link_count(entry, gone);
    if (!gone && names > 0) bytes += size / names;
  }
  return bytes;
}

void read_past(const fs::path& folder, std::vector<PastRun>& found) {
  const auto manifest = read_json(folder / "manifest.json");
  if (!manifest || !manifest->is_object() || value_or<std::string>(*manifest, "status", {}) != "finished")
    return;
  const auto result = manifest->find("result");
  const auto config = read_json(folder / "config.json");
  if (result == manifest->end() || !result->is_object() || !config || !config->is_object()) return;
  PastRun run;
  run.algorithm = value_or<std::string>(*config, "algorithm", {});
  run.dataset = fs::path(value_or<std::string>(*config, "dataset", {})).stem().string();
  run.steps = value_or<int64_t>(*manifest, "total_steps", 0);
  run.seconds = value_or<double>(*result, "wall_time_s", 0.0);
  run.bytes = bytes_of(folder);
  if (run.steps > 0 && run.seconds > 0.0) found.push_back(std::move(run));
}

/// Means over past runs that are like a cell, by how much they are.
struct Rate {
  double seconds_per_step = 0.0, bytes = 0.0;
  bool known = false, alike = false;
};
Rate rate_of(const std::string& algorithm, const std::string& dataset, std::span<const PastRun> past) {
  const std::function<bool(const PastRun&)> like[] = {
      [&](const PastRun& run) { return run.algorithm == algorithm && run.dataset == dataset; },
      [&](const PastRun& run) { return run.algorithm == algorithm; }, [](const PastRun&) { return true; }};
  for (size_t grade = 0; grade < std::size(like); ++grade) {
    double seconds = 0.0, steps = 0.0, bytes = 0.0, count = 0.0;
    for (const PastRun& run : past) {
      if (!like[grade](run)) continue;
      seconds += run.seconds;
      steps += static_cast<double>(run.steps);
      bytes += static_cast<double>(run.bytes);
      count += 1.0;
    }
    if (count > 0.0) return {seconds / steps, bytes / count, true, grade < 2};
  }
  return {};
}

}  // namespace

std::vector<PastRun> past_runs(const fs::path& folder, const std::stop_token& stop) {
  std::vector<PastRun> found;
  for (const auto& run : find_runs(folder)) {
    if (stop.stop_requested()) return found;
    read_past(run, found);
  }
  for (const auto& study : entries_of(folder))
    for (const auto& runs : {study, study / "runs"}) {
      std::error_code none;
      if (!fs::exists(runs / "plan.json", none)) continue;
      for (const auto& run : find_runs(runs)) {
        if (stop.stop_requested()) return found;
        read_past(run, found);
      }
    }
  return found;
}

int64_t planned_steps(const RunConfig& config) {
  int64_t steps = 0;
  const auto schema = full_schema(config.algorithm);
  if (!schema) return 0;
  for (const auto& spec : *schema) {
    if (!spec.key.ends_with("_steps") || spec.unit != "steps") continue;
    const auto found = config.params.find(spec.key);
    if (found == config.params.end()) continue;
    if (const auto* count = std::get_if<int64_t>(&found->second.value)) steps += *count;
  }
  return steps;
}

PlanCost plan_cost(const Plan& plan, std::span<const PastRun> past, int jobs) {
  PlanCost cost;
  cost.runs = plan.cells.size();
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;  // of the places to run in
  for (int i = 0; i < std::max(1, jobs); ++i) free_at.push(0.0);
  double end = 0.0, bytes = 0.0;
  for (const PlanCell& cell : plan.cells) {
    const int64_t steps = planned_steps(cell.config);
    cost.steps += steps;
    const Rate rate = rate_of(cell.config.algorithm, cell.config.dataset.stem().string(), past);
    if (!rate.known) continue;
    cost.measured += rate.alike;
    bytes += rate.bytes;
    const double done = free_at.top() + rate.seconds_per_step * static_cast<double>(steps);
    free_at.pop();
    free_at.push(done);
    end = std::max(end, done);
  }
  if (past.empty()) return cost;
  cost.seconds = end;
  cost.bytes = static_cast<uintmax_t>(bytes);
  return cost;
}

}  // namespace vaco
