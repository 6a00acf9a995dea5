// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "ui/figures/metrics_figure.h"

namespace vaco::ui {

double Smoother::next(double value) {
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  sum_ = weight_ * sum_ + (1.0 - weight_) * value;
  norm_ = weight_ * norm_ + (1.0 - weight_);
  return sum_ / norm_;
}

void MetricSeries::append(double x, double y) {
  const bool fault = !std::isfinite(y);
  if (fault && faulty_) faults_.back().high = x;
  if (fault && !faulty_) faults_.push_back({x, x});
  faulty_ = fault;
  raw_.append(x, fault ? std::numeric_limits<double>::quiet_NaN() : y);
  if (weight_ > 0.0) smooth_.append(x, smoother_.next(y));
}

void MetricSeries::truncateFrom(double x) {
  raw_.truncateFrom(x);
  while (!faults_.empty() && faults_.back().low >= x) faults_.pop_back();
  if (!faults_.empty() && faults_.back().high >= x) faults_.back().high = raw_.empty() ? x : raw_.x().back();
  faulty_ = !raw_.empty() && std::isnan(raw_.y().back());
  smooth_.clear();
  weight_ = -1.0;
}

const Pyramid& MetricSeries::smooth(double weight) {
  if (weight == weight_) return smooth_;
  weight_ = weight;
  smoother_ = Smoother(weight);
  smooth_.clear();
  for (size_t i = 0; i < raw_.size(); ++i) smooth_.append(raw_.x()[i], smoother_.next(raw_.y()[i]));
  return smooth_;
}

}  // namespace vaco::ui
