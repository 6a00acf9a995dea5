// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace vaco {

/// Decides how often to draw and how well, from what frames cost: where ten frames per second do not fit the
/// budget, first the shadows go, then the resolution falls, and only then the rate. Knows no clock.
class FramePacer {
 public:
  /// share: of one core, 0 to 1.
  void set_budget(double share) { budget_ = share; }
  /// Another size (pixels of the whole picture) costs another time: measure anew, with shadows.
  void set_pixels(int64_t pixels) {
    pixels_ = pixels;
    set_level(0);
    ignored_ = 0;
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
    ++measured_;
    const double affordable = budget_ / kWantedRate;
    cheap_ = cost_ * kDearest < affordable ? cheap_ + 1 : 0;
    if (cost_ > affordable && measured_ >= kEnough && can_lower())
      set_level(level_ + 1);
    else if (cheap_ >= kLongCheap && level_ > 0)
      set_level(level_ - 1);
  }

  /// Seconds from the start of one frame to the start of the next.
  [[nodiscard]] double period() const { return std::max(1.0 / kMaxRate, cost_ / budget_); }
  [[nodiscard]] bool shadows() const { return level_ == 0; }
  /// Of width and height, to draw with.
  [[nodiscard]] double scale() const { return kScales[level_]; }
  [[nodiscard]] double rate() const { return rate_; }

 private:
  static constexpr int kIgnored = 2, kEnough = 3;
  static constexpr double kWantedRate = 10.0, kMaxRate = 30.0;  ///< frames per second
  static constexpr std::array kScales{1.0, 1.0, 0.75, 0.5};
  static constexpr double kFewestPixels = 320.0 * 240.0;  ///< below, a picture says too little
  static constexpr double kDearest = 6.0;                 ///< what the next better level may cost more
  static constexpr int kLongCheap = 200;                  ///< frames; shorter spells would flicker

  [[nodiscard]] bool can_lower() const {
    if (level_ + 1 >= kScales.size()) return false;
    const double scale = kScales[level_ + 1];
    return scale == 1.0 || static_cast<double>(pixels_) * scale * scale >= kFewestPixels;
  }
  void set_level(size_t level) {
    level_ = level;
    cost_ = 0.0;
    measured_ = cheap_ = 0;
  }

  double budget_ = 1.0;
  int64_t pixels_ = 0;
  size_t level_ = 0;
  double cost_ = 0.0;  ///< smoothed; 0 while unknown
  double rate_ = 0.0;  ///< smoothed
  int ignored_ = 0, measured_ = 0, cheap_ = 0;
};

}  // namespace vaco
