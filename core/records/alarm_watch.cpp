// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/alarm_watch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace vaco {
namespace {

constexpr double kCollapsedShare = 0.05;    ///< effective sample size, as a share of the data
constexpr size_t kLevelValues = 10;         ///< to know the usual size of a loss
constexpr double kRunsAway = 1e3;           ///< times the usual size
constexpr double kBeyond = 0.05;            ///< of the width between a value's limits: what rounding may add
constexpr int kInARow = 3;                  ///< a single high value is noise, the first weights are chance
constexpr int kFrozenReports = 4;           ///< that are like the one before
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

bool is_of_weights(const std::string& key) {
  return key.starts_with("weight");
}

bool has(const std::string& key, const char* part) {
  return key.find(part) != std::string::npos;
}

}  // namespace

const std::vector<AlarmKind>& alarm_kinds() {
  static const std::vector<AlarmKind> kinds = {
      {"weights_inverted", "Weights are inverted (r < 0)",
       "learn values for longer, or look at the sign of the rewards"},
      {"weight_collapse", "Weights collapse", "normalize the weights, or try a smaller meta learning rate"},
      {"weights_frozen", "Weights are frozen", "try a larger meta learning rate"},
      {"beyond_rewards", "Values beyond what rewards can sum to",
       "try a smaller learning rate of the values, an expectile nearer to 0.5, or scaled rewards"},
      {"runs_away", "A loss or a norm runs away",
       "try a smaller learning rate, a smaller discount or scaled rewards"},
      {"not_a_number", "A metric is not a number",
       "go back to a checkpoint before it, with a smaller learning rate"},
  };
  return kinds;
}

const AlarmKind* alarm_kind(const std::string& alarm_key) {
  for (const AlarmKind& kind : alarm_kinds())
    if (alarm_key.ends_with(kind.key)) return &kind;
  return nullptr;
}

std::optional<ValueLimits> value_limits(const Json& manifest, const RunConfig& config) {
  const auto range = manifest.is_object() ? manifest.find("reward_range") : manifest.end();
  const auto discount = config.params.find("discount");
  if (range == manifest.end() || !range->is_array() || range->size() != 2 || !(*range)[0].is_number() ||
      !(*range)[1].is_number() || discount == config.params.end())
    return {};
  const auto* gamma = std::get_if<double>(&discount->second.value);
  if (!gamma || *gamma < 0.0 || *gamma >= 1.0) return {};
  // An episode may also end, and count nothing from there on.
  return ValueLimits{std::min(0.0, (*range)[0].get<double>()) / (1.0 - *gamma),
                     std::max(0.0, (*range)[1].get<double>()) / (1.0 - *gamma)};
}

std::optional<ValueLimits> value_limits(const std::filesystem::path& run_folder) {
  const auto manifest = read_json(run_folder / "manifest.json");
  const auto json = read_json(run_folder / "config.json");
  if (!manifest || !json) return {};
  const auto config = config_from_json(*json);
  return config ? value_limits(*manifest, *config) : std::nullopt;
}

AlarmNews AlarmWatch::take(const Event& event) {
  AlarmNews news;
  if (const auto* metrics = std::get_if<Metrics>(&event)) look(*metrics, news);
  if (const auto* report = std::get_if<WeightReport>(&event)) look(*report, news);
  return news;
}

void AlarmWatch::tell(bool holds, int evidence, int64_t step, const std::string& key,
                      const std::string& message, AlarmNews& news) {
  int& in_a_row = in_a_row_[key];
  in_a_row = holds ? in_a_row + 1 : 0;
  const auto standing = std::find_if(history_.begin(), history_.end(),
                                     [&](const AlarmSpan& span) { return span.key == key && span.end < 0; });
  if (standing != history_.end()) {
    if (holds) return;
    standing->end = step;
    news.ended.push_back(key);
  } else if (in_a_row >= evidence) {
    history_.push_back({key, message, step, -1});
    const AlarmKind* kind = alarm_kind(key);
    news.begun.push_back({step, key, message + (kind ? std::string("; ") + kind->advice : std::string())});
  }
}

