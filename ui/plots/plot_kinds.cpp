// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "ui/figures/figure_kinds.h"
#include "ui/plots/plots.h"

namespace vaco::ui {
namespace {

template <class Plot>
FigurePlot* make(QWidget* parent) {
  return new Plot(parent);
}

}  // namespace

FigurePlot* makePlot(FigureKind kind, QWidget* parent) {
  using Make = FigurePlot* (*)(QWidget*);
  static const std::map<FigureKind, Make> kWithControls{
      {FigureKind::evaluationReturn, make<ReturnPlot>},
      {FigureKind::scores, make<ScorePlot>},
      {FigureKind::weightReturn, make<WeightReturnPlot>},
      {FigureKind::weightHistogram, make<WeightHistogramPlot>},
      {FigureKind::metrics, make<LossPlot>},
  };
  const auto found = kWithControls.find(kind);
  return found != kWithControls.end() ? found->second(parent) : new FigurePlot(makeFigure(kind), parent);
}

}  // namespace vaco::ui
