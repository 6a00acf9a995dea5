// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QRect>

class QCustomPlot;

namespace vaco::ui {

/// Which pixels of the axis rect are drawn on: by data, bands, reference lines and names. The grid, the shades
/// of phases and the cross-hair do not count.
class DrawnMask {
 public:
  /// inside: the size of the axis rect in pixels. The ranges of the axes must be set.
  DrawnMask(const QCustomPlot& plot, const QSize& inside);
  /// Whether nothing is drawn within a rectangle, which is given from the top left of the axis rect.
  [[nodiscard]] bool isFree(const QRect& place) const;

 private:
  void drawPoint(const QPoint& at);

  QImage image_;
  QImage points_;  ///< the middles of points, which reach so far
  int reach_ = 0;
};

}  // namespace vaco::ui
