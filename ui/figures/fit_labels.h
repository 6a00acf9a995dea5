// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QCustomPlot;
class QFont;

namespace vaco::ui {

/// The property of a text item that names a stretch of x: its start and end, as QPointF.
inline constexpr char kStretch[] = "stretch";

/// The property of a text item that stands on the upper end of the axis rect.
inline constexpr char kAbove[] = "above";

/// The property of a text item that names a horizontal line and stands on it.
inline constexpr char kOnLine[] = "onLine";

/// The property of a text item that stands beside a vertical line, along it.
inline constexpr char kBeside[] = "beside";

/// Keeps the names of vertical lines within the axes, and apart: on the other side of their line where there is
/// no room on the left, shortened where the axes are low, and hidden where another one stands. Needs the range
/// of the x axis.
void fitMarkNames(QCustomPlot& plot);

/// Names of horizontal lines go where they hide nothing that is drawn: over or under their line, at an end or
/// in the middle. Where there is no such place and the y axis may be widened, it begins a little lower; in a
/// low plot a name may be hidden. Needs the ranges of the axes.
void fitReferenceNames(QCustomPlot& plot, bool mayWiden, bool mayHide);

/// Makes room above the axis rect for the texts that stand there, and keeps them within the canvas. Needs the
/// range of the x axis.
void fitTextsAbove(QCustomPlot& plot);

/// Shortens the name of each stretch to the part in view, and hides those that would say nothing any more.
/// Needs the range of the x axis.
void fitStretchNames(QCustomPlot& plot);

/// A label for an axis of this many pixels: on two or three lines, or in the end shortened, where it is longer.
QString fittedAxisLabel(const QString& label, const QFont& font, int pixels);

/// About how much of the canvas the axes enclose once they are laid out; the last layout may be of another
/// size.
int innerWidth(const QCustomPlot& plot);
int innerHeight(const QCustomPlot& plot, int titleLines);

}  // namespace vaco::ui
