// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

namespace vaco {

/// Decides how often to draw and whether shadows can be afforded, from what frames cost. Knows no clock.
class FramePacer {
 public:
  /// share: of one core, 0 to 1. rate: frames per second.
  void set_budget(double share) { budget_ = share; }
  void set_max_rate(double rate) { max_rate_ = rate; }
  /// Another size costs another time: measure anew, with shadows.
  void forget() {
    cost_ = 0.0;
    ignored_ = 0;
    shadows_ = true;
  }

  /// Seconds one frame took, and seconds since the frame before.
  void add(double cost, double gap) {
    rate_ = rate_ > 0.0 ? rate_ + 0.1 * (1.0 / std::max(gap, 1e-3) - rate_) : 1.0 / std::max(gap, 1e-3);
    // The driver compiles shaders in the first frames.
    if (ignored_ < kIgnored) {
      ++ignored_;
      return;
    }
    cost_ = cost_ > 0.0 ? cost_ + 0.2 * (cost - cost_) : cost;
    if (shadows_ && cost_ > budget_ / kLeastRateWithShadows) {
      shadows_ = false;
      cost_ = 0.0;
    }
  }

  /// Seconds from the start of one frame to the start of the next.
  [[nodiscard]] double period() const { return std::max(1.0 / max_rate_, cost_ / budget_); }
  [[nodiscard]] bool shadows() const { return shadows_; }
  [[nodiscard]] double rate() const { return rate_; }

 private:
  static constexpr int kIgnored = 2;
  static constexpr double kLeastRateWithShadows = 10.0;  ///< frames per second

  double budget_ = 1.0, max_rate_ = 30.0;
  double cost_ = 0.0;  ///< smoothed; 0 while unknown
  double rate_ = 0.0;  ///< smoothed
  int ignored_ = 0;
  bool shadows_ = true;
};

}  // namespace vaco
