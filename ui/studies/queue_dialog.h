// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <QDialog>
#include <QStringList>
#include <QTimer>

#include "core/study/plan_cost.h"
#include "core/study/queue.h"
#include "ui/bridge/background_job.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace vaco::ui {

/// What can be queued.
struct QueueChoices {
  RunConfig base;                                       ///< the experiment that is set up
  std::vector<std::filesystem::path> datasets;          ///< the experiment's first
  std::vector<std::pair<QString, QString>> algorithms;  ///< keys and labels
  std::filesystem::path out;                            ///< where runs are written
};

/// Asks for a queue of runs: which datasets, algorithms and seeds, how many at a time; and says what that will
/// cost before it starts. Does not block; accepted() tells that it is to be started.
class QueueDialog : public QDialog {
  Q_OBJECT
 public:
  QueueDialog(QueueChoices choices, QWidget* parent);
  [[nodiscard]] const Json& plan() const { return plan_; }
  [[nodiscard]] std::filesystem::path folder() const;
  /// How vaco sweep is to train it: how many at a time, and on Slurm what each run asks for.
  [[nodiscard]] QStringList words() const;

 signals:
  void chooseDatasetRequested();

 public slots:
  void addDataset(const QString& path);

 private:
  QWidget* makeLists();
  QWidget* makeSlurm();
  [[nodiscard]] bool onSlurm() const;
  /// Why the plan cannot be started as it is; empty: it can.
  [[nodiscard]] QString problem() const;
  void changed();
  /// Checks the plan and estimates its cost, off the window's thread.
  void look();
  void say(const QString& text, bool can_start);
  [[nodiscard]] QString costText(const PlanCost& cost) const;
  [[nodiscard]] QString proposedName() const;

  QueueChoices choices_;
  QListWidget *datasets_, *algorithms_;
  QLineEdit *seeds_, *name_, *time_, *memory_, *partition_, *gpu_;
  QSpinBox* jobs_;
  QCheckBox* slurm_;
  QLabel* cost_;
  QPushButton* start_;
  Json plan_;
  std::shared_ptr<const std::vector<PastRun>> past_;  ///< null: not read yet
  QTimer wait_;
  BackgroundJob job_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
