// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/alarm_watch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace vaco {
namespace {

constexpr double kCollapsedShare = 0.05;  ///< effective sample size, as a share of the data
constexpr size_t kLevelValues = 10;       ///< of a loss, to know its usual size
constexpr double kRunsAway = 1e3;         ///< times the usual size
constexpr int kInARow = 3;                ///< a single high value is noise
constexpr int kFrozenReports = 5;
constexpr auto kLearnsWeights = "bilevel";  ///< the phase in which weights that stay as they are learn nothing

template <class... Numbers>
std::string text(const char* format, Numbers... numbers) {
  char line[300];
  std::snprintf(line, sizeof line, format, numbers...);
  return line;
}

bool like(const WeightReport& a, const WeightReport& b) {
  return a.phase == b.phase && a.ess == b.ess && a.mean_weight == b.mean_weight &&
         a.pearson.value == b.pearson.value && a.source_mean_weight == b.source_mean_weight;
}

}  // namespace

std::vector<Alarm> AlarmWatch::take(const Event& event) {
  std::vector<Alarm> raised;
  if (const auto* metrics = std::get_if<Metrics>(&event)) look(*metrics, raised);
  if (const auto* report = std::get_if<WeightReport>(&event)) look(*report, raised);
  return raised;
}

void AlarmWatch::tell(bool holds, int64_t step, const std::string& key, const std::string& message,
                      std::vector<Alarm>& raised) {
  if (!holds)
    standing_.erase(key);
  else if (standing_.insert(key).second)
    raised.push_back({step, key, message});
}

void AlarmWatch::look(const Metrics& metrics, std::vector<Alarm>& raised) {
  if (metrics.step <= metrics_step_)
    for (auto& [key, loss] : losses_) {
      loss.above = 0;
      standing_.erase(key + "_runs_away");
    }
  metrics_step_ = metrics.step;
  for (const auto& [key, value] : metrics.values) {
    if (key.find("loss") == std::string::npos || !std::isfinite(value)) continue;
    Loss& loss = losses_[key];
    if (loss.first.size() < kLevelValues) {
      loss.first.push_back(std::abs(value));
      if (loss.first.size() < kLevelValues) continue;
      std::nth_element(loss.first.begin(), loss.first.begin() + kLevelValues / 2, loss.first.end());
      loss.level = std::max(1.0, loss.first[kLevelValues / 2]);
      continue;
    }
    loss.above = std::abs(value) > kRunsAway * loss.level ? loss.above + 1 : 0;
    tell(
        loss.above >= kInARow, metrics.step, key + "_runs_away",
        text(
            "%s runs away: it is %.3g, more than %.0f times what it was at first; try a smaller learning rate, "
            "a smaller discount or scaled rewards",
            key.c_str(), value, kRunsAway),
        raised);
  }
}

void AlarmWatch::look(const WeightReport& report, std::vector<Alarm>& raised) {
  if (last_ && report.step <= last_->step) {
    last_.reset();
    same_ = 0;
    for (const char* key : {"weight_collapse", "weights_inverted", "weights_frozen"}) standing_.erase(key);
  }
  tell(
      report.ess < kCollapsedShare, report.step, "weight_collapse",
      text(
          "weights are collapsing: the effective sample size is %.1f %% of the data, so very few samples carry "
          "the policy",
          100.0 * report.ess),
      raised);
  const bool inverted = std::isfinite(report.pearson.high) && report.pearson.high < 0.0;
  tell(inverted, report.step, "weights_inverted",
       text("weights are inverted: their correlation with the return is %.3f, so trajectories of low return "
            "count "
            "most; learn values for longer, or look at the sign of the rewards",
            report.pearson.value),
       raised);
  same_ = last_ && like(*last_, report) ? same_ + 1 : 0;
  tell(report.phase == kLearnsWeights && same_ + 1 >= kFrozenReports, report.step, "weights_frozen",
       text("weights are frozen: %d reports in a row are the same although they should be learned now; try a "
            "larger meta learning rate",
            kFrozenReports),
       raised);
  last_ = report;
  last_->trajectory_weight.clear();
  last_->trajectory_return.clear();
  last_->trajectory_source.clear();
  last_->histograms.clear();
}

}  // namespace vaco
