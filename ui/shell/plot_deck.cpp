// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/plot_deck.h"

#include <QApplication>

#include "ui/bridge/algorithm_slot.h"
#include "ui/plots/plots.h"
#include "ui/widgets/dock_host.h"

namespace vaco::ui {

namespace {
/// A run that is shown alone is named and coloured as it is beside others.
FigureRun figureRun(const RunConfig& config, const std::filesystem::path& folder, const std::string& group) {
  return {PlotDeck::tr("%1, seed %2").arg(QString::fromStdString(group)).arg(config.seed).toStdString(),
          config.environment, folder, group, algorithmSlot(config.algorithm)};
}
}  // namespace

PlotDeck::PlotDeck(DockHost& docks, QObject* parent) : QObject(parent) {
  const auto add = [&](const char* id, const QString& title, FigurePlot* plot) {
    if (plot->objectName().isEmpty()) plot->setObjectName(QString("plot.") + id);
    docks.add(QString("dock.") + id, title, plot);
    plots_.push_back(plot);
  };
  add("returns", tr("Evaluation return"), new ReturnPlot(&docks));
  add("scores", tr("Scores"), new ScorePlot(&docks));
  evaluation_plots_ = plots_;
  scatter_ = new WeightReturnPlot(&docks);
  add("scatter", tr("Weight against return"), scatter_);
  add("histogram", tr("Weight histogram"), new WeightHistogramPlot(&docks));
  add("correlation", tr("Correlation"), new CorrelationPlot(&docks));
  add("ess", tr("Effective samples"), new EssPlot(&docks));
  add("losses", tr("Training metrics"), new LossPlot(&docks));
}

void PlotDeck::beginRun(const RunConfig& config, const std::filesystem::path& folder) {
  config_ = config;
  folder_ = folder;
  evaluations_.clear();
  has_weights_ = false;
  plan_ = plan_label_of(folder);
  const auto groups = group_by_plan(std::span(&config_, 1), std::span(&plan_, 1));
  for (auto* plot : plots_) {
    plot->clear();
    plot->addRun(figureRun(config, folder, groups.names.front()));
  }
  if (!overlays_.empty()) feedEvaluations();
}

void PlotDeck::consume(const Event& event) {
  if (const auto* evaluation = std::get_if<EvaluationDone>(&event)) evaluations_.push_back(*evaluation);
  has_weights_ = has_weights_ || std::holds_alternative<WeightReport>(event);
  for (auto* plot : plots_) plot->consume(event);
}

void PlotDeck::refresh() {
  for (auto* plot : plots_)
    if (plot->isVisible()) plot->refresh();
}

void PlotDeck::setOverlays(ComparedRuns overlays) {
  overlays_ = std::move(overlays);
  feedEvaluations();
}

void PlotDeck::feedEvaluations() {
  struct Fed {
    const std::filesystem::path& folder;
    const std::vector<EvaluationDone>& evaluations;
  };
  std::vector<Fed> runs;
  std::vector<RunConfig> configs;
  std::vector<PlanLabel> labels;
  if (!folder_.empty() || !evaluations_.empty()) {
    runs.push_back({folder_, evaluations_});
    configs.push_back(config_);
    labels.push_back(plan_);
  }
  for (const auto& overlay : overlays_) {
    if (overlay->folder == folder_) {
      configs.front() = overlay->config;  // what the folder says, as for the others
      continue;
    }
    runs.push_back({overlay->folder, overlay->evaluations});
    configs.push_back(overlay->config);
    labels.push_back(overlay->plan);
  }
  const auto groups = group_by_plan(configs, labels);
  for (auto* plot : evaluation_plots_) {
    plot->beginFeeding();
    for (size_t i = 0; i < runs.size(); ++i) {
      const auto& group = groups.names[static_cast<size_t>(groups.group_of[i])];
      const int run = plot->addRun(figureRun(configs[i], runs[i].folder, group));
      for (const auto& evaluation : runs[i].evaluations) plot->consume(run, Event{evaluation});
    }
    plot->refresh();
  }
}

FigurePlot* PlotDeck::currentPlot() const {
  for (auto* widget = QApplication::focusWidget(); widget; widget = widget->parentWidget())
    if (auto* plot = qobject_cast<FigurePlot*>(widget)) return plot;
  for (auto* plot : plots_)
    if (plot->isVisible()) return plot;
  return nullptr;
}

}  // namespace vaco::ui
