// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/runs/compare_model.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace vaco::ui {

class SegmentedControl;

/// The dock that lays the settings and the results of the chosen runs side by side.
class ComparePanel : public QWidget {
  Q_OBJECT
 public:
  explicit ComparePanel(QWidget* parent = nullptr);
  void setRuns(const ComparedRuns& runs);
  /// Its group stands first.
  void setBaseline(const std::filesystem::path& run);
  [[nodiscard]] CompareModel& model() { return model_; }

 signals:
  /// A group was chosen for it, for which this run stands.
  void baselineChosen(const std::filesystem::path& run);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void updateControls();
  void copyTable();

  CompareModel model_;
  SegmentedControl* shown_;
  QCheckBox* only_;
  QLineEdit* filter_;
  QComboBox* baseline_;
  QTableView* table_;
  QLabel* empty_;
};

}  // namespace vaco::ui
