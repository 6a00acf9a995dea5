// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace vaco::ui {

/// The Explain dock's upper row: which trajectory, what stands beside it, and asking the networks again.
class ExplainHeader : public QWidget {
  Q_OBJECT
 public:
  enum class Compared { nothing, trajectory, policy };
  explicit ExplainHeader(QWidget* parent = nullptr);

  void setLast(int trajectory);        ///< the highest that can be picked
  void setTrajectory(int trajectory);  ///< tells nobody
  [[nodiscard]] Compared compared() const;
  [[nodiscard]] int other() const;  ///< the trajectory to compare with
  void compareNothing();
  /// Empty: nothing is going on.
  void setBusy(const QString& doing, double fraction);

 signals:
  void trajectoryPicked(int trajectory);
  void comparisonPicked();
  void refreshRequested();
  void cancelRequested();

 private:
  void tellComparison();

  QSpinBox *which_, *other_;
  QComboBox* compare_;
  QPushButton *refresh_, *cancel_;
  QProgressBar* busy_;
};

}  // namespace vaco::ui
