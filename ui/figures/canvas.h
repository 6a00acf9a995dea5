// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <QString>
#include <QVector>

#include "ui/figures/figure.h"

namespace vaco::ui {

/// The layer of the cross-hair; renderFigure() leaves what is on it alone.
inline constexpr char kCursorLayer[] = "cursor";

/// A curve with a legend entry (none when label is empty). NaN makes a gap.
QCPGraph* addLine(const DrawRequest& request, const QVector<double>& x, const QVector<double>& y,
                  const QPen& pen, const QString& label = {});
/// Unconnected points in any order, without a legend entry. On the screen the marker of many is drawn once and
/// stamped.
QCPGraph* addStampedPoints(QCustomPlot& plot, const QVector<double>& x, const QVector<double>& y,
                           const QCPScatterStyle& style);
/// The area between two curves; with steps each value holds up to the next x.
void addBand(const DrawRequest& request, const QVector<double>& x, const QVector<double>& low,
             const QVector<double>& high, const QColor& fill, bool steps = false);
/// Unconnected points.
QCPGraph* addPoints(const DrawRequest& request, const QVector<double>& x, const QVector<double>& y,
                    QCPScatterStyle::ScatterShape shape, const QColor& color, double size,
                    const QString& label = {});
/// A horizontal line at y with its name on it, at the left or the right end.
void addReference(const DrawRequest& request, double y, const QString& label, const QColor& color, bool left);
/// The name of a bin whose bar ends at (x, y): on the bar, or to its left where the bar is tall.
void addBinName(const DrawRequest& request, double x, double y, bool tall, const QString& label);
/// A legend entry for filled areas, with their fill and edge.
void addSwatch(const DrawRequest& request, const QColor& fill, const QColor& edge, const QString& label);
/// A vertical line at x with its name upright on it, at the top.
void addMark(const DrawRequest& request, double x, const QString& label, const QColor& color);
/// A vertical line at x with its name above the axes, where nothing is drawn over it.
void addMarkAbove(const DrawRequest& request, double x, const QString& label, const QColor& color);
/// A horizontal error bar from low to high at the height `at`, with ends that reach so far up and down.
void addWhisker(const DrawRequest& request, double low, double high, double at, double reach);
/// A shaded stretch of x over the whole height, named above it as far as there is room. shade may be
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
