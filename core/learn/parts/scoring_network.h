// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/device/compute.h"
#include "core/learn/explanation.h"
#include "core/learn/parts/batches.h"
#include "core/learn/parts/policy_params.h"
#include "core/learn/parts/state_archive.h"
#include "core/learn/parts/weight_params.h"
#include "core/nn/adam.h"
#include "core/nn/mlp.h"

namespace vaco {

/// The meta-scoring network w_α(s, a, Q): one weight per sample. Its inputs are the normalized observation, the
/// action and Q z-scored over the dataset; any of them can be left out (the paper's ablations).
class ScoringNetwork {
 public:
  /// q [N, 1]: Q_θ(s, a) of all rows, as evaluate_dataset gives it; may be refreshed later by set_q.
  ScoringNetwork(Compute& compute, const DeviceData& data, const WeightParams& params,
                 const NetworkParams& network, Rng& init);

  /// z-scores q over the dataset and puts it into the inputs.
  void set_q(const at::Tensor& q);

  /// f and w of the given rows [B] -> logits(), weights().
  void score(const at::Tensor& rows);
  [[nodiscard]] const at::Tensor& weights() const { return weights_; }  ///< [B, 1]

  /// One Adam step of gradient ascent on Σ_i direction_i · w_i(α) for the rows of the last score(); direction
  /// [B, 1].
  void ascend(const at::Tensor& direction) {
    begin_ascent(direction);
    end_ascent();
  }
  /// The same in two parts: formulas, which may be part of a sequence (together()), and the network.
  void begin_ascent(const at::Tensor& direction);
  void end_ascent();
  /// w of all N rows -> out [N, 1].
  void score_dataset(at::Tensor& out);
  /// Means of the last hidden layer over the rows of each trajectory, which are contiguous and cover all rows.
  /// Reads the device.
  TrajectoryFeatures trajectory_features(const std::vector<int64_t>& first, const std::vector<int64_t>& length);

  /// ∂/∂α of Σ direction_i w_i at the last score(), as ascend() uses it, without the step (for tests): [1, P].
  const at::Tensor& gradient(const at::Tensor& direction);
  [[nodiscard]] at::Tensor& parameters() { return parameters_; }
  [[nodiscard]] const MlpShape& shape() const { return mlp_->shape(); }
  [[nodiscard]] const at::Tensor& inputs() const { return inputs_; }  ///< [N, D]
  [[nodiscard]] WeightActivation activation() const { return activation_; }

  void visit(StateArchive& archive);

 private:
  void activate(const at::Tensor& logits, at::Tensor& weights) const;
  /// sign · ∂/∂(the network's output) of Σ direction_i w_i, where the network's own way back begins.
  void begin_backward(const at::Tensor& direction, double sign);

  WeightActivation activation_;
  double temperature_;
  int64_t q_column_ = -1;  ///< of inputs_, or -1 when Q is left out
  at::Tensor inputs_;      ///< [N, D]
  std::unique_ptr<Mlp> mlp_;
  at::Tensor parameters_, gradients_;  ///< α, [1, P]
  Adam adam_;
  std::unique_ptr<Tape> tape_, dataset_tape_;
  at::Tensor weights_, slope_;  ///< [B, 1]
};

}  // namespace vaco
