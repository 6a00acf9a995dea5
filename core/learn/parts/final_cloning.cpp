// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/final_cloning.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "core/learn/parts/row_draws.h"

namespace vaco {
namespace {

constexpr Metric kDrawnShare{"drawn_ess", "Effective share of the rows that the final cloning draws", ""};

/// Of small data so much is enough.
constexpr double kLeastShare = 0.05;

}  // namespace

void FinalCloningParams::list(ParamFields& fields) {
  const std::string group = "Bi-level schedule";
  list_cloning_draws(fields, cloning_draws, group,
                     "uniform: rows alike, and their weights on the loss. by_weight: rows by the weights of "
                     "their trajectories or windows, sharpened by the temperature, and a loss without "
                     "weights; the mean weight of a short trajectory counts as less certain, and is drawn "
                     "towards that of all rows. Weights of samples, which are no means, are too uncertain to "
                     "be sharpened: they stay on the loss.");
  fields.add(
      cloning_temperature,
      {.key = "cloning_temperature",
       .symbol = "T",
       .label = "Temperature of the draws",
       .help = "With draws by weight: a row is drawn e times less often when its weight falls by T of the "
               "highest weight; by T / S of it where the lowest weight lies only a share S below the highest, "
               "so that weights which have hardly parted are hardly sharpened.",
       .min = 1e-4,
       .max = 1e4,
       .warn_min = 0.01,
       .warn_max = 1.0,
       .scale = ParamScale::logarithmic,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "between the best trajectories alone (low) and all alike (high)",
       .reference = "our choice; 0.1 in 2306.13085, for returns"});
  fields.add(
      cloning_rows,
      {.key = "cloning_rows",
       .symbol = "",
       .label = "Least effective rows",
       .help = "With draws by weight: where the temperature would leave fewer effective rows, it is raised "
               "until there are so many, or a twentieth of all.",
       .min = 0.0,
       .max = 1e12,
       .warn_min = 200.0,
       .group = group,
       .unit = "rows",
       .affects = "how few trajectories may carry the policy",
       .reference = "our choice"});
  cloner.list(fields, group);
}

FinalCloning::FinalCloning(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                           const AveragedPolicyParams& policy, RateSchedule schedule, int64_t steps,
                           const FinalCloningParams& params, const WeightGroups* groups, SamplerOf sampler,
                           Rng& init)
    : rows_(data.rows),
      groups_(groups),
      draws_by_weight_(groups && params.cloning_draws == CloningDraws::by_weight),
      temperature_(params.cloning_temperature),
      least_rows_(params.cloning_rows),
      make_sampler_(std::move(sampler)),
      share_(compute.zeros({})),
      metrics_(compute, metric_list()) {
  if (params.cloner.fit_to_rows)
    cloner_.emplace(compute, data, device_data, policy, schedule, steps, params.cloner, init);
}

void FinalCloning::set_weights(std::vector<float> weights) {
  if (draws_by_weight_) {
    shrink_short_groups(*groups_, weights);
    const double least = std::min(least_rows_, kLeastShare * static_cast<double>(rows_));
    sharpen(weights, temperature_for_rows(weights, temperature_, least));
    sampler_.emplace(make_sampler_(resample_rows(weights)));
  }
  effective_rows_ = std::max(1.0, vaco::effective_rows(weights));
  share_.fill_(effective_rows_ / static_cast<double>(rows_));
  if (cloner_) cloner_->fit(effective_rows_);
}

const at::Tensor& FinalCloning::draw(Rng& rng) {
  metrics_.add(kDrawnShare, share_);
  metrics_.count();
  return sampler_->draw(rng);
}

MetricList FinalCloning::metric_list() {
  return {kDrawnShare};
}

void FinalCloning::visit(StateArchive& archive) {
  if (cloner_) cloner_->visit(archive, "final/");
  if (draws_by_weight_) metrics_.visit(archive, "metrics/final");
}

}  // namespace vaco
