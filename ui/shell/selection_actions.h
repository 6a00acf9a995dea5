// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include <QObject>
#include <QTimer>

#include "core/explain/chosen_data.h"
#include "ui/bridge/background_job.h"

class QAction;
class QFileDialog;
class QToolButton;
class QWidget;

namespace vaco::ui {

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
  /// Writes all the others as a dataset, and sets the next run up on it.
  void trainWithout(const std::filesystem::path& file);
  void askExport();
  void askDataset();
  void askWithout();

 private:
  void makeMenu();
  void update();
  void showNext();
  QFileDialog* dialog(const QString& title, const QString& what, const QString& ending);
  void write(const std::filesystem::path& file, Kept kept, const std::function<void()>& then);

  Parts parts_;
  QToolButton* button_;
  QAction *replay_, *export_, *leave_out_, *write_;
  std::vector<int> playing_;
  size_t next_ = 0;
  QTimer turn_;
  BackgroundJob job_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
