// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "ui/figures/figure_spec.h"

class QCustomPlot;

namespace vaco::ui {

/// Makes Shift and drag draw a frame on a canvas, and then calls brushed with what it spans on the axes; add:
/// Ctrl was held too, so that what lies in it is to come to what is chosen already.
void enableBrush(QCustomPlot& plot, std::function<void(AxisLimits x, AxisLimits y, bool add)> brushed);

}  // namespace vaco::ui
