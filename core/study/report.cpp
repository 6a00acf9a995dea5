// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/base/readable.h"
#include "core/records/manifest.h"
#include "core/records/run_folder.h"
#include "core/records/run_reader.h"
#include "core/study/report_names.h"
#include "core/tasks/reference_scores.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

void take_evaluations(ReportRun& run, const std::vector<EvaluationDone>& evaluations) {
  if (evaluations.empty()) return;
  const EvaluationResult& last = evaluations.back().result;
  run.normalized = last.has_reference;
  run.last = score_of(last);
  for (const auto& evaluation : evaluations)
    if (!(run.best >= score_of(evaluation.result))) run.best = score_of(evaluation.result);
  run.last_episodes = last.returns;
  if (const auto reference = reference_scores(run.environment); reference && run.normalized)
    for (auto& score : run.last_episodes) score = reference->normalized(score);
}

/// "MuJoCo 2.2.2" among the libraries of a manifest.
std::string simulator_of(const std::string& libraries) {
  const size_t at = libraries.find("MuJoCo ");
  return at == std::string::npos ? std::string() : libraries.substr(at, libraries.find(',', at) - at);
}

ReportRun take(RunRecord record, const ReportOptions& options) {
  ReportRun run;
  run.folder = record.folder;
  run.damage = std::move(record.damage);
  run.config = std::move(record.config);
  run.environment = value_or<std::string>(record.manifest, "environment", {});
  if (run.environment.empty()) run.environment = run.config.environment;
  run.config.environment = run.environment;
  run.status = value_or<std::string>(record.manifest, "status", {});
  run.message = value_or<std::string>(record.manifest, "message", {});
  run.ended = value_or<std::string>(record.manifest, "ended", {});
  run.program = value_or<std::string>(record.manifest, "program", {});
  const auto count = [&](const char* key) {
    const double number = value_or(record.manifest, key, ReportRun::kNone);
    return std::isfinite(number) ? static_cast<int64_t>(number) : int64_t{0};
  };
  run.step = count("step");
  run.total_steps = count("total_steps");
  run.counted = run.status == "finished" || options.count_unfinished;
  run.simulator = simulator_of(value_or<std::string>(record.manifest, "libraries", {}));
  // A run of an older program may have left its physics to the data; then it is what it was evaluated in.
  if (run.config.physics.empty()) run.config.physics = value_or<std::string>(record.manifest, "physics", {});
  take_evaluations(run, record.evaluations);
  if (!record.weights.empty()) {
    const WeightReport& weights = record.weights.back();
    run.pearson = weights.pearson.value;
    run.spearman = weights.spearman.value;
    run.ess = weights.ess;
    run.mean_weight = weights.mean_weight;
  }
  if (record.manifest.is_object() && record.manifest.contains("result")) {
    run.steps_per_second = value_or(record.manifest["result"], "steps_per_second", ReportRun::kNone);
    run.wall_seconds = value_or(record.manifest["result"], "wall_time_s", ReportRun::kNone);
  }
  return run;
}

/// The run folders that a path stands for, by name.
Result<std::vector<fs::path>> runs_of(const fs::path& given) {
  const auto wrong = [&](const char* what) { return Error{ErrorCode::bad_data, given.string() + what}; };
  const auto type = look_at(given);
  if (!type) return type.error();
  if (*type != fs::file_type::directory)
    return wrong(" is a file; name a run folder, or a folder that holds some");
  const auto absolute = absolute_path(given / ".");
  if (!absolute) return absolute.error();
  const fs::path folder = absolute->parent_path();
  if (is_file(folder / "manifest.json")) return std::vector{folder};
  auto found = find_runs(folder);
  if (found.empty()) return wrong(" holds no run");
  std::sort(found.begin(), found.end());
  return found;
}

/// Repeats of a seed are no further seeds: of each, one run of a group counts, a finished one before others and
/// the newest of those.
void count_seeds_once(std::vector<ReportRun>& runs) {
  std::map<std::tuple<std::string, std::string, uint64_t>, ReportRun*> counted;
  for (auto& run : runs) {
    if (!run.counted) continue;
    const auto [at, fresh] = counted.try_emplace({run.dataset, run.label, run.config.seed}, &run);
    if (fresh) continue;
    const auto rank = [](const ReportRun& one) { return std::tuple(one.status == "finished", one.ended); };
    ReportRun* repeat = &run;
    if (rank(*at->second) < rank(run)) std::swap(at->second, repeat);
    repeat->counted = false;
    repeat->repeats = true;
  }
  for (auto& run : runs)
    if (run.repeats)
      run.message = "repeats the seed " + std::to_string(run.config.seed) + ", which " +
                    counted.at({run.dataset, run.label, run.config.seed})->folder.filename().string() +
                    " counts";
}

Result<void> check_counted(const Report& report) {
  if (report.runs.empty())
    return Error{ErrorCode::bad_data, "no run can be read: " + report.unreadable.front().message};
  if (std::any_of(report.runs.begin(), report.runs.end(), [](const auto& run) { return run.counted; }))
    return {};
  return Error{ErrorCode::bad_data, "no finished run; --count-unfinished counts others"};
}