void AlarmWatch::rewind(int64_t step, bool of_weights) {
  std::erase_if(history_, [&](const AlarmSpan& span) {
    return is_of_weights(span.key) == of_weights && span.begin >= step;
  });
  for (AlarmSpan& span : history_)
    if (is_of_weights(span.key) == of_weights && span.end >= step) span.end = -1;
  std::erase_if(in_a_row_, [&](const auto& one) { return is_of_weights(one.first) == of_weights; });
}

void AlarmWatch::look(const Metrics& metrics, AlarmNews& news) {
  if (metrics.step <= metrics_step_) rewind(metrics.step, false);
  metrics_step_ = metrics.step;
  for (const auto& metric : metrics.values) {
    tell(!std::isfinite(metric.value), 1, metrics.step, metric.key + "_not_a_number",
         metric.key + " is not a number", news);
    if (!std::isfinite(metric.value)) continue;
    if (has(metric.key, "loss") || has(metric.key, "norm")) look_at_growth(metrics, metric, news);
    if (metric.key == "q_mean" || metric.key == "v_mean" || metric.key == "policy_q")
      look_at_value(metrics, metric, news);
  }
}

void AlarmWatch::look_at_growth(const Metrics& metrics, const MetricValue& metric, AlarmNews& news) {
  Level& level = levels_[metric.key];
  if (level.first.size() < kLevelValues) {
    level.first.push_back(std::abs(metric.value));
    if (level.first.size() < kLevelValues) return;
    std::nth_element(level.first.begin(), level.first.begin() + kLevelValues / 2, level.first.end());
    level.usual = std::max(1.0, level.first[kLevelValues / 2]);
    return;
  }
  tell(std::abs(metric.value) > kRunsAway * level.usual, kInARow, metrics.step, metric.key + "_runs_away",
       text("%s runs away: it is %.3g, more than %.0f times what it was at first", metric.key.c_str(),
            metric.value, kRunsAway),
       news);
}

void AlarmWatch::look_at_value(const Metrics& metrics, const MetricValue& metric, AlarmNews& news) {
  if (!limits_) return;
  const double room = kBeyond * (limits_->high - limits_->low);
  tell(metric.value > limits_->high + room || metric.value < limits_->low - room, kInARow, metrics.step,
       metric.key + "_beyond_rewards",
       text("%s is %.4g, and rewards can only sum to %.4g to %.4g (r / (1 - discount))", metric.key.c_str(),
            metric.value, limits_->low, limits_->high),
       news);
}

void AlarmWatch::look(const WeightReport& report, AlarmNews& news) {
  if (last_ && report.step <= last_->step) {
    rewind(report.step, true);
    last_.reset();
  }
  const bool learns = report.phase == kLearnsWeights, same = last_ && like(*last_, report);
  tell(
      report.ess < kCollapsedShare, 1, report.step, "weight_collapse",
      text(
          "weights are collapsing: the effective sample size is %.1f %% of the data, so very few samples carry "
          "the policy",
          100.0 * report.ess),
      news);
  // While they are learned, only reports that differ are evidence: weights begin where chance put them.
  const bool inverted = std::isfinite(report.pearson.high) && report.pearson.high < 0.0;
  if (!inverted || !learns || !same)
    tell(inverted, kInARow, report.step, "weights_inverted",
         text("weights are inverted: their correlation with the return is %.3f, so trajectories of low return "
              "count most",
              report.pearson.value),
         news);
  tell(learns && same, kFrozenReports, report.step, "weights_frozen",
       text("weights are frozen: %d reports in a row are the same although they should be learned now",
            kFrozenReports + 1),
       news);
  last_ = report;
  last_->trajectory_weight.clear();
  last_->trajectory_return.clear();
  last_->trajectory_source.clear();
  last_->histograms.clear();
}

}  // namespace vaco
