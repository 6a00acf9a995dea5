// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figures/report_figures.h"
#include "ui/plots/figure_plot.h"

namespace vaco::ui {

/// The performance profiles of a report.
class ProfilePlot : public FigurePlot {
  Q_OBJECT
 public:
  explicit ProfilePlot(QWidget* parent = nullptr);
  void setProfiles(ReportProfiles profiles);
};

}  // namespace vaco::ui
