// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <QObject>

#include "core/records/events.h"
#include "core/records/run_config.h"
#include "ui/bridge/run_set.h"

namespace vaco::ui {

class DockHost;
struct DatasetView;
class FigurePlot;
class SnapshotPlot;
class WeightHistogramPlot;
class WeightReturnPlot;

/// The live plots in their docks. Feeds them with the events of the run that is shown, redraws the visible
/// ones, and lays the evaluations of other runs over those of that run.
class PlotDeck : public QObject {
  Q_OBJECT
 public:
  explicit PlotDeck(DockHost& docks, QObject* parent = nullptr);

  /// Another run is shown from now on; numbers are forgotten, overlays stay.
  void beginRun(const RunConfig& config, const std::filesystem::path& folder);
  void consume(const Event& event);
  /// Draws what is visible and out of date, each plot in an event of its own: together they would hold up the
  /// window.
  void refresh();
  /// Shows the returns of the data where evaluations will be, until there are some; null = no longer.
  void previewReturns(const std::shared_ptr<const DatasetView>& data);

  /// The runs whose evaluations are laid over those of the run that is shown.
  void setOverlays(ComparedRuns overlays);
  [[nodiscard]] const std::vector<FigurePlot*>& plots() const { return plots_; }
  [[nodiscard]] WeightReturnPlot& scatter() { return *scatter_; }
  [[nodiscard]] WeightHistogramPlot& histogram() { return *histogram_; }
  /// The plot that the user looks at: the one with the focus, else the first visible one.
  [[nodiscard]] FigurePlot* currentPlot() const;

 private:
  void feedEvaluations();
  void tellPhase(const Progress& progress);

  std::vector<FigurePlot*> plots_;
  WeightReturnPlot* scatter_ = nullptr;
  WeightHistogramPlot* histogram_ = nullptr;
  std::vector<SnapshotPlot*> snapshot_plots_;
  std::vector<FigurePlot*> evaluation_plots_;  ///< those that overlay runs
  RunConfig config_;
  PlanLabel plan_;
  std::filesystem::path folder_;
  std::vector<EvaluationDone> evaluations_;
  std::vector<Metrics> times_;
  ComparedRuns overlays_;
};

}  // namespace vaco::ui
