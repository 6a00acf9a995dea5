// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/pyramid.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace vaco::ui {
namespace {

/// Adds the bucket that follows.
void merge(PyramidBucket& into, const PyramidBucket& next) {
  into.x1 = next.x1;
  into.gaps += next.gaps;
  if (next.count == 0) return;
  if (into.count == 0 || next.min < into.min) {
    into.min = next.min;
    into.minX = next.minX;
  }
  if (into.count == 0 || next.max > into.max) {
    into.max = next.max;
    into.maxX = next.maxX;
  }
  into.sum += next.sum;
  into.count += next.count;
}

}  // namespace

PyramidBucket Pyramid::point(size_t index) const {
  const double x = x_[index], y = y_[index];
  if (std::isnan(y)) return {x, x, 0.0, 0.0, x, x, 0.0, 0, 1};
  return {x, x, y, y, x, x, y, 1, 0};
}

PyramidBucket Pyramid::bucketAt(size_t level, size_t index) const {
  return level == 0 ? point(index) : levels_[level - 1][index];
}

void Pyramid::append(double x, double y) {
  assert(x_.empty() || x >= x_.back());
  x_.push_back(x);
  y_.push_back(y);
  const PyramidBucket added = point(x_.size() - 1);
  size_t stride = 1;
  for (size_t level = 0; level <= levels_.size(); ++level) {
    stride *= kFactor;
    const size_t index = (x_.size() - 1) / stride;
    if (level == levels_.size()) {
      if (index == 0) return;
      // The first bucket of a new level is all that came before.
      PyramidBucket first = bucketAt(level, 0);
      for (size_t i = 1; i < kFactor; ++i) merge(first, bucketAt(level, i));
      levels_.push_back({first});
    }
    auto& buckets = levels_[level];
    if (index == buckets.size())
      buckets.push_back(added);
    else
      merge(buckets[index], added);
  }
}

void Pyramid::truncateFrom(double x) {
  const auto keep = static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), x) - x_.begin());
  if (keep == x_.size()) return;
  std::vector<double> xs(x_.begin(), x_.begin() + static_cast<std::ptrdiff_t>(keep));
  std::vector<double> ys(y_.begin(), y_.begin() + static_cast<std::ptrdiff_t>(keep));
  clear();
  for (size_t i = 0; i < keep; ++i) append(xs[i], ys[i]);
}

void Pyramid::clear() {
  x_.clear();
  y_.clear();
  levels_.clear();
}

std::vector<PyramidBucket> Pyramid::window(double low, double high, size_t limit) const {
  std::vector<PyramidBucket> out;
  if (x_.empty() || !(low <= high)) return out;
  auto first = static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), low) - x_.begin());
  auto last = static_cast<size_t>(std::upper_bound(x_.begin(), x_.end(), high) - x_.begin());  // one past
  if (first > 0) --first;
  if (last < x_.size()) ++last;
  size_t level = 0, stride = 1;
  while (level < levels_.size() && (last - first) / stride > std::max<size_t>(limit, 1)) {
    stride *= kFactor;
    ++level;
  }
  for (size_t index = first / stride; index * stride < last; ++index) out.push_back(bucketAt(level, index));
  return out;
}

PyramidBucket Pyramid::extremes(double low, double high) const {
  auto first = static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), low) - x_.begin());
  const auto last = static_cast<size_t>(std::upper_bound(x_.begin(), x_.end(), high) - x_.begin());
  PyramidBucket out;
  bool begun = false;
  while (first < last) {
    // The largest bucket that starts here and does not reach over the end.
    size_t level = 0, stride = 1;
    while (level < levels_.size() && first % (stride * kFactor) == 0 && first + stride * kFactor <= last) {
      stride *= kFactor;
      ++level;
    }
    const PyramidBucket next = bucketAt(level, first / stride);
    if (begun)
      merge(out, next);
    else
      out = next;
    begun = true;
    first += stride;
  }
  return out;
}

size_t Pyramid::nearest(double x) const {
  if (x_.empty()) return 0;
  const auto after = std::lower_bound(x_.begin(), x_.end(), x);
  if (after == x_.end()) return x_.size() - 1;
  const auto index = static_cast<size_t>(after - x_.begin());
  return index > 0 && x - x_[index - 1] <= x_[index] - x ? index - 1 : index;
}

}  // namespace vaco::ui
