// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/device/compute.h"
#include "core/learn/parts/batches.h"
#include "core/learn/parts/critic_ensemble.h"
#include "core/learn/parts/metric_means.h"
#include "core/nn/adam.h"
#include "core/nn/mlp.h"

namespace vaco {

struct ValueLearningParams {
  double expectile = 0.7;
  TdParams td;
  void list(ParamFields& fields);
};
/// value_steps, for algorithms that learn values in a phase of their own.
void list_value_steps(ParamFields& fields, int64_t& steps);

/// How the two critics are made into one number.
enum class CriticReduction { minimum, first, mean };

/// IQL's TD learning (Kostrikov, Nair, Levine 2021): twin critics Q_θ, their slow targets, and a value network
/// V.
///   L_V = E |expectile − 1(u < 0)| u²,  u = min Q̂(s, a) − V(s)          (V first, against the target critics)
///   L_Q = E Σ_k (Q_k(s, a) − r − discount · mask · V(s′))²               (with the new V)
class ValueLearning {
 public:
  ValueLearning(Compute& compute, const DeviceData& data, const ValueLearningParams& params,
                const NetworkParams& network, Rng& init);

  /// One step on the given rows [B]: both halves, the value network first.
  void update(const at::Tensor& rows);
  /// The step's halves, for who has more to do beside the critics': advantage() is there after the first.
  void update_value(const at::Tensor& rows);
  void update_critics();

  /// Q(s, a) of all N rows by the critics, or by their slow targets, reduced over the twins -> out [N, 1].
  void evaluate_dataset(CriticReduction reduction, bool target_critics, at::Tensor& out);
  /// V(s) of all N rows -> out [N, 1].
  void evaluate_dataset_value(at::Tensor& out);
  // The same of other rows [n, ...]; the tape is made for them.
  void evaluate_critics(CriticReduction reduction, bool target_critics, const at::Tensor& observation_action,
                        std::unique_ptr<Tape>& tape, at::Tensor& out) const;
  void evaluate_value(const at::Tensor& observations, std::unique_ptr<Tape>& tape, at::Tensor& out) const;
  /// min Q̂(s, a) − V(s) [B, 1] on the rows of the last update(), both as they were before it.
  [[nodiscard]] const at::Tensor& advantage() const { return difference_; }

  /// The critic for reading: Q and ∂Q/∂a at other actions.
  [[nodiscard]] const Mlp& critic() const { return critics_.mlp(); }
  [[nodiscard]] const at::Tensor& critic_parameters() const { return critics_.parameters(); }
  [[nodiscard]] const at::Tensor& critic_target_parameters() const { return critics_.target_parameters(); }

  static MetricList metric_list();
  MetricMeans& metrics() { return metrics_; }
  void visit(StateArchive& archive);

 private:
  void note();

  Compute& compute_;
  const DeviceData& data_;
  double expectile_;
  CriticEnsemble critics_;
  std::unique_ptr<Mlp> mlp_;
  at::Tensor value_, gradient_;  ///< V's parameters [1, P]
  Adam adam_;
  std::unique_ptr<Tape> tape_, next_tape_, dataset_tape_, dataset_critic_tape_;
  at::Tensor difference_, slope_;  ///< [B, 1] u and |expectile − 1(u < 0)| u
  MetricMeans metrics_;
};

/// values [2, n, 1] -> out [n, 1].
void reduce_critics(CriticReduction reduction, const at::Tensor& values, at::Tensor& out);

}  // namespace vaco
