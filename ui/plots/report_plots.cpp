// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/report_plots.h"

#include <utility>

namespace vaco::ui {

ProfilePlot::ProfilePlot(QWidget* parent) : FigurePlot(std::make_unique<ReportProfileFigure>(), parent) {
  setObjectName("plot.profile");
}

void ProfilePlot::setProfiles(ReportProfiles profiles) {
  static_cast<ReportProfileFigure&>(ownFigure()).setProfiles(std::move(profiles));
  markDirty();
  refresh();
}

}  // namespace vaco::ui
