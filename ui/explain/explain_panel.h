// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "core/explain/explained_run.h"
#include "core/explain/influence.h"
#include "core/explain/replay.h"
#include "core/explain/trajectory_history.h"
#include "ui/explain/explain_header.h"

class QLabel;
class QStackedWidget;

namespace vaco::ui {

class PlayBar;
class StatePicture;
class TimeLinePlot;
class Worker;

/// The Explain dock: why a trajectory counts. One time line of reward, values, weight and alignment with the
/// picture of the robot at the cursor, its weight over the training below, and beside it another trajectory or
/// what the policy does from the same state. Plays, steps and loops under one clock. Reads nothing itself.
class ExplainPanel : public QWidget {
  Q_OBJECT
 public:
  using Compared = ExplainHeader::Compared;
  explicit ExplainPanel(Worker& reaper, QWidget* parent = nullptr);
  /// Less than its parts would like: no dock may widen the window.
  [[nodiscard]] QSize minimumSizeHint() const override { return {320, 200}; }

  /// Told where there is no run to explain: what would bring one.
  void tell(const QString& text);
  void setBusy(const QString& doing, double fraction);
  /// What the networks say; null forgets it.
  void setRun(std::shared_ptr<const ExplainedRun> run);
  [[nodiscard]] const std::shared_ptr<const ExplainedRun>& run() const { return run_; }
  /// -1 = none is picked.
  void setTrajectory(int trajectory);
  [[nodiscard]] int trajectory() const { return trajectory_; }
  void setHistory(const TrajectoryHistory& history);
  /// The states of the trajectory, or why there are none.
  void setStates(const Result<EpisodeStates>& states);
  [[nodiscard]] const std::shared_ptr<const Recording>& states() const;
  /// What stands beside: the states of compared(), or what the policy did from the row that was asked for.
  void setComparedStates(const Result<EpisodeStates>& states);
  void setPolicyStates(const Result<std::shared_ptr<const Recording>>& states, int from);
  [[nodiscard]] Compared compared() const;
  [[nodiscard]] int comparedTrajectory() const;

  [[nodiscard]] int time() const;
  void setTime(int time);
  [[nodiscard]] PlayBar& bar() { return *bar_; }
  [[nodiscard]] ExplainHeader& header() { return *header_; }
  [[nodiscard]] TimeLinePlot& timeLine() { return *line_; }
  [[nodiscard]] TimeLinePlot& historyPlot() { return *history_; }
  [[nodiscard]] StatePicture& picture() { return *picture_; }
  [[nodiscard]] StatePicture& comparedPicture() { return *compared_picture_; }

 signals:
  void trajectoryPicked(int trajectory);
  /// The comparison was chosen, or its trajectory, or the policy is to go on from the cursor's time.
  void comparisonChanged();
  void refreshRequested();
  void cancelRequested();
  void seen();  ///< it became visible

 protected:
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* makeContent();
  void chooseComparison();
  void draw();
  void showFacts();
  void showTime(int time);
  [[nodiscard]] int length() const;

  Worker& reaper_;
  std::shared_ptr<const ExplainedRun> run_;
  std::unique_ptr<InfluenceSums> sums_;
  int trajectory_ = -1;
  std::shared_ptr<const Recording> policy_states_;
  int policy_from_ = 0;

  QStackedWidget* pages_;
  QLabel *message_, *facts_, *near_;
  ExplainHeader* header_;
  PlayBar* bar_;
  TimeLinePlot *line_, *history_;
  StatePicture *picture_, *compared_picture_;
};

}  // namespace vaco::ui