size_t place(const std::vector<std::string>& list, const std::string& text) {
  return static_cast<size_t>(std::find(list.begin(), list.end(), text) - list.begin());
}

}  // namespace

Result<Report> make_report(const std::vector<fs::path>& folders, const ReportOptions& options) {
  Report report;
  report.made = utc_now();
  report.unfinished_counted = options.count_unfinished;
  std::set<fs::path> seen;
  for (const auto& given : folders) {
    const auto found = runs_of(given);
    if (!found) return found.error();
    for (const auto& folder : *found) {
      if (!seen.insert(folder).second) continue;
      auto record = read_run(folder, RunParts::scores);
      if (record)
        report.runs.push_back(take(std::move(*record), options));
      else
        report.unreadable.push_back({folder, record.error().message});
    }
  }
  GroupNames names = name_groups(report.runs);
  report.datasets = std::move(names.datasets);
  report.labels = std::move(names.labels);
  std::stable_sort(report.runs.begin(), report.runs.end(), [&](const ReportRun& a, const ReportRun& b) {
    const auto key = [&](const ReportRun& run) {
      return std::tuple(place(report.datasets, run.dataset), place(report.labels, run.label), run.config.seed);
    };
    return key(a) < key(b);
  });
  count_seeds_once(report.runs);
  if (auto checked = check_counted(report); !checked) return checked.error();
  // What did not come to anything has no row or column of its own; the list of runs tells of it.
  std::erase_if(report.datasets, [&](const auto& dataset) { return report.group(dataset, "").empty(); });
  std::erase_if(report.labels, [&](const auto& label) { return report.group("", label).empty(); });
  return report;
}

std::vector<const ReportRun*> Report::group(const std::string& dataset, const std::string& label) const {
  std::vector<const ReportRun*> some;
  for (const auto& run : runs)
    if (run.counted && (dataset.empty() || run.dataset == dataset) && (label.empty() || run.label == label))
      some.push_back(&run);
  return some;
}

std::vector<double> Report::scores(const std::string& dataset, const std::string& label, ScoreKind kind) const {
  std::vector<double> some;
  for (const auto* run : group(dataset, label))
    if (const double score = kind == ScoreKind::last ? run->last : run->best; std::isfinite(score))
      some.push_back(score);
  return some;
}

bool Report::is_normalized(const std::string& dataset) const {
  const auto all = group(dataset, "");
  return std::ranges::all_of(all, [](const auto* run) { return run->normalized || !std::isfinite(run->last); });
}

std::vector<std::string> Report::common_datasets(const std::vector<std::string>& of_labels) const {
  std::vector<std::string> common;
  for (const auto& dataset : datasets) {
    const bool whole = std::all_of(of_labels.begin(), of_labels.end(), [&](const std::string& label) {
      return !scores(dataset, label, ScoreKind::last).empty();
    });
    if (whole && is_normalized(dataset)) common.push_back(dataset);
  }
  return common;
}

std::map<std::string, std::vector<std::string>> Report::common_by_physics(
    const std::vector<std::string>& of_labels) const {
  std::map<std::string, std::vector<std::string>> common;
  for (const auto& dataset : common_datasets(of_labels))
    common[group(dataset, "").front()->config.physics].push_back(dataset);
  return common;
}

TaskScores Report::task_scores(const std::vector<std::string>& of_datasets, const std::string& label,
                               ScoreKind kind) const {
  TaskScores tasks;
  for (const auto& dataset : of_datasets) tasks.push_back(scores(dataset, label, kind));
  return tasks;
}

Result<std::string> Report::baseline(const std::string& wanted) const {
  if (!wanted.empty()) {
    std::string known;
    for (const auto& label : labels) {
      if (label == wanted) return label;
      known += (known.empty() ? "" : ", ") + ("'" + label + "'");
    }
    return Error{ErrorCode::usage, "there are no runs named '" + wanted + "'; there are " + known};
  }
  for (const auto& label : labels)
    for (const auto& run : runs)
      if (run.label == label && run.config.algorithm == "vaco") return label;
  return labels.front();
}

std::string budget_text(const RunConfig& config) {
  std::string text;
  const auto schema = full_schema(config.algorithm);
  if (!schema) return text;
  for (const auto& spec : *schema) {
    if (!spec.key.ends_with("_steps") || spec.unit != "steps") continue;
    const auto& steps = config.params.at(spec.key).value;
    text += (text.empty() ? "" : ", ") + spec.key + " " + grouped(std::get<int64_t>(steps));
  }
  return text;
}

double picked_score(const std::vector<const ReportRun*>& runs, int k) {
  std::vector<double> judged, scored;
  for (const auto* run : runs) {
    std::vector<double> halves[2];
    for (size_t i = 0; i < run->last_episodes.size(); ++i) halves[i % 2].push_back(run->last_episodes[i]);
    if (halves[1].empty()) return ReportRun::kNone;
    judged.push_back(mean(halves[0]));
    scored.push_back(mean(halves[1]));
  }
  if (k < 1 || k > static_cast<int>(judged.size())) return ReportRun::kNone;
  return (expected_best_of(k, judged, scored) + expected_best_of(k, scored, judged)) / 2.0;
}

}  // namespace vaco
