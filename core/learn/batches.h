// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>

#include "core/base/rng.h"
#include "core/learn/compute.h"
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

/// Calls take(first row) for chunks of chunk rows (at most total) that cover all of total; the last one
/// overlaps the one before it, so that every chunk has the same size.
template <class Take>
void over_chunks(int64_t total, int64_t chunk, Take&& take) {
  for (int64_t first = 0; first < total; first += chunk) take(std::min(first, total - chunk));
}

/// Row numbers [B] of a minibatch on the device, drawn on the host with replacement from a serializable
/// generator.
class RowSampler {
 public:
  /// rows: what may be drawn; empty = all of total.
  RowSampler(const Compute& compute, int64_t batch_size, int64_t total, std::vector<int64_t> rows);
  const at::Tensor& draw(Rng& rng);
  /// For each row of the last draw, a row drawn from [first[g], first[g] + length[g]) of its group g =
  /// group[row].
  const at::Tensor& draw_within_groups(Rng& rng, const std::vector<int32_t>& group,
                                       const std::vector<int64_t>& first, const std::vector<int64_t>& length);

 private:
  const at::Tensor& upload(const at::Tensor& host, at::Tensor& device);
  int64_t total_;
  std::vector<int64_t> rows_;
  at::Tensor host_, device_, host_within_, device_within_;  ///< [B] int64
};

}  // namespace vaco
