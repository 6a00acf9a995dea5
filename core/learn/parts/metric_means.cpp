// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/metric_means.h"

#include <ATen/ATen.h>

#include <cassert>

namespace vaco {

MetricMeans::MetricMeans(const Compute& compute, MetricList metrics)
    : metrics_(std::move(metrics)),
      all_(compute.zeros({static_cast<int64_t>(metrics_.size()) + 1})),
      sums_(all_.narrow(0, 0, all_.size(0) - 1)),
      count_(all_.narrow(0, all_.size(0) - 1, 1)),
      term_(compute.zeros({})),
      square_(compute.zeros({})) {
  for (size_t k = 0; k < metrics_.size(); ++k) slots_.push_back(sums_.narrow(0, static_cast<int64_t>(k), 1));
}

const at::Tensor& MetricMeans::slot_of(const Metric& metric) const {
  size_t k = 0;
  while (k + 1 < metrics_.size() && &metrics_[k].get() != &metric) ++k;
  assert(&metrics_[k].get() == &metric);
  return slots_[k];
}

void MetricMeans::add_effective_share(const Metric& metric, const at::Tensor& weights) {
  evaluate_sum(
      term_, [](auto w) { return w; }, weights);
  evaluate_sum(
      square_, [](auto w) { return w * w; }, weights);
  const auto& slot = slot_of(metric);
  evaluate(
      slot,
      [](auto sum, auto total, auto squares, auto count) {
        return sum + total * total / at_least(squares * count, 1e-30f);
      },
      slot, term_, square_, static_cast<double>(weights.numel()));
}

void MetricMeans::count() {
  evaluate(
      count_, [](auto count) { return count + 1.0f; }, count_);
}

std::vector<MetricValue> MetricMeans::take() {
  std::vector<MetricValue> means;
  const auto host = all_.to(at::kDouble).to(at::kCPU);
  const double* values = host.data_ptr<double>();
  const double count = values[metrics_.size()];
  if (count == 0.0) return means;
  for (size_t k = 0; k < metrics_.size(); ++k) means.push_back({metrics_[k].get().key, values[k] / count});
  all_.zero_();
  return means;
}

void MetricMeans::visit(StateArchive& archive, const std::string& name) {
  archive(name + "/sums", sums_);
  auto count = static_cast<int64_t>(count_.item<float>());
  archive(name + "/count", count);
  if (archive.loads()) count_.fill_(static_cast<double>(count));
}

MetricList joined(std::initializer_list<MetricList> lists) {
  MetricList all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

}  // namespace vaco
