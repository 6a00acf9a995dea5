// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/offline_estimates.h"

#include <cmath>
#include <utility>

#include "core/base/json.h"
#include "core/base/json_value.h"
#include "core/base/readable.h"
#include "core/data/policy_file.h"

namespace vaco {
namespace {

constexpr auto kFile = "offline_evaluation.json";

Json to_json(const Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

Estimate estimate_at(const Json& json, const char* key) {
  const double none = std::nan("");
  const auto found = json.find(key);
  if (found == json.end()) return {none, none, none};
  return {value_or<double>(*found, "value", none), value_or<double>(*found, "low", none),
          value_or<double>(*found, "high", none)};
}

}  // namespace

Result<OfflineEvaluation> estimate_run(const std::filesystem::path& run_folder, const RunConfig& config,
                                       const ProgressFn& progress, std::stop_token stop, int64_t steps) {
  const auto policy = read_policy(run_folder / "policy.h5");
  if (!policy) return policy.error();
  FqeOptions options;
  options.steps = steps;
  options.seed = config.seed;
  options.compute.threads = 1;
  if (const auto found = config.params.find("discount"); found != config.params.end())
    if (const auto* discount = std::get_if<double>(&found->second.value)) options.discount = *discount;
  const auto reading = reading_of(config);
  if (!reading) return reading.error();
  auto result = evaluate_offline(*policy, config.dataset, *reading, options, progress, std::move(stop));
  if (!result) return result;
  const auto kept = write_json(run_folder / kFile, {{"method", "fqe"},
                                                    {"policy_step", policy->step},
                                                    {"discount", options.discount},
                                                    {"steps", options.steps},
                                                    {"critics", options.critics},
                                                    {"seed", options.seed},
                                                    {"initial_states", result->initial_states},
                                                    {"discounted_return", to_json(result->value)},
                                                    {"drift", result->drift},
                                                    {"behavior_discounted_return", to_json(result->behavior)}});
  if (!kept) return kept.error();
  return result;
}

ReportTable offline_table(const Report& report) {
  ReportTable table;
  table.key = "offline";
  table.title = "Values estimated from the data";
  table.note =
      "Discounted return of a run's policy from the first states of the data, by fitted Q evaluation, "
      "with a 95 % interval over these states and the critics; an error that all critics share is not "
      "in it. A value is not settled that moved by more than its interval and 1 % of itself in the last "
      "tenth of the steps, or of which that is not known. Beside it the discounted return of the data's "
      "own trajectories, and the score of the last evaluation.";
  table.header = {"dataset, algorithm, seed", "estimate [95 %]", "of the data [95 %]", "discount",
                  "policy at step",           "last score"};
  for (const auto& run : report.runs) {
    const auto json = read_json(run.folder / kFile);
    if (!json || !json->is_object()) continue;
    const auto value = estimate_at(*json, "discounted_return");
    const bool moves =
        std::isfinite(value.value) && !is_settled(value, value_or<double>(*json, "drift", std::nan("")));
    table.rows.push_back({run.dataset + ", " + run.label + ", " + std::to_string(run.config.seed),
                          to_text(value, 2) + (moves ? ", not settled" : ""),
                          to_text(estimate_at(*json, "behavior_discounted_return"), 2),
                          fixed(value_or<double>(*json, "discount", std::nan("")), 3),
                          grouped(value_or<int64_t>(*json, "policy_step", 0)), fixed(run.last, 1)});
  }
  return table;
}

}  // namespace vaco
