// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <optional>

#include "core/base/rng.h"
#include "core/device/compute.h"
#include "core/device/device_draws.h"
#include "core/learn/parts/cloning_weights.h"
#include "core/learn/training_data.h"

namespace vaco {

/// The whole dataset as tensors on the device, once.
struct DeviceData {
  DeviceData(const TrainingData& data, const Compute& compute);
  at::Tensor observations;        ///< [N, obs_dim]
  at::Tensor actions;             ///< [N, action_dim]
  at::Tensor observation_action;  ///< [N, obs_dim + action_dim], the critic's input
  at::Tensor rewards;             ///< [N, 1]
  at::Tensor next_observations;   ///< [N, obs_dim]
  at::Tensor masks;               ///< [N, 1]
};

/// Row numbers [B] of a minibatch on the device, with replacement: drawn on the host from a serializable
/// generator, or, where compute keeps to the device, there and without state.
class RowSampler {
 public:
  /// rows: what may be drawn; empty = all of total. seed and stream are for draws on the device, and stream
  /// parts the samplers of one algorithm from each other.
  RowSampler(const Compute& compute, int64_t batch_size, int64_t total, std::vector<int64_t> rows,
             uint64_t seed, uint64_t stream = 0);
  /// Another number of rows, where all may be drawn. Belongs to the host's part of a step.
  void set_total(int64_t total);
  const at::Tensor& draw(Rng& rng);

  /// The groups of draw_within_groups(), which must outlive this.
  void set_groups(const WeightGroups& groups);
  /// For each row of the last draw, a row of its group.
  const at::Tensor& draw_within_groups(Rng& rng);

 private:
  const Compute& compute_;
  int64_t total_;
  std::vector<int64_t> rows_;
  const WeightGroups* groups_ = nullptr;
  at::Tensor drawn_, within_;  ///< [B] int64 on the device
  std::optional<DeviceDraws> draws_, draws_within_;
  at::Tensor device_total_, device_rows_;      ///< [], [rows] int64
  at::Tensor first_of_group_, rows_of_group_;  ///< [N] int64, of each row's group
};

}  // namespace vaco
