// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "core/device/compute.h"
#include "core/learn/algorithm.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/state_archive.h"

namespace vaco {

/// Sums of the training scalars, kept on the device and read once per log interval.
class MetricMeans {
 public:
  MetricMeans(const Compute& compute, MetricList metrics);

  /// Adds a one-element tensor to a metric's sum. The metric must be one of the list, as everywhere here.
  void add(const Metric& metric, const at::Tensor& value) {
    const auto& slot = slot_of(metric);
    evaluate(
        slot, [](auto sum, auto more) { return sum + more; }, slot, value);
  }
  /// Adds the mean of a tensor's elements.
  void add_mean(const Metric& metric, const at::Tensor& values) {
    add_mean(
        metric, [](auto value) { return value; }, values);
  }
  /// Adds the mean of a formula over the elements of first (evaluate_sum).
  template <class Formula, class... Arguments>
  void add_mean(const Metric& metric, const Formula& formula, const at::Tensor& first,
                const Arguments&... arguments) {
    accumulate_sum(slot_of(metric), term_, 1.0 / static_cast<double>(first.numel()), formula, first,
                   arguments...);
  }
  /// Adds the effective sample size (Σw)² / (B Σw²) of a batch's weights [B, 1], as a share.
  void add_effective_share(const Metric& metric, const at::Tensor& weights);
  /// One more update has been summed up.
  void count();
  /// Means since the last call, then cleared; empty when nothing was counted.
  std::vector<MetricValue> take();

  void visit(StateArchive& archive, const std::string& name);

 private:
  [[nodiscard]] const at::Tensor& slot_of(const Metric& metric) const;

  MetricList metrics_;
  at::Tensor all_, sums_, count_;  ///< [metrics + 1], and its parts: [metrics] and [1], exact up to 2^24
  std::vector<at::Tensor> slots_;  ///< views of single elements of sums_
  at::Tensor term_, square_;       ///< []
};

/// Lists one after the other.
MetricList joined(std::initializer_list<MetricList> lists);

}  // namespace vaco
