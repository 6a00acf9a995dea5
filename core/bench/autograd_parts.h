// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/optim/adam.h>

#include <memory>
#include <string>

#include "core/base/rng.h"
#include "core/base/state_dict.h"
#include "core/learn/parts/policy_params.h"
#include "core/learn/training_data.h"
#include "core/nn/mlp.h"

/// What the autograd references are made of: the engine's saved state as tensors, the dataset's columns, and
/// networks in differentiable operations. On the CPU, in float32.
namespace vaco::autograd {

at::Tensor read(const StateDict& state, const std::string& name);
/// The same as a leaf of the graph.
at::Tensor leaf(const StateDict& state, const std::string& name);
void write(StateDict& state, const std::string& name, const at::Tensor& tensor);
Rng read_generator(const StateDict& state, const std::string& name);

/// One copy's forward pass; flat [P], input [B, inputs] -> [B, outputs].
at::Tensor network(const MlpShape& shape, const at::Tensor& flat, at::Tensor input);

std::unique_ptr<torch::optim::Adam> adam(const at::Tensor& parameters, double learning_rate);
void descend(torch::optim::Adam& adam, at::Tensor& parameters, const at::Tensor& gradient);

struct Columns {
  Columns(const TrainingData& data, const NetworkParams& params);

  at::Tensor draw(Rng& rng) const;  ///< rows [B], as the engine draws them
  /// Q_k of one twin at θ [copies, P] -> [B, 1].
  at::Tensor q(const at::Tensor& theta, int64_t twin, const at::Tensor& states,
               const at::Tensor& actions) const;
  at::Tensor min_q(const at::Tensor& theta, const at::Tensor& states, const at::Tensor& actions) const;
  /// middle + half · tanh(MLP), φ [1, P]; of discrete actions log π(·|s).
  at::Tensor pi(const at::Tensor& phi, const at::Tensor& states) const;
  /// ‖π(s) − a‖², or −log π(a|s) by torch's loss over the numbers of the choices [B, 1].
  at::Tensor cloning_losses(const at::Tensor& phi, const at::Tensor& states, const at::Tensor& actions) const;
  /// min Q(s, π(s)), or Σ_a π(a|s) min Q(s, a) [B, 1].
  at::Tensor policy_q(const at::Tensor& theta, const at::Tensor& phi, const at::Tensor& states) const;

  int64_t size, batch;                 ///< N, B
  int64_t choices;                     ///< of discrete actions, or 0
  at::Tensor s, a, r, next, mask;      ///< [N, ·]
  at::Tensor low, high, middle, half;  ///< [action_dim]
  MlpShape q_shape, v_shape, pi_shape;
};

}  // namespace vaco::autograd
