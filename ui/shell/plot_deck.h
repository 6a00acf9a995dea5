// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QObject>

#include "core/run/events.h"
#include "core/run/run_config.h"

namespace vaco::ui {

class DockHost;
class FigurePlot;
class ReturnPlot;

/// The live plots in their docks. Feeds them with the events of the run that is shown, redraws the visible
/// ones, and lays the returns of other runs over the return plot.
class PlotDeck : public QObject {
  Q_OBJECT
 public:
  explicit PlotDeck(DockHost& docks, QObject* parent = nullptr);

  /// Another run is shown from now on; numbers are forgotten, overlays stay.
  void beginRun(const RunConfig& config, const std::filesystem::path& folder);
  void consume(const Event& event);
  void refresh();

  struct Overlay {
    std::filesystem::path folder;
    RunConfig config;
    std::vector<EvaluationDone> evaluations;
  };
  void setOverlays(std::vector<Overlay> overlays);
  [[nodiscard]] const std::vector<FigurePlot*>& plots() const { return plots_; }
  /// The plot that the user looks at: the one with the focus, else the first visible one.
  [[nodiscard]] FigurePlot* currentPlot() const;
  [[nodiscard]] bool hasNumbers() const { return !evaluations_.empty() || has_weights_; }

 private:
  void rebuildReturns();

  std::vector<FigurePlot*> plots_;
  ReturnPlot* returns_;
  RunConfig config_;
  std::filesystem::path folder_;
  std::vector<EvaluationDone> evaluations_;
  std::vector<Overlay> overlays_;
  bool has_weights_ = false;
};

}  // namespace vaco::ui
