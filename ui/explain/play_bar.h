// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QToolButton;

namespace vaco::ui {

/// One clock over the rows of a trajectory: plays at a speed against simulated time, steps, loops.
class PlayBar : public QWidget {
  Q_OBJECT
 public:
  explicit PlayBar(QWidget* parent = nullptr);

  void setLength(int rows);
  void setStepSeconds(double seconds) { step_seconds_ = seconds; }  ///< simulated time of a row
  /// The same, of an environment; of one that is not known it stays.
  void setEnvironment(const QString& environment, const QString& physics);
  [[nodiscard]] int time() const { return time_; }
  /// To the nearest row that there is; tells nobody.
  void setTime(int time);
  void setPlaying(bool playing);
  [[nodiscard]] bool playing() const { return clock_.isActive(); }

 signals:
  /// By the clock or a button.
  void timeChanged(int time);

 private:
  void moveTo(int time);
  void step(int rows);
  void tick();

  int time_ = 0, length_ = 0;
  double step_seconds_ = 0.02;
  double owed_ = 0.0;  ///< rows that the clock has not shown yet
  QTimer clock_;
  QElapsedTimer since_;
  QToolButton* play_;
  QCheckBox* loop_;
  QComboBox* speed_;
};

}  // namespace vaco::ui
