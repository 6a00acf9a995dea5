// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "core/learn/parts/batches.h"
#include "core/learn/parts/policy_network.h"
#include "core/learn/parts/policy_params.h"
#include "core/learn/parts/state_archive.h"
#include "core/nn/adam.h"

namespace vaco {

/// The policy being trained by (weighted) cloning: φ, its optimizer and its moving average.
///   J^w_BC(φ) = E w ℓ(φ)   (mean over the batch; ℓ as PolicyNetwork says: ‖π_φ(s) − a‖², or −log π_φ(a|s))
class PolicyLearner {
 public:
  PolicyLearner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                const AveragedPolicyParams& params, Rng& init);

  /// Gathers the rows [B] and lets the network work on them at the present φ.
  void gather(const at::Tensor& rows);
  /// One Adam step on the rows of the last gather(); weights [B, 1], or [B, action_dim] to weigh each
  /// coordinate of the residual, or undefined for plain cloning. meanwhile: what may be done beside the step's
  /// larger part, as to note its loss().
  void clone_step(
      const at::Tensor& weights, const std::function<void()>& meanwhile = [] {});
  /// The same with weights [B, 1], leaving every row's own ∂ℓ_i/∂φ on the tape, without its weight.
  void clone_step_by_rows(const at::Tensor& weights);
  /// That step's gradient, without the step.
  void clone_gradient(const at::Tensor& weights);
  /// φ ← (1 − η λ) φ at the present learning rate η, before a step: decoupled weight decay (1711.05101).
  void decay();
  /// λ ≥ 0, 0 at first; what decay() takes. Belongs to the host's part of a step.
  void set_weight_decay(double decay);
  /// Learns at so many times the configured rate from here on.
  void scale_rate(double factor);
  /// Sets the learning rate to that one times half a cosine, which ends at 0; returns it.
  double anneal(int64_t step, int64_t steps);
  /// Forgets everything and starts with fresh parameters.
  void restart(Rng& init);

  [[nodiscard]] const PolicyNetwork& network() const { return network_; }
  [[nodiscard]] const at::Tensor& parameters() const { return parameters_; }  ///< φ [1, P]
  [[nodiscard]] const at::Tensor& gradients() const { return gradients_; }    ///< of the last clone_step
  [[nodiscard]] const Adam& adam() const { return adam_; }
  [[nodiscard]] PolicyTape& tape() { return tape_; }  ///< of the last gather()
  /// π(s) − a [B, action_dim] of the last step, before it.
  [[nodiscard]] const at::Tensor& residual() const { return residual_; }
  [[nodiscard]] const at::Tensor& actions() const { return actions_; }  ///< [B, action_dim] of the data
  /// J = 1/B Σ w_i ℓ_i [] of the last step, before it; its weights must still be there.
  const at::Tensor& loss();
  [[nodiscard]] PolicySnapshot snapshot() const;

  /// name: of its entries, "NAME/parameters" and so on.
  void visit(StateArchive& archive, const std::string& name = "policy");

 private:
  void set_residual();
  void set_rate(double rate);
  /// The formulas between the network's output and its way back.
  void begin_by_rows(const at::Tensor& weights);

  Compute& compute_;
  const DeviceData& data_;
  PolicyNetwork network_;
  const double configured_rate_;
  double learning_rate_, average_decay_;
  double rate_, weight_decay_ = 0.0;  ///< η now, and λ
  at::Tensor parameters_, gradients_, average_;
  at::Tensor follower_;  ///< average_, or undefined where none is kept
  Adam adam_;
  PolicyTape tape_;
  at::Tensor actions_, residual_, action_gradient_;  ///< [B, action_dim]
  at::Tensor row_weights_, ones_;                    ///< [B, 1]
  at::Tensor loss_weights_;                          ///< of loss(), as they were given
  at::Tensor loss_;                                  ///< []
  at::Tensor kept_;                                  ///< [] 1 − η λ
};

}  // namespace vaco
