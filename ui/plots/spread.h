// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <span>

#include "ui/export/figure_spec.h"

namespace vaco::ui {

/// The mean of the runs of a group, and the ends of the band around it; both are the mean for a single run.
struct Band {
  double mean = 0.0, low = 0.0, high = 0.0;
  size_t count = 0;  ///< values that are numbers; 0: the rest means nothing
};
/// NaN is left out. The bootstrap has a fixed seed: the same values give the same band.
Band bandOf(std::span<const double> values, Spread spread);

/// "± std", "95 % bootstrap", ... as menus and axes say it.
QString spreadLabel(Spread spread);

}  // namespace vaco::ui
