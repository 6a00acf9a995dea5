// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/batches.h"

#include <ATen/ATen.h>

namespace vaco {

DeviceData::DeviceData(const TrainingData& data, const Compute& compute)
    : observations(compute.upload(data.observations, {data.rows, data.obs_dim})),
      actions(compute.upload(data.actions, {data.rows, data.action_dim})),
      observation_action(at::cat({observations, actions}, 1)),
      rewards(compute.upload(data.rewards, {data.rows, 1})),
      next_observations(compute.upload(data.next_observations, {data.rows, data.obs_dim})),
      masks(compute.upload(data.masks, {data.rows, 1})) {}

RowSampler::RowSampler(const Compute& compute, int64_t batch_size, int64_t total, std::vector<int64_t> rows)
    : total_(rows.empty() ? total : static_cast<int64_t>(rows.size())),
      rows_(std::move(rows)),
      host_(at::zeros({batch_size}, at::kLong)),
      device_(compute.device().is_cpu() ? host_ : host_.to(compute.device())),
      host_within_(at::zeros({batch_size}, at::kLong)),
      device_within_(compute.device().is_cpu() ? host_within_ : host_within_.to(compute.device())) {}

const at::Tensor& RowSampler::upload(const at::Tensor& host, at::Tensor& device) {
  if (!device.is_same(host)) device.copy_(host);
  return device;
}

const at::Tensor& RowSampler::draw(Rng& rng) {
  auto* index = host_.data_ptr<int64_t>();
  for (int64_t i = 0; i < host_.numel(); ++i) {
    const auto drawn = rng.index(static_cast<uint64_t>(total_));
    index[i] = rows_.empty() ? static_cast<int64_t>(drawn) : rows_[drawn];
  }
  return upload(host_, device_);
}

const at::Tensor& RowSampler::draw_within_groups(Rng& rng, const std::vector<int32_t>& group,
                                                 const std::vector<int64_t>& first,
                                                 const std::vector<int64_t>& length) {
  const auto* row = host_.data_ptr<int64_t>();
  auto* within = host_within_.data_ptr<int64_t>();
  for (int64_t i = 0; i < host_.numel(); ++i) {
    const auto g = static_cast<size_t>(group[static_cast<size_t>(row[i])]);
    within[i] = first[g] + static_cast<int64_t>(rng.index(static_cast<uint64_t>(length[g])));
  }
  return upload(host_within_, device_within_);
}

}  // namespace vaco
