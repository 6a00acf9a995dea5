// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <QTest>
#include <cstdlib>

namespace vaco::ui::test {

/// Brings the cross of a plot that was just shown, which begins in the middle of its axes, as near to a place
/// as keys can: a hundredth of the axes at a time.
inline void moveCross(QWidget& owner, QCustomPlot& plot, const QPoint& to) {
  const QRect axes = plot.axisRect()->rect();
  const auto steps = [](int distance, int size) { return qRound(100.0 * distance / size); };
  const QPoint from = axes.topLeft() + QPoint(axes.width() / 2, axes.height() / 2);
  const int across = steps(to.x() - from.x(), axes.width()), down = steps(to.y() - from.y(), axes.height());
  for (int i = 0; i < std::abs(across); ++i)
    QTest::keyClick(&owner, across < 0 ? Qt::Key_Left : Qt::Key_Right, Qt::ShiftModifier);
  for (int i = 0; i < std::abs(down); ++i)
    QTest::keyClick(&owner, down < 0 ? Qt::Key_Up : Qt::Key_Down, Qt::ShiftModifier);
}

}  // namespace vaco::ui::test
