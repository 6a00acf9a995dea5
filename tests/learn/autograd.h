// SPDX-License-Identifier: GPL-3.0-or-later
// What references written with libtorch autograd share: the independent truth for the engine's updates.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>

#include <bit>

#include "tests/learn/toy_data.h"
#include "tests/nn/autograd_mlp.h"

namespace vaco::testing {

inline at::Tensor read(const StateDict& state, const std::string& name) {
  const auto& array = state.at(name);
  return at::tensor(std::get<std::vector<float>>(array.values)).view(array.shape);
}

inline at::Tensor leaf(const StateDict& state, const std::string& name) {
  return read(state, name).requires_grad_();
}

inline Rng read_rng(const StateDict& state, const std::string& name) {
  const auto& words = std::get<std::vector<uint64_t>>(state.at(name).values);
  Rng rng;
  rng.set_state({{words[0], words[1], words[2], words[3]}, std::bit_cast<double>(words[4]), words[5] != 0});
  return rng;
}

/// One copy's forward pass in differentiable operations; flat [P], input [B, in].
inline at::Tensor network(const MlpShape& shape, const at::Tensor& flat, const at::Tensor& input) {
  return autograd_forward(shape, flat.unsqueeze(0), input)[0];
}

/// torch's Adam on one tensor, with gradients handed in.
class TorchAdam {
 public:
  TorchAdam(const at::Tensor& parameters, double learning_rate)
      : parameters_(parameters),
        adam_(std::vector<at::Tensor>{parameters}, torch::optim::AdamOptions(learning_rate)) {}
  void set_learning_rate(double rate) {
    static_cast<torch::optim::AdamOptions&>(adam_.param_groups()[0].options()).lr(rate);
  }
  /// One step down the loss, whose graph may be used by others afterwards.
  void descend(const at::Tensor& loss) {
    parameters_.mutable_grad() = torch::autograd::grad({loss}, {parameters_}, {}, true)[0];
    adam_.step();
  }

 private:
  at::Tensor parameters_;
  torch::optim::Adam adam_;
};

/// The dataset's columns and the networks' shapes of a configuration.
struct Columns {
  Columns(const TrainingData& d, const ParamSet& p)
      : rows(d.rows),
        batch(p.integer("batch_size")),
        s(column(d.observations, d.obs_dim)),
        a(column(d.actions, d.action_dim)),
        r(column(d.rewards, 1)),
        next(column(d.next_observations, d.obs_dim)),
        mask(column(d.masks, 1)),
        middle((at::tensor(d.action_high) + at::tensor(d.action_low)) * 0.5),
        half((at::tensor(d.action_high) - at::tensor(d.action_low)) * 0.5),
        q_shape(shape(p, d.obs_dim + d.action_dim, 1)),
        v_shape(shape(p, d.obs_dim, 1)),
        pi_shape(shape(p, d.obs_dim, d.action_dim)) {}

  at::Tensor draw(Rng& rng) const {
    auto index = at::empty({batch}, at::kLong);
    for (int64_t i = 0; i < batch; ++i)
      index.data_ptr<int64_t>()[i] = static_cast<int64_t>(rng.index(static_cast<uint64_t>(rows)));
    return index;
  }
  /// Q of every copy [copies, B, 1].
  at::Tensor q(const at::Tensor& theta, const at::Tensor& states, const at::Tensor& actions) const {
    const auto input = at::cat({states, actions}, 1);
    std::vector<at::Tensor> values;
    for (int64_t copy = 0; copy < theta.size(0); ++copy) values.push_back(network(q_shape, theta[copy], input));
    return at::stack(values);
  }
  at::Tensor v(const at::Tensor& psi, const at::Tensor& states) const {
    return network(v_shape, psi[0], states);
  }
  /// middle + half · tanh(MLP).
  at::Tensor pi(const at::Tensor& phi, const at::Tensor& states) const {
    return middle + half * at::tanh(network(pi_shape, phi[0], states));
  }

  static at::Tensor column(const std::vector<float>& values, int64_t width) {
    return at::tensor(values).view({-1, width});
  }
  static MlpShape shape(const ParamSet& p, int64_t inputs, int64_t outputs) {
    return {.inputs = inputs,
            .outputs = outputs,
            .width = p.integer("hidden_width"),
            .hidden_layers = p.integer("hidden_layers"),
            .copies = 1};
  }

  int64_t rows, batch;
  at::Tensor s, a, r, next, mask, middle, half;
  MlpShape q_shape, v_shape, pi_shape;
};

inline at::Tensor minimum(const at::Tensor& values) {
  return std::get<0>(values.min(0));
}

/// ‖ours − theirs‖ / ‖theirs‖ below the bound.
inline void expect_close(const StateDict& ours, const std::string& name, const at::Tensor& theirs, int step,
                         double bound = 1e-5) {
  const auto reference = theirs.detach();
  const double difference =
      ((read(ours, name) - reference).norm() / reference.norm().clamp_min(1e-12)).item<double>();
  EXPECT_LT(difference, bound) << name << " after step " << step;
}

}  // namespace vaco::testing
