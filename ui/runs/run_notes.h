// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QPlainTextEdit>

#include "ui/runs/runs_model.h"

namespace vaco::ui {

/// What the user notes of one run. Kept when the focus leaves, when another run is shown, and when asked.
class RunNotes : public QPlainTextEdit {
  Q_OBJECT
 public:
  explicit RunNotes(RunsModel& runs, QWidget* parent = nullptr);
  using QWidget::show;
  /// Those of this run, null for none. What is being written of the same run stays.
  void show(const RunRow* row);
  void keep();

 signals:
  void failed(const QString& message);

 protected:
  void focusOutEvent(QFocusEvent* event) override;

 private:
  RunsModel& runs_;
  std::filesystem::path run_;
};

}  // namespace vaco::ui
