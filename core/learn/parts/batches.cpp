// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/batches.h"

#include <ATen/ATen.h>

namespace vaco {
namespace {

/// Of the generator that keys the draws of rows on a device, far from the streams of noises.
constexpr uint64_t kRowStreams = 0x726f7773;

}  // namespace

DeviceData::DeviceData(const TrainingData& data, const Compute& compute)
    : observations(compute.upload(data.observations, {data.rows, data.obs_dim})),
      actions(compute.upload(data.actions, {data.rows, data.action_dim})),
      observation_action(at::cat({observations, actions}, 1)),
      rewards(compute.upload(data.rewards, {data.rows, 1})),
      next_observations(compute.upload(data.next_observations, {data.rows, data.obs_dim})),
      masks(compute.upload(data.masks, {data.rows, 1})) {}

RowSampler::RowSampler(const Compute& compute, int64_t batch_size, int64_t total, std::vector<int64_t> rows,
                       uint64_t seed, uint64_t stream)
    : compute_(compute),
      total_(rows.empty() ? total : static_cast<int64_t>(rows.size())),
      rows_(std::move(rows)),
      drawn_(at::zeros({batch_size}, at::TensorOptions(compute.device()).dtype(at::kLong))),
      within_(at::zeros_like(drawn_)) {
  if (!compute.keeps_to_device()) return;
  draws_.emplace(compute.step_salt(), batch_size, seed, kRowStreams + 2 * stream);
  draws_within_.emplace(compute.step_salt(), batch_size, seed, kRowStreams + 2 * stream + 1);
  device_total_ = at::full({}, total_, drawn_.options());
  if (!rows_.empty()) device_rows_ = compute.upload(rows_);
}

void RowSampler::set_total(int64_t total) {
  total_ = total;
  if (draws_) device_total_.fill_(total);
}

const at::Tensor& RowSampler::draw(Rng& rng) {
  if (draws_) {
    draws_->indices({.below = device_total_, .rows = device_rows_}, drawn_);
    return drawn_;
  }
  auto* index = drawn_.data_ptr<int64_t>();
  for (int64_t i = 0; i < drawn_.numel(); ++i) {
    const auto drawn = rng.index(static_cast<uint64_t>(total_));
    index[i] = rows_.empty() ? static_cast<int64_t>(drawn) : rows_[drawn];
  }
  return drawn_;
}

void RowSampler::set_groups(const WeightGroups& groups) {
  groups_ = &groups;
  if (!draws_) return;
  std::vector<int64_t> first, length;
  for (const auto g : groups.group) {
    first.push_back(groups.first[static_cast<size_t>(g)]);
    length.push_back(groups.length[static_cast<size_t>(g)]);
  }
  first_of_group_ = compute_.upload(first);
  rows_of_group_ = compute_.upload(length);
}

const at::Tensor& RowSampler::draw_within_groups(Rng& rng) {
  if (draws_) {
    draws_within_->indices({.element = drawn_, .group_first = first_of_group_, .group_length = rows_of_group_},
                           within_);
    return within_;
  }
  const auto* row = drawn_.data_ptr<int64_t>();
  auto* within = within_.data_ptr<int64_t>();
  for (int64_t i = 0; i < drawn_.numel(); ++i) {
    const auto g = static_cast<size_t>(groups_->group[static_cast<size_t>(row[i])]);
    within[i] = groups_->first[g] + static_cast<int64_t>(rng.index(static_cast<uint64_t>(groups_->length[g])));
  }
  return within_;
}

}  // namespace vaco
