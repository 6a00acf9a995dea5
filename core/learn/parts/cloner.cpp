// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/cloner.h"

#include <algorithm>
#include <cmath>

namespace vaco {

void list_cloning_draws(ParamFields& fields, CloningDraws& draws, const std::string& group,
                        const std::string& help) {
  fields.add(draws, {.key = "cloning_draws",
                     .symbol = "",
                     .label = "Cloning draws",
                     .help = help,
                     .choices = {"uniform", "by_weight"},
                     .tier = ParamTier::basic,
                     .group = group,
                     .affects = "how much is cloned of what is not the best",
                     .reference = "by_weight: AW and RW (2306.13085)"});
}

void ClonerParams::list(ParamFields& fields, const std::string& group) {
  fields.add(
      rate_by_rows,
      {.key = "rate_by_rows",
       .symbol = "",
       .label = "Learning rate by rows",
       .help = "Where more than 5,000 effective rows are cloned by a fresh policy, its learning rate is "
               "higher: twice the policy's at 10,000 rows, three times from 15,000 on. At a high rate few "
               "rows are learned by heart, at a low one many are copied brittly.",
       .tier = ParamTier::basic,
       .group = group,
       .affects = "how closely many rows are copied",
       .reference = "our choice; as printed: off"});
  fields.add(fit_to_rows,
             {.key = "fit_to_rows",
              .symbol = "",
              .label = "Fit the cloner to its rows",
              .help = "The fewer effective rows are cloned, the narrower is the cloned policy and the earlier "
                      "its training ends, within the hidden width and the steps of the settings: ten thousand "
                      "rows carry 64 units and 15,000 steps. The steps after that pass without work.",
              .tier = ParamTier::basic,
              .group = group,
              .affects = "whether few rows are learned by heart",
              .reference = "our choice; as printed: off"});
  fields.add(weight_decay,
             {.key = "weight_decay",
              .symbol = "λ (decay)",
              .label = "Weight decay of the cloner",
              .help = "Each step of cloning first shrinks the policy's weights by this times the learning rate "
                      "(decoupled weight decay), so that few rows are not copied with their noise. 0 is off.",
              .min = 0.0,
              .max = 100.0,
              .warn_max = 1.0,
              .group = group,
              .affects = "smoothness of the policy between the rows",
              .reference = "our choice; AdamW (1711.05101)"});
}

ClonerSize fitted_size(double effective_rows, int64_t hidden_width, int64_t steps) {
  const auto width = std::llround(64.0 * std::pow(effective_rows / 1e4, 0.6));
  const auto enough = std::llround(1.5 * effective_rows);
  return {.width = std::min<int64_t>(hidden_width, std::max<int64_t>(16, width)),
          .steps = std::min<int64_t>(steps, std::max<int64_t>(1000, enough))};
}

double rate_for_rows(double effective_rows) {
  return std::clamp(effective_rows / 5000.0, 1.0, 3.0);
}

Cloner::Cloner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
               const AveragedPolicyParams& policy, RateSchedule schedule, int64_t steps,
               const ClonerParams& params, Rng& init)
    : compute_(compute),
      data_(data),
      device_data_(device_data),
      params_(policy),
      own_(params),
      schedule_(schedule),
      all_steps_(steps),
      steps_(steps),
      init_(init) {
  learner_.emplace(compute, data, device_data, policy, init);
  learner_->set_weight_decay(params.weight_decay);
}

void Cloner::fit(double effective_rows) {
  if (!fits() || rows_ > 0) return;
  begin(std::max<int64_t>(1, std::llround(effective_rows)), init_);
}

void Cloner::begin(int64_t rows, Rng& init) {
  rows_ = rows;
  if (own_.fit_to_rows) {
    const auto size = fitted_size(static_cast<double>(rows_), params_.hidden_width, all_steps_);
    steps_ = size.steps;
    AveragedPolicyParams params = params_;
    params.hidden_width = size.width;
    learner_.emplace(compute_, data_, device_data_, params, init);
    learner_->set_weight_decay(own_.weight_decay);
  }
  if (own_.rate_by_rows) learner_->scale_rate(rate_for_rows(static_cast<double>(rows_)));
}

bool Cloner::prepare(int64_t step) {
  if (step >= steps_) return false;
  if (schedule_ == RateSchedule::cosine) learner_->anneal(step, steps_);
  return true;
}

void Cloner::step(const at::Tensor& rows, const at::Tensor& weights, const std::function<void()>& meanwhile) {
  learner_->decay();
  learner_->gather(rows);
  learner_->clone_step(weights, meanwhile);
}

void Cloner::visit(StateArchive& archive, const std::string& front) {
  if (fits()) {
    int64_t rows = rows_;
    archive(front + "cloner/rows", rows);
    if (archive.loads() && rows > 0) {
      Rng any = init_;  // as the parameters come from the archive
      begin(rows, any);
    }
  }
  learner_->visit(archive, front + "policy");
}

}  // namespace vaco
