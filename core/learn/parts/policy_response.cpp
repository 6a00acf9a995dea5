// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/policy_response.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/learn/parts/dataset_pass.h"
#include "core/learn/parts/formula.h"

namespace vaco {
namespace {

constexpr int kIterations = 20;
constexpr int64_t kLookChunk = 1024;  // rows of a look that costs little
constexpr double kDamping = 0.01, kTolerance = 0.01;

/// The k-th of `parts` sets of `count` rows each that lie evenly in the dataset.
at::Tensor even_rows(const Compute& compute, int64_t total, int64_t count, int64_t parts, int64_t k) {
  std::vector<int64_t> rows(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) rows[static_cast<size_t>(i)] = (i * parts + k) * total / (count * parts);
  return compute.upload(rows);
}

std::vector<float> host_values(const at::Tensor& values) {
  const auto host = values.to(at::kCPU, at::kFloat).contiguous();
  return {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()};
}

double inner_product(const at::Tensor& a, const at::Tensor& b) {
  return a.mul(b).sum().item<double>();
}

}  // namespace

PolicyResponse::PolicyResponse(Compute& compute, const DeviceData& data, const HighLevelParams& params,
                               const PolicyLearner& policy, const ValueLearning& values, int64_t chunk)
    : compute_(compute),
      data_(data),
      policy_(policy),
      rows_(data.observations.size(0)),
      chunk_(std::min(chunk, rows_)),
      policy_value_(compute, data, params, chunk_, policy.network(), values, 0),
      tape_(policy.network().make_tape(chunk_)),
      action_gradient_(at::zeros_like(tape_.actions)),
      gradients_(at::zeros_like(policy.parameters())),
      value_gradient_(at::zeros_like(gradients_)),
      even_rows_(even_rows(compute, rows_, chunk_, 1, 0)) {}

const at::Tensor& PolicyResponse::value_gradient(int64_t most) {
  const int64_t chunks = std::clamp<int64_t>(rows_ / chunk_, 1, most);
  value_gradient_.zero_();
  mean_absolute_q_ = 0.0;
  for (int64_t k = 0; k < chunks; ++k) {
    const auto rows = even_rows(compute_, rows_, chunk_, chunks, k);
    value_gradient_.add_(policy_value_.gradient(policy_.parameters(), rows), 1.0 / static_cast<double>(chunks));
    mean_absolute_q_ += policy_value_.mean_absolute_q() / static_cast<double>(chunks);
  }
  return value_gradient_;
}

at::Tensor PolicyResponse::products(const at::Tensor& direction, const std::function<bool(double)>& go_on) {
  return products(direction, data_.observations, data_.actions, go_on);
}

at::Tensor PolicyResponse::products(const at::Tensor& direction, const at::Tensor& observations,
                                    const at::Tensor& actions, const std::function<bool(double)>& go_on) {
  const int64_t count = observations.size(0);
  auto all = compute_.zeros({count, 1}), some = compute_.zeros({chunk_, 1});
  bool goes_on = true;
  over_chunks(count, chunk_, [&](int64_t begin) {
    goes_on = goes_on && go_on(static_cast<double>(begin) / static_cast<double>(count));
    if (!goes_on) return;
    tape_.observations().copy_(observations.narrow(0, begin, chunk_));
    policy_.network().act(policy_.parameters(), tape_);
    evaluate(
        action_gradient_, [](auto policy, auto action, auto slope) { return (policy - action) * slope; },
        tape_.actions, actions.narrow(0, begin, chunk_), policy_.network().loss_slope());
    policy_.network().begin_backward_loss(tape_, action_gradient_);
    policy_.network().backward_output(policy_.parameters(), tape_, gradients_);
    policy_.network().row_products(direction, tape_, some);
    all.narrow(0, begin, chunk_).copy_(some);
  });
  return all;
}

at::Tensor PolicyResponse::curvature(const at::Tensor& direction, const at::Tensor& weights) {
  const int64_t action_dim = action_gradient_.size(1);
  auto moved = at::zeros_like(action_gradient_), column = compute_.zeros({chunk_, 1});
  for (int64_t k = 0; k < action_dim; ++k) {
    action_gradient_.zero_();
    action_gradient_.narrow(1, k, 1).fill_(1.0);
    policy_.network().backward(policy_.parameters(), tape_, action_gradient_, gradients_);
    policy_.network().row_products(direction, tape_, column);
    moved.narrow(1, k, 1).copy_(column);
  }
  at::mul_out(action_gradient_, moved, weights);
  // Of choices, Σ_a ∂π_a ∂π_a / π_a: what the cross-entropy's second derivative is in the logits.
  if (policy_.network().choices() > 0) action_gradient_.div_(tape_.actions.clamp_min(1e-12));
  action_gradient_.mul_(policy_.network().loss_slope() / static_cast<double>(chunk_));
  policy_.network().backward(policy_.parameters(), tape_, action_gradient_, gradients_);
  return gradients_.clone();
}

at::Tensor PolicyResponse::solve(const at::Tensor& v, const at::Tensor& weights,
                                 const std::function<bool(double)>& go_on) {
  gather_rows(data_.observations, even_rows_, tape_.observations());
  policy_.network().act(policy_.parameters(), tape_);
  const auto w = weights.index_select(0, even_rows_);
  auto solution = at::zeros_like(v), residual = v.clone(), direction = v.clone();
  const double start = inner_product(v, v);
  if (!(start > 0.0)) return solution;
  double damping = 0.0, size = start;
  for (int i = 0; i < kIterations && size > kTolerance * kTolerance * start; ++i) {
    if (!go_on(static_cast<double>(i) / kIterations)) return solution;
    auto image = curvature(direction, w);
    if (i == 0) damping = kDamping * inner_product(direction, image) / size;
    image.add_(direction, damping);
    const double bend = inner_product(direction, image);
    if (!(bend > 0.0)) break;
    const double length = size / bend;
    solution.add_(direction, length);
    residual.add_(image, -length);
    const double next = inner_product(residual, residual);
    direction.mul_(next / size).add_(residual);
    size = next;
  }
  return solution;
}

Result<RowValues> explain_rows(Compute& compute, const DeviceData& data, const HighLevelParams& params,
                               const PolicyLearner& policy, ValueLearning& values,
                               const std::optional<std::vector<float>>& weights, const ProgressFn& progress,
                               const std::stop_token& stop) {
  // Shares of the time that the parts take.
  constexpr double kValues = 0.2, kSolved = 0.5, kAligned = 0.75;
  const auto tell = [&](double from, double to) {
    return [&, from, to](double fraction) {
      if (progress) progress(from + (to - from) * fraction, "Asking the networks");
      return !stop.stop_requested();
    };
  };
  const Error stopped{ErrorCode::stopped, "stopped before all rows were looked at"};
  RowValues result;
  if (!tell(0.0, kValues)(0.0)) return stopped;
  auto column = at::zeros_like(data.rewards);
  values.evaluate_dataset(reduction_of(params.which_q), uses_target_critics(params.which_q), column);
  result.q = host_values(column);
  if (!tell(0.0, kValues)(0.5)) return stopped;
  values.evaluate_dataset_value(column);
  result.v = host_values(column);
  if (!weights) return result;

  PolicyResponse response(compute, data, params, policy, values);
  const auto& v = response.value_gradient();
  result.mean_absolute_q = response.mean_absolute_q();
  auto w = compute.upload(*weights, {static_cast<int64_t>(weights->size()), 1});
  w.div_(w.mean().clamp_min_(1e-12));
  const auto solved = response.solve(v, w, tell(kValues, kSolved));
  result.alignment = host_values(response.products(v, tell(kSolved, kAligned)));
  result.response = host_values(response.products(solved, tell(kAligned, 1.0)));
  if (stop.stop_requested()) return stopped;
  return result;
}

RowValues explain_some_rows(Compute& compute, const DeviceData& data, const HighLevelParams& params,
                            const PolicyLearner& policy, const ValueLearning& values, bool learned,
                            const std::vector<int64_t>& rows) {
  RowValues result;
  if (rows.empty()) return result;
  const auto count = static_cast<int64_t>(rows.size());
  // Networks take whole chunks: the last row stands for what is missing.
  const int64_t chunk = std::min(kLookChunk, data.observations.size(0));
  auto padded = rows;
  padded.resize(static_cast<size_t>(std::max(count, chunk)), rows.back());
  const auto index = compute.upload(padded);
  const auto some = static_cast<int64_t>(padded.size());
  const auto observations = data.observations.index_select(0, index);
  auto column = compute.zeros({some, 1});
  std::unique_ptr<Tape> critic_tape, value_tape;
  values.evaluate_critics(reduction_of(params.which_q), uses_target_critics(params.which_q),
                          data.observation_action.index_select(0, index), critic_tape, column);
  result.q = host_values(column.narrow(0, 0, count));
  values.evaluate_value(observations, value_tape, column);
  result.v = host_values(column.narrow(0, 0, count));
  if (!learned) return result;
  PolicyResponse response(compute, data, params, policy, values, kLookChunk);
  const auto& v = response.value_gradient(1);
  result.mean_absolute_q = response.mean_absolute_q();
  const auto c =
      response.products(v, observations, data.actions.index_select(0, index), [](double) { return true; });
  result.alignment = host_values(c.narrow(0, 0, count));
  return result;
}

ValueSnapshot snapshot_critics(const ValueLearning& values, WhichQ which_q, const TrainingData& data,
                               int64_t step) {
  const auto& parameters =
      uses_target_critics(which_q) ? values.critic_target_parameters() : values.critic_parameters();
  ValueSnapshot snapshot;
  snapshot.step = step;
  snapshot.obs_dim = data.obs_dim;
  snapshot.action_count = data.action_count;
  snapshot.action_dim = data.action_count > 0 ? 1 : data.action_dim;
  const auto reduction = reduction_of(which_q);
  snapshot.minimum = reduction == CriticReduction::minimum;
  const int64_t asked = reduction == CriticReduction::first ? 1 : parameters.size(0);
  for (int64_t k = 0; k < asked; ++k) {
    auto critic = make_snapshot(values.critic().shape(), parameters.select(0, k), data);
    // Actions go in as they are.
    const auto width = static_cast<size_t>(critic.layers.front().inputs);
    critic.observation_mean.resize(width, 0.0f);
    critic.observation_scale.resize(width, 1.0f);
    critic.action_count = 0;
    critic.action_low = {-1.0f};
    critic.action_high = {1.0f};
    snapshot.critics.push_back(std::move(critic));
  }
  return snapshot;
}

}  // namespace vaco
