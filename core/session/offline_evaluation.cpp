// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/offline_evaluation.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <numeric>

#include "core/base/action_unit.h"
#include "core/base/readable.h"
#include "core/base/rng.h"
#include "core/data/reader.h"
#include "core/session/prepare_data.h"

namespace vaco {
namespace {

constexpr int kResamples = 1000;
constexpr int64_t kProgressSteps = 50;
/// Share of the progress that reading takes.
constexpr double kReading = 0.05;

Result<PreparedData> read_for_evaluation(const std::filesystem::path& path, const ReadOptions& reading,
                                         const ProgressFn& progress, const std::stop_token& stop) {
  const auto tell = [&](double fraction, std::string_view doing) {
    if (progress) progress(kReading * fraction, doing);
  };
  auto dataset = read_dataset(path, reading, tell, stop);
  if (!dataset) return dataset.error();
  auto config = make_config("bc", "");
  if (!config) return config.error();
  config->environment = reading.environment;
  if (auto set = set_param(*config, "reward_scaling", "none", Origin::run); !set) return set.error();
  std::vector<std::string> warnings;
  for (const auto& finding : dataset->findings)
    if (finding.severity == Severity::warning) warnings.push_back("dataset: " + to_text(finding));
  auto prepared = prepare_data(std::move(*dataset), *config);
  if (prepared) prepared->notes = std::move(warnings);  // its own tell of rollouts, which there are none of
  return prepared;
}

std::vector<double> discounted_returns(const TrainingData& data, double discount) {
  std::vector<double> returns;
  for (size_t t = 0; t < data.trajectory_first.size(); ++t) {
    double sum = 0.0, factor = 1.0;
    for (int64_t i = 0; i < data.trajectory_length[t]; ++i, factor *= discount)
      sum += factor * data.rewards[static_cast<size_t>(data.trajectory_first[t] + i)];
    returns.push_back(sum);
  }
  return returns;
}

/// Of each critic, over the states.
std::vector<double> means(const std::vector<std::vector<double>>& values) {
  std::vector<double> result;
  for (const auto& critic : values) result.push_back(mean(critic));
  return result;
}

Result<OfflineEvaluation> learn_and_average(const PolicySnapshot& policy, const TrainingData& data,
                                            const FqeOptions& options, const ProgressFn& progress,
                                            const std::stop_token& stop) {
  auto fqe = FittedQEvaluation::make(policy, data, options);
  if (!fqe) return fqe.error();
  double late = 0.0;
  for (int64_t step = 0; step < options.steps; ++step) {
    if (step == options.steps - std::max<int64_t>(1, options.steps / 10))
      late = mean(means((*fqe)->initial_values()));
    if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped before the evaluation was done"};
    (*fqe)->update();
    if (progress && step % kProgressSteps == 0)
      progress(kReading + (1.0 - kReading) * static_cast<double>(step) / static_cast<double>(options.steps),
               "Fitted Q evaluation");
  }
  const auto values = (*fqe)->initial_values();
  OfflineEvaluation result;
  result.initial_states = static_cast<int64_t>(values.front().size());
  result.critic_values = means(values);
  result.value = bootstrap_critics(values, kResamples, options.seed);
  if (!std::isfinite(result.value.value))
    return Error{ErrorCode::failed,
                 "the critics' values are no longer finite numbers: fitted Q evaluation has diverged. Try a "
                 "smaller discount, or look for outliers in the data with vaco inspect"};
  result.drift = result.value.value - late;
  if (!is_settled(result.value, result.drift))
    result.warnings.push_back("the value moved by " + fixed(result.drift, 2) + " in the last tenth of " +
                              grouped(options.steps) +
                              " steps, which its interval does not tell: ask for more steps");
  result.behavior = bootstrap_mean(discounted_returns(data, options.discount), kResamples, options.seed);
  return result;
}

}  // namespace

Result<OfflineEvaluation> evaluate_offline(const PolicySnapshot& policy, const std::filesystem::path& dataset,
                                           const ReadOptions& reading, const FqeOptions& options,
                                           const ProgressFn& progress, std::stop_token stop) {
  const auto data = read_for_evaluation(dataset, reading, progress, stop);
  if (!data) return data.error();
  try {
    PolicySnapshot in_units = policy;
    if (policy.action_count == 0 && policy.action_low.size() == data->action_low.size())
      ActionUnit(data->action_low, data->action_high).to_unit(in_units);
    auto result = learn_and_average(in_units, data->training, options, progress, stop);
    if (result) result->warnings.insert(result->warnings.begin(), data->notes.begin(), data->notes.end());
    return result;
  } catch (const std::exception& e) {
    return Error{ErrorCode::failed, std::string("fitted Q evaluation: ") + e.what()};
  }
}

bool is_settled(const Estimate& value, double drift) {
  const double width = value.has_interval() ? value.high - value.low : 0.0;
  return std::abs(drift) <= std::max(width, 0.01 * std::abs(value.value));
}

Estimate bootstrap_critics(const std::vector<std::vector<double>>& values, int resamples, uint64_t seed) {
  const size_t critics = values.size(), states = values.front().size();
  double total = 0.0;
  for (const auto& critic : values) total = std::accumulate(critic.begin(), critic.end(), total);
  Estimate estimate;
  estimate.value = total / static_cast<double>(critics * states);
  Rng rng(seed);
  std::vector<double> means;
  for (int r = 0; r < resamples; ++r) {
    std::vector<size_t> times(critics, 0);
    for (size_t k = 0; k < critics; ++k) ++times[rng.index(critics)];
    double sum = 0.0;
    for (size_t i = 0; i < states; ++i) {
      const size_t state = rng.index(states);
      for (size_t k = 0; k < critics; ++k) sum += static_cast<double>(times[k]) * values[k][state];
    }
    means.push_back(sum / static_cast<double>(critics * states));
  }
  estimate.low = quantile(means, 0.025);
  estimate.high = quantile(means, 0.975);
  return estimate;
}

}  // namespace vaco
