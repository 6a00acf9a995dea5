// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <QObject>

#include "ui/bridge/background_job.h"

namespace vaco {
struct RunRecord;
}

namespace vaco::ui {

class FigureExport;
class MessageBar;
class PlotDeck;
class ShownRun;
enum class MessageKind;

/// What leaves the window as files: figures of the shown and the compared runs, policies, checkpoints. Runs are
/// read and files written in the background; figures are drawn one by one, so that the window stays alive.
class ExportController : public QObject {
  Q_OBJECT
 public:
  /// window: the parent of dialogs.
  ExportController(ShownRun& shown, const PlotDeck& plots, MessageBar& messages, QWidget* window);
  ~ExportController() override;

  /// Asks which figures, how large and where.
  void askFigures();
  /// Every figure in every format.
  void figuresTo(const std::filesystem::path& folder);
  [[nodiscard]] bool exporting() const { return exporting_; }
  /// Asks for a folder and copies what the shown run has of policies and checkpoints into it.
  void askCheckpoint(const QString& folder);
  void checkpointTo(const std::filesystem::path& folder);

 signals:
  /// What was chosen in the dialog is worth remembering.
  void choicesChanged();

 private:
  void readRuns(std::function<void(std::vector<RunRecord>)> then);
  void writeNext();
  void end(MessageKind kind, const QString& text);

  ShownRun& shown_;
  MessageBar& messages_;
  QWidget* window_;
  std::unique_ptr<FigureExport> figures_;
  bool exporting_ = false;
  BackgroundJob reading_, writing_, copying_;  // last: their threads end before the members above go
};

}  // namespace vaco::ui
