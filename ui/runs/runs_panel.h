// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <set>

#include <QTimer>
#include <QWidget>

#include "ui/bridge/background_job.h"
#include "ui/runs/run_commands.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/runs_tree.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;
class QTreeView;

namespace vaco::ui {

class RunNotes;

/// The runs in the output folder and of the study that is watched: find, sort and group them, open one (also
/// one that another process is writing), tick those to overlay, and say what they are.
class RunsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit RunsPanel(QWidget* parent = nullptr);
  void setFolder(const std::filesystem::path& folder);
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] RunsModel& model() { return model_; }
  [[nodiscard]] RunsTree& tree() { return tree_; }
  [[nodiscard]] RunCommands& commands() { return commands_; }
  /// The runs of a study are listed, too; empty = none.
  void setStudy(const std::filesystem::path& folder);
  void rescan();
  /// How the list is arranged.
  void setGrouping(const QString& key);
  void setFilter(const QString& text);

 signals:
  void chooseFolderRequested();
  /// Listing the runs threw, or what was asked for cannot be done: what, where and how to mend it.
  void failed(const QString& message);
  /// Grouping, filter or baseline were chosen.
  void arrangementChanged();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* makeTop();
  QWidget* makeSources();
  QWidget* makeFinder();
  void makeTable();
  void showMenu(const QPoint& at);
  void takeRows(std::vector<RunRow> rows);
  void fillSources();
  void updateButtons();
  void updateEmpty();
  /// The current one first.
  [[nodiscard]] RunCommands::Runs chosen() const;
  [[nodiscard]] const RunRow* selected() const;
  [[nodiscard]] bool isEditing() const;  ///< a cell of the table
  void remember();
  void restore();

  std::filesystem::path folder_, study_;
  std::shared_ptr<RunScanner> scanner_ = std::make_shared<RunScanner>();
  RunsModel model_;
  RunsTree tree_;
  RunCommands commands_;
  QTreeView* table_;
  QWidget* source_row_;
  QComboBox *sources_, *grouping_;
  QLineEdit* filter_;
  QLabel *where_, *empty_, *count_;
  QToolButton *open_, *resume_, *notes_shown_;
  RunNotes* notes_;
  RunCommands::Runs kept_chosen_;
  int kept_place_ = 0;  ///< of the scroll bar
  bool kept_focus_ = false, restoring_ = false;
  std::set<QString> folded_;  ///< headings, by their titles
  QTimer timer_;
  BackgroundJob scan_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
