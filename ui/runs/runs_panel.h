// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QTimer>
#include <QWidget>

#include "ui/bridge/background_job.h"
#include "ui/runs/runs_model.h"

class QComboBox;
class QLabel;
class QToolButton;
class QTableView;

namespace vaco::ui {

/// The runs in the output folder and of the study that is watched: open one (also one that another process is
/// writing), tick those to overlay.
class RunsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit RunsPanel(QWidget* parent = nullptr);
  void setFolder(const std::filesystem::path& folder);
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] RunsModel& model() { return model_; }
  /// The runs of a study are listed, too; empty = none.
  void setStudy(const std::filesystem::path& folder);
  void rescan();

 signals:
  void openRequested(const std::filesystem::path& run);
  void resumeRequested(const std::filesystem::path& run);
  void chooseFolderRequested();
  /// Listing the runs threw: what, where and how to mend it.
  void failed(const QString& message);

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void showMenu(const QPoint& at);
  void takeRows(std::vector<RunRow> rows);
  void fillSources();
  /// Names of data may be long: they get what the other columns leave.
  void fitDatasetColumn();
  void updateButtons();
  [[nodiscard]] const RunRow* selected() const;

  std::filesystem::path folder_, study_;
  std::shared_ptr<RunScanner> scanner_ = std::make_shared<RunScanner>();
  RunsModel model_;
  QTableView* table_;
  QWidget* source_row_;
  QComboBox* sources_;
  QLabel *where_, *empty_;
  QToolButton *open_, *resume_;
  QTimer timer_;
  BackgroundJob scan_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
