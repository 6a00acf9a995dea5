// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QObject>
#include <QTimer>

#include "ui/bridge/background_job.h"

class QAction;
class QFileDialog;
class QToolButton;
class QWidget;

namespace vaco {
struct ExplainedRun;
}

namespace vaco::ui {

class ConfigModel;
class DatasetLoader;
class DockHost;
class ExplainPanel;
class LinkedSelection;
class MessageBar;
class Selection;

/// What can be done with the trajectories that are chosen, behind a button that counts them: replay, export,
/// leave out of the next run, write as a dataset. Nothing modal.
class SelectionActions : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    Selection& selection;
    LinkedSelection& links;
    DatasetLoader& loader;
    ConfigModel& model;
    ExplainPanel& explain;
    DockHost& docks;
    MessageBar& messages;
  };
  explicit SelectionActions(const Parts& parts, QObject* parent = nullptr);

  /// Hidden while nothing is chosen.
  [[nodiscard]] QToolButton* button() { return button_; }
  /// How many trajectories and rows are chosen, and their share of the weight.
  [[nodiscard]] QString words() const;
  /// Plays them one after the other.
  void replay();
  /// One line a trajectory.
  void exportTo(const std::filesystem::path& file);
  /// Writes them as a dataset of their own.
  void writeDataset(const std::filesystem::path& file);
  /// Leaves them out of the run that is set up, in a step that can be undone; told() says what was done.
  void trainWithout();
  void askExport();
  void askDataset();

 signals:
  /// A line about what was done just now.
  void told(const QString& what);

 private:
  void makeMenu();
  void update();
  void showNext();
  /// The chosen as the run counts that was asked, else as the dataset does.
  [[nodiscard]] std::vector<int> counted(const ExplainedRun* run) const;
  QFileDialog* dialog(const QString& title, const QString& what, const QString& ending);

  Parts parts_;
  QToolButton* button_;
  QAction *replay_, *export_, *leave_out_, *write_;
  std::vector<int> playing_;
  size_t next_ = 0;
  QTimer turn_;
  BackgroundJob job_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
