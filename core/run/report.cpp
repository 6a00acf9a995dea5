// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/base/reference_scores.h"
#include "core/learn/algorithm.h"
#include "core/run/manifest.h"
#include "core/run/run_folder.h"
#include "core/run/run_reader.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

std::string text_of(const Json& json, const char* key) {
  return json.is_object() && json.contains(key) && json[key].is_string() ? json[key].get<std::string>()
                                                                         : std::string();
}

double number_of(const Json& json, const char* key) {
  return json.is_object() && json.contains(key) && json[key].is_number() ? json[key].get<double>()
                                                                         : ReportRun::kNone;
}

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

ReportRun take(RunRecord record, const ReportOptions& options) {
  ReportRun run;
  run.folder = record.folder;
  run.config = std::move(record.config);
  run.dataset = run.config.dataset.stem().string();
  run.environment = text_of(record.manifest, "environment");
  if (run.environment.empty()) run.environment = run.config.environment;
  run.status = text_of(record.manifest, "status");
  run.message = text_of(record.manifest, "message");
  run.ended = text_of(record.manifest, "ended");
  run.program = text_of(record.manifest, "program");
  const auto count = [&](const char* key) {
    const double number = number_of(record.manifest, key);
    return std::isfinite(number) ? static_cast<int64_t>(number) : int64_t{0};
  };
  run.step = count("step");
  run.total_steps = count("total_steps");
  run.counted = run.status == "finished" || options.count_unfinished;
  take_evaluations(run, record.evaluations);
  if (!record.weights.empty()) {
    const WeightReport& weights = record.weights.back();
    run.pearson = weights.pearson.value;
    run.spearman = weights.spearman.value;
    run.ess = weights.ess;
    run.mean_weight = weights.mean_weight;
  }
  if (record.manifest.is_object() && record.manifest.contains("result")) {
    run.steps_per_second = number_of(record.manifest["result"], "steps_per_second");
    run.wall_seconds = number_of(record.manifest["result"], "wall_time_s");
  }
  return run;
}

/// The order in which plans name things.
struct Order {
  std::vector<std::string> datasets, labels;
  void add(const std::string& dataset, const std::string& label) {
    if (std::find(datasets.begin(), datasets.end(), dataset) == datasets.end()) datasets.push_back(dataset);
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
  }
};

/// Names by the plan.json beside the runs, if there is one.
void name_by_plan(const fs::path& folder, std::vector<ReportRun>& runs, Order& order) {
  const auto plan = read_json(folder / "plan.json");
  if (!plan || !plan->is_object() || !plan->contains("cells") || !(*plan)["cells"].is_array()) return;
  for (const auto& cell : (*plan)["cells"]) {
    std::string label = text_of(cell, "label");
    if (cell.is_object() && cell.contains("params") && cell["params"].is_object())
      for (const auto& [key, value] : cell["params"].items())
        label += ", " + key + " = " + (value.is_string() ? value.get<std::string>() : value.dump());
    const std::string name = text_of(cell, "name"), dataset = text_of(cell, "dataset");
    if (label.empty() || dataset.empty()) continue;
    order.add(dataset, label);
    for (auto& run : runs)
      if (run.folder.parent_path() == folder && run.folder.filename() == name) {
        run.label = label;
        run.dataset = dataset;
      }
  }
}

/// Whether a parameter makes another algorithm of a run; how often it is looked at does not.
bool tells_apart(const ParamSpec& spec) {
  return spec.group != "Run";
}

/// Runs without a plan are named by their algorithm and by the parameters in which its runs differ.
void name_by_settings(std::vector<ReportRun>& runs) {
  for (const auto& info : algorithms()) {
    std::vector<ReportRun*> mine;
    for (auto& run : runs)
      if (run.label.empty() && run.config.algorithm == info.key) mine.push_back(&run);
    const auto schema = full_schema(info.key);
    if (mine.empty() || !schema) continue;
    for (auto* run : mine) run->label = info.label;
    for (const auto& spec : *schema) {
      std::set<std::string> values;
      for (const auto* run : mine) values.insert(to_text(run->config.params.at(spec.key).value));
      if (values.size() < 2 || !tells_apart(spec)) continue;
      for (auto* run : mine)
        run->label += ", " + spec.key + " = " + to_text(run->config.params.at(spec.key).value);
    }
  }
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
  std::set<fs::path> parents;
  for (const auto& given : folders) {
    const fs::path folder = fs::absolute(given / ".").lexically_normal().parent_path();
    std::vector<fs::path> found{folder};
    if (!fs::exists(folder / "manifest.json")) found = find_runs(folder);
    if (found.empty())
      return Error{ErrorCode::bad_data, given.string() + " is no run folder, and there is none in it"};
    std::sort(found.begin(), found.end());
    for (const auto& one : found) {
      if (!seen.insert(one).second) continue;
      parents.insert(one.parent_path());
      auto record = read_run(one);
      if (!record) return record.error();
      report.runs.push_back(take(std::move(*record), options));
    }
  }
  Order order;
  for (const auto& parent : parents) name_by_plan(parent, report.runs, order);
  name_by_settings(report.runs);
  for (const auto& run : report.runs) order.add(run.dataset, run.label);
  const auto present = [&](const std::vector<std::string>& names, const std::string ReportRun::*name) {
    std::vector<std::string> some;
    for (const auto& one : names)
      if (std::any_of(report.runs.begin(), report.runs.end(),
                      [&](const auto& run) { return run.*name == one; }))
        some.push_back(one);
    return some;
  };
  report.datasets = present(order.datasets, &ReportRun::dataset);
  report.labels = present(order.labels, &ReportRun::label);
  std::stable_sort(report.runs.begin(), report.runs.end(), [&](const ReportRun& a, const ReportRun& b) {
    const auto key = [&](const ReportRun& run) {
      return std::tuple(place(report.datasets, run.dataset), place(report.labels, run.label), run.config.seed);
    };
    return key(a) < key(b);
  });
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

std::vector<std::string> Report::common_datasets(const std::vector<std::string>& of_labels) const {
  std::vector<std::string> common;
  for (const auto& dataset : datasets) {
    const bool whole = std::all_of(of_labels.begin(), of_labels.end(), [&](const std::string& label) {
      return !scores(dataset, label, ScoreKind::last).empty();
    });
    const auto all = group(dataset, "");
    const bool comparable =
        std::all_of(all.begin(), all.end(), [](const auto* run) { return run->normalized; });
    if (whole && comparable) common.push_back(dataset);
  }
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
    text += (text.empty() ? "" : ", ") + spec.key + " " + to_text(config.params.at(spec.key).value);
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
  return expected_best_of(k, judged, scored);
}

}  // namespace vaco
