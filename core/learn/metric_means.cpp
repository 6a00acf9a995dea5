// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/metric_means.h"

#include <ATen/ATen.h>

namespace vaco {

MetricMeans::MetricMeans(const Compute& compute, std::vector<std::string> keys)
    : keys_(std::move(keys)), sums_(compute.zeros({static_cast<int64_t>(keys_.size())})) {
  for (size_t k = 0; k < keys_.size(); ++k) slots_.push_back(sums_.narrow(0, static_cast<int64_t>(k), 1));
}

void MetricMeans::add(size_t k, const at::Tensor& value) {
  slots_[k].add_(value);
}

std::vector<MetricValue> MetricMeans::take() {
  std::vector<MetricValue> means;
  if (count_ == 0) return means;
  const auto host = sums_.to(at::kCPU, at::kDouble);
  for (size_t k = 0; k < keys_.size(); ++k)
    means.push_back({keys_[k], host.data_ptr<double>()[k] / static_cast<double>(count_)});
  sums_.zero_();
  count_ = 0;
  return means;
}

void MetricMeans::save(StateDict& state, const std::string& name) const {
  put(state, name + "/sums", sums_);
  put(state, name + "/count", count_);
}

void MetricMeans::load(StateLoader& loader, const std::string& name) {
  loader.get(name + "/sums", sums_);
  loader.get(name + "/count", count_);
}

}  // namespace vaco
