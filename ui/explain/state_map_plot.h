// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QWidget>

#include "core/explain/explained_run.h"
#include "core/explain/state_map.h"
#include "ui/figures/figure_spec.h"
#include "ui/figures/plot_theme.h"

class QComboBox;
class QCustomPlot;
class QLabel;
class QStackedWidget;

namespace vaco::ui {

class KeyCursor;

/// States of the data in two dimensions, coloured by what the networks say of them. Shift and drag chooses the
/// trajectories of what lies in the frame, a click picks one of them, as a KeyCursor does; wheel and drag zoom
/// and move.
class StateMapPlot : public QWidget {
  Q_OBJECT
 public:
  explicit StateMapPlot(QWidget* parent = nullptr);

  /// Null forgets it. run gives the colours.
  void setMap(std::shared_ptr<const StateMap> map, std::shared_ptr<const ExplainedRun> run);
  /// Trajectories that light up, increasing; empty: all do.
  void setChosen(const std::vector<int>& trajectories);
  /// Redraws when something changed and the map can be seen.
  void refresh();
  [[nodiscard]] bool hasMap() const { return map_ != nullptr; }
  [[nodiscard]] QCustomPlot& canvas() { return *plot_; }
  [[nodiscard]] int pointsLit() const { return lit_; }

 signals:
  void brushed(const std::vector<int>& trajectories, bool add);
  void picked(int trajectory, int time);
  void seen();  ///< it became visible

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void draw();
  void chooseIn(AxisLimits x, AxisLimits y, bool add);
  /// The state that lies at this place of the plot.
  [[nodiscard]] std::optional<size_t> at(const QPoint& position) const;
  /// add: chooses its trajectory, too, instead of picking it.
  void pick(const QPoint& position, bool add);
  void read(const QPoint& position);
  /// The place of each point in a list of colours, and what the colours mean.
  struct Colors {
    std::vector<int> of_point;
    std::vector<QColor> colors;
    QString legend;
  };
  [[nodiscard]] Colors colorPoints() const;

  std::shared_ptr<const StateMap> map_;
  std::shared_ptr<const ExplainedRun> run_;
  std::vector<int> chosen_;
  PlotTheme theme_;
  bool dirty_ = false, fitted_ = false;
  int lit_ = 0;
  QPoint pressed_at_;
  QStackedWidget* pages_;
  QComboBox* color_;
  QLabel* legend_;
  QCustomPlot* plot_;
  KeyCursor* key_cursor_;
  QString legend_text_;
};

}  // namespace vaco::ui
