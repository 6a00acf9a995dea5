// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/plot_deck.h"

#include <QApplication>

#include "core/learn/algorithm.h"
#include "ui/plots/plots.h"
#include "ui/shell/dock_host.h"

namespace vaco::ui {

namespace {
QString run_name(const RunConfig& config) {
  QString label = QString::fromStdString(config.algorithm);
  for (const auto& info : algorithms())
    if (info.key == config.algorithm) label = QString::fromStdString(info.label);
  return PlotDeck::tr("%1, seed %2").arg(label).arg(config.seed);
}
}  // namespace

PlotDeck::PlotDeck(DockHost& docks, QObject* parent) : QObject(parent) {
  returns_ = new ReturnPlot(&docks);
  const auto add = [&](const char* id, const QString& title, FigurePlot* plot) {
    if (plot->objectName().isEmpty()) plot->setObjectName(QString("plot.") + id);
    docks.add(QString("dock.") + id, title, plot);
    plots_.push_back(plot);
  };
  add("returns", tr("Evaluation return"), returns_);
  add("scatter", tr("Weight against return"), new WeightReturnPlot(&docks));
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
  const auto environment = QString::fromStdString(config.environment);
  for (auto* plot : plots_) {
    plot->clear();
    plot->addRun(run_name(config), environment, folder);
  }
  if (!overlays_.empty()) rebuildReturns();
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

void PlotDeck::setOverlays(std::vector<Overlay> overlays) {
  overlays_ = std::move(overlays);
  rebuildReturns();
}

void PlotDeck::rebuildReturns() {
  returns_->clear();
  if (!folder_.empty() || !evaluations_.empty()) {
    const int own = returns_->addRun(run_name(config_), QString::fromStdString(config_.environment), folder_);
    for (const auto& evaluation : evaluations_) returns_->consume(own, Event{evaluation});
  }
  for (const auto& overlay : overlays_) {
    if (overlay.folder == folder_) continue;
    const int run = returns_->addRun(run_name(overlay.config),
                                     QString::fromStdString(overlay.config.environment), overlay.folder);
    for (const auto& evaluation : overlay.evaluations) returns_->consume(run, Event{evaluation});
  }
  returns_->refresh();
}

FigurePlot* PlotDeck::currentPlot() const {
  for (auto* widget = QApplication::focusWidget(); widget; widget = widget->parentWidget())
    if (auto* plot = qobject_cast<FigurePlot*>(widget)) return plot;
  for (auto* plot : plots_)
    if (plot->isVisible()) return plot;
  return nullptr;
}

}  // namespace vaco::ui
