// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/adam.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/nn/cuda_kernel.h"
#include "core/nn/vector_loops.h"

namespace vaco {
namespace {

bool fused(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat;
}

/// Runs over ranges of n elements, on the workers if there are any.
template <class Range>
void over_ranges(Workers* workers, int64_t n, Range&& range) {
  if (workers)
    workers->run_ranges(n, range);
  else
    range(int64_t{0}, n);
}

}  // namespace

Adam::Adam(const at::Tensor& like, AdamOptions options, Workers* workers)
    : first_moment(at::zeros_like(like)),
      second_moment(at::zeros_like(like)),
      options_(options),
      workers_(workers) {
  if (options.fused && fused(like)) return;
  device_steps_ = at::zeros({}, like.options().dtype(at::kDouble));
  device_rate_ = at::full({}, options.learning_rate, device_steps_.options());
  device_finished_ = at::zeros({}, like.options().dtype(at::kInt));
  device_betas_ = at::tensor({options.beta1, options.beta2}, at::kDouble).to(like.device());
}

void Adam::set_learning_rate(double rate) {
  options_.learning_rate = rate;
  if (device_rate_.defined()) device_rate_.fill_(rate);
}

int64_t Adam::steps() const {
  return device_steps_.defined() ? static_cast<int64_t>(device_steps_.item<double>()) : steps_;
}

void Adam::set_steps(int64_t steps) {
  steps_ = steps;
  if (device_steps_.defined()) device_steps_.fill_(static_cast<double>(steps));
}

void Adam::restart() {
  first_moment.zero_();
  second_moment.zero_();
  set_steps(0);
}

at::Tensor Adam::corrections() const {
  if (device_steps_.defined()) return at::rsub(at::pow(device_betas_, device_steps_), 1.0);
  const auto steps = static_cast<double>(steps_);
  return at::tensor({1.0 - std::pow(options_.beta1, steps), 1.0 - std::pow(options_.beta2, steps)},
                    at::kDouble);
}

void Adam::step(at::Tensor& parameters, const at::Tensor& gradients) {
  at::Tensor none;
  step(parameters, gradients, none, 0.0);
}

std::optional<Adam::OnCard> Adam::on_card(const at::Tensor& parameters) {
  if (!device_steps_.defined() || !parameters.is_cuda() || parameters.scalar_type() != at::kFloat) return {};
  return OnCard{.first = first_moment.data_ptr<float>(),
                .second = second_moment.data_ptr<float>(),
                .steps = device_steps_.data_ptr<double>(),
                .rate = device_rate_.data_ptr<double>(),
                .finished = device_finished_.data_ptr<int>(),
                .log_beta1 = static_cast<float>(std::log(options_.beta1)),
                .log_beta2 = static_cast<float>(std::log(options_.beta2)),
                .epsilon = static_cast<float>(options_.epsilon)};
}

namespace {

void step_on_card(const Adam::OnCard& adam, at::Tensor& parameters, const at::Tensor& gradients,
                  const at::Tensor& target, double rate) {
  static const CudaKernel kernel{std::string(vector_kernels()), "adam_step"};
  constexpr int64_t kEach = 4;  // as in kernels/vectors.cu
  const long long n = parameters.numel();
  float* const to = parameters.data_ptr<float>();
  float* const follower = target.defined() ? target.data_ptr<float>() : nullptr;
  const float* const from = gradients.data_ptr<float>();
  const auto target_rate = static_cast<float>(rate);
  kernel.launch(one_thread_each((n + kEach - 1) / kEach),
                {&n, &to, &from, &adam.first, &adam.second, &follower, &adam.steps, &adam.rate, &adam.log_beta1,
                 &adam.log_beta2, &adam.epsilon, &target_rate, &adam.finished});
}

}  // namespace

void Adam::step(at::Tensor& parameters, const at::Tensor& gradients, at::Tensor& target, double rate) {
  if (const auto card = on_card(parameters)) return step_on_card(*card, parameters, gradients, target, rate);
  if (device_steps_.defined()) {
    device_steps_.add_(1.0);
    first_moment.mul_(options_.beta1).add_(gradients, 1.0 - options_.beta1);
    second_moment.mul_(options_.beta2).addcmul_(gradients, gradients, 1.0 - options_.beta2);
    const auto both = corrections();
    const auto denominator = second_moment.sqrt().div_(both[1].sqrt()).add_(options_.epsilon);
    const auto scale = device_rate_ / both[0];
    parameters.addcdiv_(first_moment * scale, denominator, -1.0);
    if (target.defined()) target.lerp_(parameters, rate);
    return;
  }
  ++steps_;
  const double correction1 = 1.0 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double correction2 = 1.0 - std::pow(options_.beta2, static_cast<double>(steps_));
  const AdamFactors factors{.beta1 = static_cast<float>(options_.beta1),
                            .rest1 = static_cast<float>(1.0 - options_.beta1),
                            .beta2 = static_cast<float>(options_.beta2),
                            .rest2 = static_cast<float>(1.0 - options_.beta2),
                            .scale = static_cast<float>(1.0 / std::sqrt(correction2)),
                            .epsilon = static_cast<float>(options_.epsilon),
                            .step = static_cast<float>(options_.learning_rate / correction1)};
  const float* g = gradients.data_ptr<float>();
  float* p = parameters.data_ptr<float>();
  float* m = first_moment.data_ptr<float>();
  float* v = second_moment.data_ptr<float>();
  float* t = target.defined() ? target.data_ptr<float>() : nullptr;
  over_ranges(workers_, parameters.numel(), [&](int64_t begin, int64_t end) {
    adam_loop(factors, g + begin, m + begin, v + begin, p + begin, end - begin);
    if (t) polyak_loop(static_cast<float>(rate), p + begin, t + begin, end - begin);
  });
}

void Adam::derivative(const at::Tensor& gradients, at::Tensor& out) const {
  const auto both = corrections(), correction1 = both[0], correction2 = both[1];
  // u = m̂/(√v̂ + ε);  ∂u/∂g = (1 − β1)/c1/(√v̂ + ε) − m̂ (1 − β2) g / (c2 √v̂ (√v̂ + ε)²)
  const auto root = (second_moment / correction2).sqrt_();
  const auto denominator = root + options_.epsilon;
  out.copy_(denominator.reciprocal().mul_(at::full_like(correction1, 1.0 - options_.beta1).div_(correction1)));
  const auto curvature = gradients * (1.0 - options_.beta2) / correction2 / root.clamp_min(1e-30);
  out.sub_((first_moment / correction1).mul_(curvature).div_(denominator).div_(denominator));
}

}  // namespace vaco
