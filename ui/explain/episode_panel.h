// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QWidget>

#include "core/data/dataset.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace vaco::ui {

class DistributionPlot;
class EpisodeModel;
class TimeLinePlot;

/// The Episodes dock: the data before and while it is learned from. A table that sorts and filters, the rewards
/// of the episode that is looked at, and how its numbers are distributed. Where there is little room, the table
/// has all of it.
class EpisodePanel : public QWidget {
  Q_OBJECT
 public:
  explicit EpisodePanel(QWidget* parent = nullptr);
  /// Less than its parts would like: no dock may widen the window.
  [[nodiscard]] QSize minimumSizeHint() const override { return {280, 160}; }

  void setDataset(std::shared_ptr<const Dataset> dataset);
  void setWeights(const std::vector<double>& weights, const std::vector<double>& changes);
  void setChosen(const std::vector<int>& episodes);
  /// Brings an episode into view and shows its rewards; -1 = none.
  void setCurrent(int episode);
  /// The same, with the cursor at a row of the dataset.
  void goToRow(int64_t row);
  [[nodiscard]] EpisodeModel& model() { return *model_; }
  [[nodiscard]] QTableView& table() { return *table_; }
  [[nodiscard]] QLineEdit& filter() { return *filter_; }
  [[nodiscard]] TimeLinePlot& rewards() { return *rewards_; }

 signals:
  void currentPicked(int episode);
  void chosen(const std::vector<int>& episodes);  ///< these and no others
  void ticked(int episode, bool on);              ///< this one, or no longer
  void replayRequested(int episode);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showMenu(const QPoint& at);
  void applyFilter();
  void takeSelection();
  void showDetails();
  void fitSources();

  std::shared_ptr<const Dataset> dataset_;
  int current_ = -1;
  EpisodeModel* model_;
  QLineEdit* filter_;
  QLabel* count_;
  QPushButton *choose_, *replay_;
  QTableView* table_;
  QWidget* details_;
  TimeLinePlot* rewards_;
  DistributionPlot* distribution_;
};

}  // namespace vaco::ui
