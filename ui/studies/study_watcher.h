// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include <QObject>
#include <QString>
#include <QTimer>

#include "core/study/cell_folder.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

/// A run of a study, as its plan names it, and how far it is.
struct StudyCell {
  std::filesystem::path folder;
  QString dataset, label, params;
  quint64 seed = 0;
  CellLook look;
  QString queue;        ///< where Slurm has it, "PENDING (Resources)"; empty: it knows nothing of it
  bool queued = false;  ///< it runs there, or is going to
};

/// Where a study stands. A value: it is read in another thread.
struct StudyState {
  std::filesystem::path folder;
  std::vector<StudyCell> cells;  ///< in the plan's order
  bool running = false;          ///< some process works on it now
  double eta_seconds = -1.0;     ///< of the whole; < 0: not known
  bool on_slurm = false;         ///< its runs were submitted as jobs
  QString slurm_problem;         ///< why Slurm could not be asked; empty: it could
  [[nodiscard]] bool queued() const;
  [[nodiscard]] int count(CellState state) const;
  [[nodiscard]] double fraction() const;  ///< of all steps of all runs, every run counting the same
};

/// Reads the folder of a study or a sweep (its plan.json and a run folder for each of its cells) and keeps up
/// with whatever process works on it.
class StudyWatcher : public QObject {
  Q_OBJECT
 public:
  explicit StudyWatcher(QObject* parent = nullptr);
  ~StudyWatcher() override;
  void watch(const std::filesystem::path& folder);
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const std::shared_ptr<const StudyState>& state() const { return state_; }

 signals:
  void changed();
  /// Reading threw: what, where and how to mend it.
  void failed(const QString& message);

 private:
  class Reader;
  void look();

  std::filesystem::path folder_;
  std::shared_ptr<const StudyState> state_;
  std::shared_ptr<Reader> reader_;
  QTimer timer_;
  BackgroundJob job_;  // last: its thread ends before the members above go
};

/// Whether the folder is one of vaco study or vaco sweep that has its plan.
bool isStudy(const std::filesystem::path& folder);

}  // namespace vaco::ui
