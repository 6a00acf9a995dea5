// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/report_tables.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/readable.h"
#include "core/learn/algorithm.h"
#include "core/records/manifest.h"
#include "core/tasks/reference_scores.h"

namespace vaco {
namespace {

constexpr int kResamples = 2000;
constexpr uint64_t kSeed = 1;
const std::string kNothing = "–";

/// A whole parameter, as people read it.
std::string number_of(const RunConfig& config, const std::string& key) {
  return grouped(std::get<int64_t>(config.params.at(key).value));
}

/// "10 episodes every 5,000 steps, 100 at the end".
std::string evaluation_text(const RunConfig& config) {
  const std::string last = number_of(config, "final_episodes");
  return number_of(config, "eval_episodes") + " episodes every " + number_of(config, "eval_interval") +
         " steps" + (last == "0" ? "" : ", " + last + " at the end");
}

/// A single run has no spread, and says so by leaving it out.
std::string mean_and_spread(const std::vector<double>& values, int digits) {
  if (values.empty()) return kNothing;
  const std::string spread = values.size() < 2 ? "" : " ± " + fixed(standard_deviation(values), digits);
  return fixed(mean(values), digits) + spread + " (" + std::to_string(values.size()) + ")";
}

std::vector<double> finite(const std::vector<const ReportRun*>& runs, double ReportRun::*number) {
  std::vector<double> values;
  for (const auto* run : runs)
    if (std::isfinite(run->*number)) values.push_back(run->*number);
  return values;
}

/// "hopper_mixed", and what its numbers are when they are no normalized scores.
std::string dataset_name(const Report& report, const std::string& dataset) {
  return dataset + (report.is_normalized(dataset) ? "" : " (returns)");
}

std::vector<std::string> header_of(const Report& report, const std::string& first) {
  std::vector<std::string> header{first};
  header.insert(header.end(), report.labels.begin(), report.labels.end());
  return header;
}

ReportTable score_table(const Report& report, ScoreKind kind) {
  ReportTable table;
  const bool last = kind == ScoreKind::last;
  table.key = last ? "scores_last" : "scores_best";
  table.title = last ? "Score of the last policy" : "Best score of a run";
  table.note =
      last ? "Mean ± standard deviation over seeds (number of runs)."
           : "The maximum over all evaluations of a run, which is optimistic: it was picked by the same "
             "numbers. Mean ± standard deviation over seeds (number of runs).";
  table.header = header_of(report, "dataset");
  for (const auto& dataset : report.datasets) {
    std::vector<std::string> row{dataset_name(report, dataset)};
    for (const auto& label : report.labels)
      row.push_back(mean_and_spread(report.scores(dataset, label, kind), 1));
    table.rows.push_back(std::move(row));
  }
  const auto by_physics = report.common_by_physics(report.labels);
  for (const auto& [physics, common] : by_physics) {
    const std::string over = (common.size() == 1 ? "1 dataset" : std::to_string(common.size()) + " datasets") +
                             (by_physics.size() > 1 ? " of " + physics + " physics" : "");
    std::vector<std::string> means{"mean over " + over + " [95 %]"}, trimmed{"IQM over " + over + " [95 %]"};
    for (const auto& label : report.labels) {
      const TaskScores scores = report.task_scores(common, label, kind);
      means.push_back(to_text(bootstrap_stratified(scores, mean_over_tasks, kResamples, kSeed), 1));
      trimmed.push_back(
          to_text(bootstrap_stratified(scores, interquartile_mean_of_runs, kResamples, kSeed), 1));
    }
    table.rows.push_back(std::move(means));
    table.rows.push_back(std::move(trimmed));
  }
  return table;
}

ReportTable picked_table(const Report& report) {
  ReportTable table;
  table.key = "scores_picked";
  table.title = "Score with an online budget";
  table.note =
      "Expected score of the policy that is picked from k trained ones (seeds, last policies) by evaluating "
      "each: "
      "half of the episodes pick, the other half score it, so picking flatters nothing. k = 1 is no choice.";
  table.header = header_of(report, "dataset, k");
  for (const auto& dataset : report.datasets)
    for (const int k : {1, 2, 3, 5, 10}) {
      std::vector<std::string> row{dataset_name(report, dataset) + ", " + std::to_string(k)};
      for (const auto& label : report.labels)
        row.push_back(fixed(picked_score(report.group(dataset, label), k), 1));
      if (std::any_of(row.begin() + 1, row.end(), [](const auto& text) { return text != kNothing; }))
        table.rows.push_back(std::move(row));
    }
  return table;
}

ReportTable weight_table(const Report& report) {
  ReportTable table;
  table.key = "weights";
  table.title = "Weights and returns";
  table.note =
      "Pearson's r and Spearman's ρ of a trajectory's mean weight with its return, and the effective sample "
      "size "
      "(share of the data), at the end of training. Mean ± standard deviation over seeds (number of runs).";
  table.header = {"dataset, algorithm", "r", "lowest r", "ρ", "ESS", "mean weight"};
  for (const auto& dataset : report.datasets)
    for (const auto& label : report.labels) {
      const auto runs = report.group(dataset, label);
      const auto r = finite(runs, &ReportRun::pearson), ess = finite(runs, &ReportRun::ess);
      if (ess.empty()) continue;
      table.rows.push_back({dataset + ", " + label, mean_and_spread(r, 3),
                            r.empty() ? kNothing : fixed(*std::min_element(r.begin(), r.end()), 3),
                            mean_and_spread(finite(runs, &ReportRun::spearman), 3), mean_and_spread(ess, 3),
                            mean_and_spread(finite(runs, &ReportRun::mean_weight), 3)});
    }
  return table;
}

ReportTable improvement_table(const Report& report, const std::string& baseline) {
  ReportTable table;
  table.key = "improvement";
  table.title = "Probability that " + baseline + " is better";
  table.note =
      "A run of " + baseline +
      " against a run of the other on the same dataset, last policies, averaged over the datasets that "
      "both have; 95 % interval by stratified bootstrap. 0.5 is no difference.";
  table.header = {"than", "probability [95 %]", "datasets", "runs of " + baseline, "runs of the other"};
  for (const auto& label : report.labels) {
    if (label == baseline) continue;
    const auto by_physics = report.common_by_physics({baseline, label});
    for (const auto& [physics, common] : by_physics) {
      const TaskScores x = report.task_scores(common, baseline, ScoreKind::last),
                       y = report.task_scores(common, label, ScoreKind::last);
      const auto count = [](const TaskScores& tasks) {
        size_t sum = 0;
        for (const auto& runs : tasks) sum += runs.size();
        return std::to_string(sum);
      };
      table.rows.push_back({label + (by_physics.size() > 1 ? ", " + physics : ""),
                            to_text(bootstrap_improvement(x, y, kResamples, kSeed), 2),
                            std::to_string(common.size()), count(x), count(y)});
    }
  }
  return table;
}

ReportTable cost_table(const Report& report) {
  ReportTable table;
  table.key = "cost";
  table.title = "Cost";
  table.note = "Speed of training alone; minutes with evaluations. Mean over all runs of a row.";
  table.header = {"algorithm", "steps per phase", "steps/s", "minutes a run", "evaluation"};
  for (const auto& label : report.labels) {
    // One row for each budget that runs of this label have.
    std::map<std::string, std::vector<const ReportRun*>> budgets;
    for (const auto* run : report.group("", label)) budgets[budget_text(run->config)].push_back(run);
    for (const auto& [budget, runs] : budgets) {
      auto minutes = finite(runs, &ReportRun::wall_seconds);
      for (auto& value : minutes) value /= 60.0;
      std::set<std::string> episodes;
      for (const auto* run : runs) episodes.insert(evaluation_text(run->config));
      std::string evaluation;
      for (const auto& text : episodes) evaluation += (evaluation.empty() ? "" : "; ") + text;
      table.rows.push_back({label, budget, fixed(mean(finite(runs, &ReportRun::steps_per_second)), 0),
                            fixed(mean(minutes), 1), evaluation});
    }
  }
  return table;
}

ReportTable runs_table(const Report& report, bool counted) {
  ReportTable table;
  table.header = {"run", "status", "step", "score so far", "message"};
  for (const auto& run : report.runs)
    if (run.counted == counted && !(counted && run.status == "finished"))
      table.rows.push_back({run.folder.filename().string(), run.status,
                            std::to_string(run.step) + " of " + std::to_string(run.total_steps),
                            fixed(run.last, 1), run.message});
  return table;
}

ReportTable unfinished_table(const Report& report) {
  ReportTable table = runs_table(report, true);
  table.key = "unfinished";
  table.title = "Runs that are not finished (counted)";
  table.note = "Their newest evaluation is in the tables above.";
  return table;
}

ReportTable uncounted_table(const Report& report) {
  ReportTable table = runs_table(report, false);
  table.key = "not_counted";
  table.title = "Runs that are not counted";
  table.note =
      "They are not finished, repeat a seed of their group, or cannot be read; their newest evaluation is "
      "shown here alone.";
  for (const auto& [folder, message] : report.unreadable)
    table.rows.push_back({folder.filename().string(), "unreadable", kNothing, kNothing, message});
  return table;
}

std::string joined(const std::set<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

}  // namespace

std::vector<ReportTable> report_tables(const Report& report, const std::string& baseline) {
  std::vector<ReportTable> tables;
  for (auto& table : {score_table(report, ScoreKind::last), score_table(report, ScoreKind::best),
                      picked_table(report), weight_table(report), improvement_table(report, baseline),
                      cost_table(report), unfinished_table(report), uncounted_table(report)})
    if (!table.rows.empty()) tables.push_back(table);
  return tables;
}

std::vector<std::string> report_preamble(const Report& report) {
  std::set<std::string> programs, days, physics, simulators;
  std::set<uint64_t> seeds;
  std::map<std::string, std::string> references;
  size_t counted = 0;
  bool raw = false;
  for (const auto& run : report.runs) {
    if (!run.counted) continue;
    ++counted;
    programs.insert(run.program);
    if (!run.ended.empty()) days.insert(run.ended.substr(0, 10));
    physics.insert(run.config.physics);
    simulators.insert(run.simulator.empty() ? "a MuJoCo that was not noted" : run.simulator);
    seeds.insert(run.config.seed);
    raw = raw || !run.normalized;
    if (const auto reference = reference_scores(run.environment); reference && run.normalized)
      references[run.environment] = run.environment + ": 0 is a return of " + fixed(reference->random, 2) +
                                    ", 100 is " + fixed(reference->expert, 2) + " (" + reference->source + ")";
  }
  std::vector<std::string> lines;
  lines.push_back(
      "Made on " + report.made + " by vaco-workbench " + program_version() + " from " +
      std::to_string(counted) + " runs" +
      (days.empty() ? "" : ", trained " + *days.begin() + (days.size() > 1 ? " to " + *days.rbegin() : "")) +
      " by " + joined(programs) + ". These are our own measurements, none is taken from a publication.");
  std::set<std::string> numbers;
  for (const uint64_t seed : seeds) numbers.insert(std::to_string(seed));
  lines.push_back("Seeds: " + joined(numbers) + ". Evaluated in " + joined(physics) + " physics by " +
                  joined(simulators) + ", which is close to, but not the same as, that of other publications.");
  if (!references.empty()) {
    std::string text = "Scores are D4RL-normalized: ";
    for (auto entry = references.begin(); entry != references.end(); ++entry)
      text += (entry == references.begin() ? "" : "; ") + entry->second;
    lines.push_back(text + ". Standard deviations are scaled by the range alone.");
  }
  if (raw) lines.push_back("Where there is no reference, returns are shown and not averaged over datasets.");
  return lines;
}

}  // namespace vaco
