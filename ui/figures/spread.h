// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <span>

#include "ui/figures/figure_spec.h"

namespace vaco::ui {

/// The mean of the runs of a group, and the ends of the band around it; both are the mean for a single run.
struct Band {
  double mean = 0.0, low = 0.0, high = 0.0;
  size_t count = 0;  ///< values that are numbers; 0: the rest means nothing
};
/// NaN is left out. The bootstrap has a fixed seed: the same values give the same band.
Band bandOf(std::span<const double> values, Spread spread);

/// "± std", "95 % bootstrap interval", ... as menus and titles say it.
QString spreadLabel(Spread spread);

/// A mean with its band and how many runs it is of: "49.5 ± 10.6 (std, n = 2)", and brackets only for an
/// interval: "49.5 [38.9, 60.1] (95 %, n = 2)". withBand: whether the band is shown at all.
QString bandText(const Band& band, Spread spread, bool normalized, bool withBand = true);

}  // namespace vaco::ui
