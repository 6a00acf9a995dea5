// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/plot_deck.h"

#include <QApplication>

#include "ui/bridge/algorithm_slot.h"
#include "ui/data/return_histogram.h"
#include "ui/figures/figure_kinds.h"
#include "ui/plots/plots.h"
#include "ui/widgets/dock_host.h"

namespace vaco::ui {

namespace {
/// A run that is shown alone is named and coloured as it is beside others.
FigureRun figureRun(const RunConfig& config, const std::filesystem::path& folder, const std::string& group) {
  return {PlotDeck::tr("%1, seed %2").arg(QString::fromStdString(group)).arg(config.seed).toStdString(),
          config.environment, folder, group, algorithmSlot(config.algorithm)};
}

/// What a phase does, and where it can be seen.
QString phaseWords(const std::string& phase) {
  if (phase == "value")
    return PlotDeck::tr("Values of the data are learned first: their losses fall in Training metrics");
  if (phase == "warmup")
    return PlotDeck::tr("The policy clones all samples alike, to have something to start from");
  if (phase == "bilevel")
    return PlotDeck::tr("Policy and weights are learned together: histogram, scatter and correlation tell how");
  if (phase == "cloning") return PlotDeck::tr("The policy is cloned: its returns tell how good it has become");
  return {};
}

}  // namespace

PlotDeck::PlotDeck(DockHost& docks, QObject* parent) : QObject(parent) {
  for (const FigureInfo& info : figureKinds()) {
    auto* plot = makePlot(info.kind, &docks);
    plot->setObjectName("plot." + QString::fromStdString(info.key));
    docks.add(info.dock, figureTitle(info), plot);
    plots_.push_back(plot);
    if (qobject_cast<EvaluationPlot*>(plot)) evaluation_plots_.push_back(plot);
    if (auto* snapshots = qobject_cast<SnapshotPlot*>(plot)) snapshot_plots_.push_back(snapshots);
    if (auto* scatter = qobject_cast<WeightReturnPlot*>(plot)) scatter_ = scatter;
    if (auto* histogram = qobject_cast<WeightHistogramPlot*>(plot)) histogram_ = histogram;
  }
  for (auto* chosen : snapshot_plots_)
    for (auto* other : snapshot_plots_)
      if (other != chosen) connect(chosen, &SnapshotPlot::stepChosen, other, &SnapshotPlot::setStep);
}

void PlotDeck::beginRun(const RunConfig& config, const std::filesystem::path& folder) {
  config_ = config;
  folder_ = folder;
  evaluations_.clear();
  times_.clear();
  plan_ = plan_label_of(folder);
  const auto groups = groupsOf(std::span(&config_, 1), std::span(&plan_, 1));
  for (auto* plot : plots_) {
    plot->clear();
    plot->addRun(figureRun(config, folder, groups.names.front()));
  }
  for (auto* plot : plots_) plot->setWaiting({});
  // A step of the run before means nothing to this one.
  for (auto* plot : snapshot_plots_) plot->setStep(-1);
  if (!overlays_.empty()) feedEvaluations();
}

void PlotDeck::consume(const Event& event) {
  if (const auto* progress = std::get_if<Progress>(&event)) tellPhase(*progress);
  if (const auto* changed = std::get_if<StateChanged>(&event); changed && changed->state != RunState::running)
    for (auto* plot : plots_) plot->setWaiting({});
  if (const auto* evaluation = std::get_if<EvaluationDone>(&event)) evaluations_.push_back(*evaluation);
  if (const auto* metrics = std::get_if<Metrics>(&event))
    for (const auto& one : metrics->values)
      if (one.key == "time_s") times_.push_back({metrics->step, metrics->phase, {one}});
  for (auto* plot : plots_) plot->consume(event);
}

void PlotDeck::tellPhase(const Progress& progress) {
  if (progress.phase_count == 0) return;
  const auto text = tr("Now: %1, phase %2 of %3. %4")
                        .arg(QString::fromStdString(progress.phase_label))
                        .arg(progress.phase_index + 1)
                        .arg(progress.phase_count)
                        .arg(phaseWords(progress.phase));
  for (auto* plot : plots_) plot->setWaiting(text);
}

void PlotDeck::refresh() {
  for (auto* plot : plots_) plot->refreshInTurn();
}

void PlotDeck::previewReturns(const std::shared_ptr<const DatasetView>& data) {
  for (auto* plot : evaluation_plots_) {
    if (plot->figure().kind() != FigureKind::evaluationReturn) continue;
    auto* histogram = data ? new ReturnHistogram(plot) : nullptr;
    if (histogram) {
      histogram->setView(data);
      histogram->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    }
    plot->setStandIn(histogram, data ? tr("Returns of the dataset's episodes, by behavior policy") : QString());
  }
}

void PlotDeck::setOverlays(ComparedRuns overlays) {
  overlays_ = std::move(overlays);
  feedEvaluations();
}

void PlotDeck::feedEvaluations() {
  struct Fed {
    const std::filesystem::path& folder;
    const std::vector<EvaluationDone>& evaluations;
    const std::vector<Metrics>& times;
  };
  std::vector<Fed> runs;
  std::vector<RunConfig> configs;
  std::vector<PlanLabel> labels;
  if (!folder_.empty() || !evaluations_.empty()) {
    runs.push_back({folder_, evaluations_, times_});
    configs.push_back(config_);
    labels.push_back(plan_);
  }
  for (const auto& overlay : overlays_) {
    if (overlay->folder == folder_) {
      configs.front() = overlay->config;  // what the folder says, as for the others
      continue;
    }
    runs.push_back({overlay->folder, overlay->evaluations, overlay->times});
    configs.push_back(overlay->config);
    labels.push_back(overlay->plan);
  }
  const auto groups = groupsOf(configs, labels);
  for (auto* plot : evaluation_plots_) {
    plot->beginFeeding();
    for (size_t i = 0; i < runs.size(); ++i) {
      const auto& group = groups.names[static_cast<size_t>(groups.group_of[i])];
      const int run = plot->addRun(figureRun(configs[i], runs[i].folder, group));
      for (const auto& one : runs[i].times) plot->consume(run, Event{one});
      for (const auto& evaluation : runs[i].evaluations) plot->consume(run, Event{evaluation});
    }
  }
  refresh();
}

FigurePlot* PlotDeck::currentPlot() const {
  for (auto* widget = QApplication::focusWidget(); widget; widget = widget->parentWidget())
    if (auto* plot = qobject_cast<FigurePlot*>(widget)) return plot;
  for (auto* plot : plots_)
    if (plot->isVisible()) return plot;
  return nullptr;
}

}  // namespace vaco::ui
