// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/sac_policy.h"

#include <ATen/ATen.h>

#include "core/learn/parts/formula.h"
#include "core/learn/parts/metrics.h"

namespace vaco {
namespace {

constexpr Metric kEntropy{"entropy", "Entropy of the policy (nats)", ""};
constexpr Metric kTemperature{"temperature", "Temperature", "α"};

}  // namespace

void SacPolicyParams::list(ParamFields& fields, const std::string& reference) {
  policy.list(fields);
  fields.of(policy.hidden_layers).reference = reference;
  fields.add(temperature_lr, {.key = "temperature_lr",
                              .symbol = "",
                              .label = "Temperature learning rate",
                              .help = "Adam's step size for the weight of the policy's entropy.",
                              .min = 0.0,
                              .max = 1.0,
                              .warn_min = 3e-6,
                              .warn_max = 1e-3,
                              .group = "Policy and networks",
                              .affects = "how fast the policy's spread reaches its target",
                              .reference = reference});
}

SacPolicy::SacPolicy(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                     const SacPolicyParams& params, uint64_t seed, Rng& init)
    : data_(device_data),
      target_entropy_(-static_cast<double>(data.action_dim)),
      network_(compute, data, params.policy),
      policy_(compute.parameters(network_.shape(), init)),
      gradient_(at::zeros_like(policy_)),
      log_alpha_(compute.zeros({1})),
      alpha_(at::ones_like(log_alpha_[0])),
      alpha_gradient_(at::zeros_like(log_alpha_)),
      policy_adam_(compute.adam(policy_, params.policy.policy_lr)),
      alpha_adam_(compute.adam(log_alpha_, params.temperature_lr)),
      noise_(compute, {params.policy.batch_size, data.action_dim}, seed, noise_stream(1)),
      next_noise_(compute, {params.policy.batch_size, data.action_dim}, seed, noise_stream(2)),
      tape_(network_.make_tape(params.policy.batch_size)),
      next_tape_(network_.make_tape(params.policy.batch_size)),
      minimum_(compute.zeros({params.policy.batch_size, 1})),
      scale_(compute.zeros({})),
      metrics_(compute, metric_list()) {}

MetricList SacPolicy::metric_list() {
  return {metric::policy_loss, metric::policy_q, kEntropy, kTemperature};
}

void SacPolicy::update(const at::Tensor& rows, CriticEnsemble& critics) {
  const double batch = static_cast<double>(rows.numel());
  gather_rows(data_.observations, rows, tape_.observations());
  network_.forward(policy_, tape_);
  network_.draw(noise_.draw(), tape_);

  const auto mean_log_density = tape_.log_density.mean();
  alpha_gradient_.copy_(mean_log_density.add(target_entropy_).neg_().view({1}));
  alpha_adam_.step(log_alpha_, alpha_gradient_);
  alpha_.copy_(log_alpha_[0].exp());

  const auto& q = critics.values(tape_.observations(), tape_.actions);
  if (!marked_.defined()) marked_ = at::zeros_like(q);
  mark_minimum(q, marked_);
  at::amin_out(minimum_, q, at::IntArrayRef{0});
  metrics_.add(metric::policy_loss, at::mul(alpha_, mean_log_density).sub_(minimum_.mean()));
  metrics_.add(metric::policy_q, minimum_.mean());
  metrics_.add(kEntropy, mean_log_density.neg());
  metrics_.add(kTemperature, alpha_);
  metrics_.count();
  // ∂L/∂Q_k = −1/B where the k-th is the smallest;  ∂L/∂log π = α/B
  const auto& to_actions = critics.action_gradient(marked_.mul_(-1.0 / batch));
  at::mul_out(scale_, alpha_, at::scalar_tensor(1.0 / batch, alpha_.options()));
  network_.backward(policy_, tape_, to_actions, scale_, gradient_);
  policy_adam_.step(policy_, gradient_);
}

const TanhGaussianTape& SacPolicy::draw_next(const at::Tensor& rows) {
  gather_rows(data_.next_observations, rows, next_tape_.observations());
  network_.forward(policy_, next_tape_);
  network_.draw(next_noise_.draw(), next_tape_);
  return next_tape_;
}

void SacPolicy::visit(StateArchive& archive) {
  archive("policy/parameters", policy_);
  archive("policy/adam", policy_adam_);
  archive("policy/log_temperature", log_alpha_);
  archive("policy/temperature_adam", alpha_adam_);
  metrics_.visit(archive, "policy/metrics");
  if (archive.loads()) alpha_.copy_(log_alpha_[0].exp());
}

}  // namespace vaco
