// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "core/learn/parts/batches.h"
#include "core/learn/parts/bilevel.h"
#include "core/learn/parts/cloning_weights.h"
#include "core/learn/parts/scoring_network.h"
#include "core/learn/parts/state_archive.h"

namespace vaco {

/// The weights w̃ of the low level, made of the scores w_α: each sample's own, or the mean over its group (a
/// trajectory or a window of one), which is refreshed over the whole dataset now and then.
class LowLevelWeights {
 public:
  LowLevelWeights(const Compute& compute, const TrainingData& data, const DeviceData& device_data,
                  const WeightParams& params, int64_t batch_size);

  [[nodiscard]] bool on_groups() const { return on_groups_; }
  [[nodiscard]] const WeightGroups& groups() const { return groups_; }
  [[nodiscard]] WeightNormalization normalization() const { return normalization_; }

  /// Groups' weights <- means of the scores, ESS kept above the floor. Nothing to do for samples. Reads the
  /// device.
  void refresh(ScoringNetwork& scoring);
  /// w̃ [B, 1] of these rows; weights on samples are scored for it.
  const at::Tensor& gather(const at::Tensor& rows, ScoringNetwork& scoring);
  [[nodiscard]] const at::Tensor& of_batch() const { return batch_; }  ///< [B, 1] of the last gather()
  /// One weight a row on the scale of w_α (0 to 1 for a sigmoid), proportional to what the cloning loss uses;
  /// the floor of weights on samples, which training applies to each batch, is applied to the dataset. Reads
  /// the device.
  std::vector<float> of_dataset(ScoringNetwork& scoring) const;

  void visit(StateArchive& archive);

 private:
  LowLevelWeights(const Compute& compute, const TrainingData& data, const DeviceData& device_data,
                  const WeightParams& params, int64_t batch_size, WeightLevel level);

  bool on_groups_;
  WeightNormalization normalization_;
  double ess_floor_;
  WeightGroups groups_;
  at::Tensor rows_;      ///< [N, 1] weight of each row, mean 1 (weights on groups)
  at::Tensor raw_mean_;  ///< [] mean of w_α over the dataset at the last refresh
  at::Tensor batch_;     ///< [B, 1]
};

/// A batch's own weights [B, 1] as the low level uses them, in place: divided by their mean where they are
/// normalized or have a floor (0: none), and then mixed with uniform ones as apply_ess_floor() mixes a
/// dataset's.
void normalize_batch(WeightNormalization normalization, double ess_floor, at::Tensor& weights);

}  // namespace vaco
