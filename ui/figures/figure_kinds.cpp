// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/figure_kinds.h"

#include <algorithm>

#include "ui/figures/metrics_figure.h"
#include "ui/figures/return_figure.h"
#include "ui/figures/score_figure.h"
#include "ui/figures/weight_figures.h"

namespace vaco::ui {
namespace {

template <class Kind>
std::unique_ptr<Figure> make() {
  return std::make_unique<Kind>();
}

}  // namespace

const std::vector<FigureInfo>& figureKinds() {
  static const std::vector<FigureInfo> kKinds{
      {FigureKind::evaluationReturn, "evaluation_return", "dock.returns",
       QT_TRANSLATE_NOOP("Figure", "Evaluation return"), make<ReturnFigure>},
      {FigureKind::scores, "scores", "dock.scores", QT_TRANSLATE_NOOP("Figure", "Scores"), make<ScoreFigure>},
      {FigureKind::weightReturn, "weight_return", "dock.scatter",
       QT_TRANSLATE_NOOP("Figure", "Weight against return"), make<WeightReturnFigure>},
      {FigureKind::weightHistogram, "weight_histogram", "dock.histogram",
       QT_TRANSLATE_NOOP("Figure", "Weight histogram"), make<WeightHistogramFigure>},
      {FigureKind::correlation, "correlation", "dock.correlation", QT_TRANSLATE_NOOP("Figure", "Correlation"),
       make<CorrelationFigure>},
      {FigureKind::effectiveSamples, "effective_samples", "dock.ess",
       QT_TRANSLATE_NOOP("Figure", "Effective samples"), make<EffectiveSamplesFigure>},
      {FigureKind::metrics, "metrics", "dock.losses", QT_TRANSLATE_NOOP("Figure", "Training metrics"),
       make<MetricsFigure>},
  };
  return kKinds;
}

const FigureInfo& figureInfo(FigureKind kind) {
  const auto& kinds = figureKinds();
  return *std::find_if(kinds.begin(), kinds.end(), [&](const FigureInfo& info) { return info.kind == kind; });
}

QString figureTitle(const FigureInfo& info) {
  return Figure::tr(info.title);
}

}  // namespace vaco::ui
