// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QCustomPlot;

namespace vaco::ui {

/// Takes the legend back to where placeLegend() found it; to be called before the layout is changed.
void releaseLegend(QCustomPlot& plot);

/// Puts the legend where nothing is drawn: into the axis rect where there is room, else above it or to its
/// right. A legend of one entry is hidden, and where mayHide also one that would leave a low plot hardly any
/// height. Needs the ranges of the axes.
void placeLegend(QCustomPlot& plot, bool mayHide);

/// The entries of a legend and the names of lines that were hidden for want of room, as rich text; empty where
/// none was.
QString hiddenLegendText(const QCustomPlot& plot);

}  // namespace vaco::ui
