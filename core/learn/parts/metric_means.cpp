// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/metric_means.h"

#include <ATen/ATen.h>

namespace vaco {

MetricMeans::MetricMeans(const Compute& compute, std::vector<std::string> keys)
    : keys_(std::move(keys)),
      sums_(compute.zeros({static_cast<int64_t>(keys_.size())})),
      term_(compute.zeros({})),
      square_(compute.zeros({})),
      count_(at::zeros({}, sums_.options().dtype(at::kLong))) {
  for (size_t k = 0; k < keys_.size(); ++k) slots_.push_back(sums_.narrow(0, static_cast<int64_t>(k), 1));
}

void MetricMeans::add_effective_share(size_t k, const at::Tensor& weights) {
  evaluate_sum(
      term_, [](auto w) { return w; }, weights);
  evaluate_sum(
      square_, [](auto w) { return w * w; }, weights);
  evaluate(
      slots_[k],
      [](auto sum, auto total, auto squares, auto count) {
        return sum + total * total / at_least(squares * count, 1e-30f);
      },
      slots_[k], term_, square_, static_cast<double>(weights.numel()));
}

void MetricMeans::count() {
  count_.add_(1);
}

std::vector<MetricValue> MetricMeans::take() {
  std::vector<MetricValue> means;
  const auto host = at::cat({sums_.to(at::kDouble), count_.to(at::kDouble).view({1})}).to(at::kCPU);
  const double* values = host.data_ptr<double>();
  const double count = values[keys_.size()];
  if (count == 0.0) return means;
  for (size_t k = 0; k < keys_.size(); ++k) means.push_back({keys_[k], values[k] / count});
  sums_.zero_();
  count_.zero_();
  return means;
}

void MetricMeans::save(StateDict& state, const std::string& name) const {
  put(state, name + "/sums", sums_);
  put(state, name + "/count", count_.item<int64_t>());
}

void MetricMeans::load(StateLoader& loader, const std::string& name) {
  loader.get(name + "/sums", sums_);
  int64_t count = 0;
  loader.get(name + "/count", count);
  count_.fill_(count);
}

}  // namespace vaco
