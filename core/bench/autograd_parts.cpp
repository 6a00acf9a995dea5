// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/autograd_parts.h"

#include <ATen/ATen.h>
#include <ATen/core/Reduction.h>

#include <bit>

namespace vaco::autograd {
namespace {

at::Tensor column(const std::vector<float>& values, int64_t width) {
  return at::tensor(values).view({-1, width});
}

}  // namespace

at::Tensor read(const StateDict& state, const std::string& name) {
  const auto& array = state.at(name);
  return at::tensor(std::get<std::vector<float>>(array.values)).view(array.shape);
}

at::Tensor leaf(const StateDict& state, const std::string& name) {
  return read(state, name).requires_grad_();
}

void write(StateDict& state, const std::string& name, const at::Tensor& tensor) {
  const auto host = tensor.detach().contiguous();
  state[name] = {host.sizes().vec(),
                 std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel())};
}

Rng read_generator(const StateDict& state, const std::string& name) {
  const auto& words = std::get<std::vector<uint64_t>>(state.at(name).values);
  Rng rng;
  rng.set_state({{words[0], words[1], words[2], words[3]}, std::bit_cast<double>(words[4]), words[5] != 0});
  return rng;
}

at::Tensor network(const MlpShape& s, const at::Tensor& flat, at::Tensor h) {
  for (int64_t l = 0; l < s.layers(); ++l) {
    const auto weight =
        flat.narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l)).view({s.fan_in(l), s.fan_out(l)});
    h = at::addmm(flat.narrow(0, s.bias_at(l), s.fan_out(l)), h, weight);
    if (l < s.hidden_layers) h = at::relu(h);
  }
  return h;
}

std::unique_ptr<torch::optim::Adam> adam(const at::Tensor& parameters, double learning_rate) {
  return std::make_unique<torch::optim::Adam>(std::vector<at::Tensor>{parameters},
                                              torch::optim::AdamOptions(learning_rate));
}

void descend(torch::optim::Adam& adam, at::Tensor& parameters, const at::Tensor& gradient) {
  parameters.mutable_grad() = gradient;
  adam.step();
}

Columns::Columns(const TrainingData& d, const NetworkParams& p)
    : size(d.rows),
      batch(p.batch_size),
      choices(d.action_count),
      s(column(d.observations, d.obs_dim)),
      a(column(d.actions, d.action_dim)),
      r(column(d.rewards, 1)),
      next(column(d.next_observations, d.obs_dim)),
      mask(column(d.masks, 1)),
      low(at::tensor(d.action_low)),
      high(at::tensor(d.action_high)),
      middle((high + low) * 0.5),
      half((high - low) * 0.5),
      q_shape(p.shape(d.obs_dim + d.action_dim, 1)),
      v_shape(p.shape(d.obs_dim, 1)),
      pi_shape(p.shape(d.obs_dim, d.action_dim)) {}

at::Tensor Columns::draw(Rng& rng) const {
  auto index = at::empty({batch}, at::kLong);
  for (int64_t i = 0; i < batch; ++i)
    index.data_ptr<int64_t>()[i] = static_cast<int64_t>(rng.index(static_cast<uint64_t>(size)));
  return index;
}

at::Tensor Columns::q(const at::Tensor& theta, int64_t twin, const at::Tensor& states,
                      const at::Tensor& actions) const {
  return network(q_shape, theta[twin], at::cat({states, actions}, 1));
}

at::Tensor Columns::min_q(const at::Tensor& theta, const at::Tensor& states, const at::Tensor& actions) const {
  const auto input = at::cat({states, actions}, 1);
  return at::minimum(network(q_shape, theta[0], input), network(q_shape, theta[1], input));
}

at::Tensor Columns::pi(const at::Tensor& phi, const at::Tensor& states) const {
  const auto output = network(pi_shape, phi[0], states);
  return choices > 0 ? at::log_softmax(output, 1) : middle + half * at::tanh(output);
}

at::Tensor Columns::cloning_losses(const at::Tensor& phi, const at::Tensor& states,
                                   const at::Tensor& actions) const {
  const auto policy = pi(phi, states);
  if (choices == 0) return (policy - actions).square().sum(1, true);
  return at::nll_loss(policy, actions.argmax(1), {}, at::Reduction::None).unsqueeze(1);
}

at::Tensor Columns::policy_q(const at::Tensor& theta, const at::Tensor& phi, const at::Tensor& states) const {
  const auto policy = pi(phi, states);
  if (choices == 0) return min_q(theta, states, policy);
  auto expected = at::zeros({states.size(0), 1});
  for (int64_t choice = 0; choice < choices; ++choice) {
    auto made = at::zeros({states.size(0), choices});
    made.select(1, choice).fill_(1.0);
    expected = expected + policy.narrow(1, choice, 1).exp() * min_q(theta, states, made);
  }
  return expected;
}

}  // namespace vaco::autograd
