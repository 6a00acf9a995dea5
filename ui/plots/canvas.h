// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <QString>
#include <QVector>

#include "ui/plots/figure.h"

namespace vaco::ui {

/// The layer of the cross-hair; renderFigure() leaves what is on it alone.
inline constexpr char kCursorLayer[] = "cursor";

/// A curve with a legend entry (none when label is empty). NaN makes a gap.
QCPGraph* addLine(const DrawRequest& request, const QVector<double>& x, const QVector<double>& y,
                  const QPen& pen, const QString& label = {});
/// The area between two curves.
void addBand(const DrawRequest& request, const QVector<double>& x, const QVector<double>& low,
             const QVector<double>& high, const QColor& fill);
/// Unconnected points.
QCPGraph* addPoints(const DrawRequest& request, const QVector<double>& x, const QVector<double>& y,
                    QCPScatterStyle::ScatterShape shape, const QColor& color, double size,
                    const QString& label = {});
/// A horizontal line at y with its name on it, at the left or the right end.
void addReference(const DrawRequest& request, double y, const QString& label, const QColor& color, bool left);
/// A vertical line at x with its name at the top.
void addMark(const DrawRequest& request, double x, const QString& label, const QColor& color);
/// A horizontal error bar from low to high at the height `at`, with ends that reach so far up and down.
void addWhisker(const DrawRequest& request, double low, double high, double at, double reach);
/// A shaded stretch of x over the whole height, named at its top left as far as there is room. shade may be
/// transparent, label empty.
void addPhase(const DrawRequest& request, double low, double high, const QString& label, const QColor& shade);

/// Marker shapes that can be told apart without colour, none of them slow to draw.
QCPScatterStyle::ScatterShape markerShape(int slot);

/// Widens limits to include a value; NaN and infinities are ignored.
class LimitsOf {
 public:
  void include(double value);
  [[nodiscard]] bool empty() const { return empty_; }
  /// The limits, or fallback when nothing was included.
  [[nodiscard]] AxisLimits get(AxisLimits fallback = {}) const { return empty_ ? fallback : limits_; }

 private:
  AxisLimits limits_;
  bool empty_ = true;
};

}  // namespace vaco::ui
