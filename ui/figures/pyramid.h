// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace vaco::ui {

/// What a stretch of a series looks like. NaN values are left out of all but x0, x1.
struct PyramidBucket {
  double x0 = 0.0, x1 = 0.0;      ///< first and last x
  double min = 0.0, max = 0.0;    ///< unset when count is 0
  double minX = 0.0, maxX = 0.0;  ///< where they are (the first of equals)
  double sum = 0.0;
  size_t count = 0;  ///< numbers in it
  size_t gaps = 0;   ///< NaNs in it
  [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
};

/// A series with x not decreasing, and the minimum, maximum and mean of its stretches of 4, 16, 64 ... points,
/// kept while it grows: any window of a million points costs as much as it has pixels.
class Pyramid {
 public:
  /// x must not be below the last one. Amortized O(1).
  void append(double x, double y);
  /// Drops all points at or after x (a resumed run goes on from its checkpoint). O(n).
  void truncateFrom(double x);
  void clear();

  [[nodiscard]] size_t size() const { return x_.size(); }
  [[nodiscard]] bool empty() const { return x_.empty(); }
  [[nodiscard]] const std::vector<double>& x() const { return x_; }
  [[nodiscard]] const std::vector<double>& y() const { return y_; }

  /// Buckets of equal numbers of points (the ends may hold less) that cover every point in [low, high] and one
  /// neighbour on each side: at most about limit of them. Single points when they are few.
  [[nodiscard]] std::vector<PyramidBucket> window(double low, double high, size_t limit) const;
  /// Of all points in [low, high], exactly.
  [[nodiscard]] PyramidBucket extremes(double low, double high) const;
  /// Index of the point nearest to x; size() when there is none.
  [[nodiscard]] size_t nearest(double x) const;

 private:
  static constexpr size_t kFactor = 4;
  [[nodiscard]] PyramidBucket point(size_t index) const;
  [[nodiscard]] PyramidBucket bucketAt(size_t level, size_t index) const;  ///< level 0 = points

  std::vector<double> x_, y_;
  std::vector<std::vector<PyramidBucket>>
      levels_;  ///< [level − 1][index], 4^level points each; the last may be part full
};

}  // namespace vaco::ui
