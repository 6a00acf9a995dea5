// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QWidget>

#include "ui/studies/study_model.h"
#include "ui/studies/study_watcher.h"

class QLabel;
class QCheckBox;
class QProgressBar;
class QTableView;
class QToolButton;

namespace vaco::ui {

class ElidedLabel;

/// The dock of a study: its runs, how far each is, and how long the rest takes.
class StudyPanel : public QWidget {
  Q_OBJECT
 public:
  explicit StudyPanel(QWidget* parent = nullptr);
  void setFolder(const std::filesystem::path& folder);
  [[nodiscard]] const std::filesystem::path& folder() const { return watcher_.folder(); }
  [[nodiscard]] StudyModel& model() { return model_; }
  /// The runs that have begun, in the plan's order.
  [[nodiscard]] const std::vector<std::filesystem::path>& begun() const { return begun_; }
  /// How many of them are in the comparison, as its switch shows.
  void setCompared(size_t runs);

 signals:
  void openRequested(const std::filesystem::path& run);
  void chooseFolderRequested();
  /// Reading the study threw: what, where and how to mend it.
  void failed(const QString& message);
  void stopRequested(const std::filesystem::path& study);
  /// What is not finished is wanted; with retry also what failed.
  void goOnRequested(const std::filesystem::path& study, bool retry);
  /// The runs of the study are wanted in the comparison, or out of it.
  void compareRequested(bool wanted);
  /// Runs came to the study, or one began or ended.
  void runsChanged(const std::vector<std::filesystem::path>& begun);

 private:
  QWidget* makeTop();
  void takeState();
  void updateButtons(const StudyState& state);
  [[nodiscard]] QString summary(const StudyState& state) const;

  StudyWatcher watcher_;
  StudyModel model_;
  std::vector<std::filesystem::path> begun_;
  ElidedLabel* where_;
  QLabel *summary_, *empty_;
  QToolButton *stop_, *go_on_, *retry_;
  QCheckBox* compared_;
  QProgressBar* progress_;
  QTableView* table_;
};

}  // namespace vaco::ui
