// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QObject>
#include <QStringList>

#include "core/base/json.h"

namespace vaco::ui {

class DockHost;
struct QueueChoices;
class MessageBar;
class RunsPanel;
class ShownRun;
class StudyPanel;

/// Watching a study, starting the poster's and stopping one; its runs join the comparison as they begin.
class StudyController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    StudyPanel& panel;
    RunsPanel& runs;
    ShownRun& shown;
    DockHost& docks;
    MessageBar& messages;
  };
  /// window: the parent of file dialogs.
  StudyController(const Parts& parts, QWidget* window);

  /// Watches a folder of vaco sweep or vaco study, and overlays its runs.
  void open(const std::filesystem::path& folder);
  /// The same without bringing it to the front, as what was watched when the window was left.
  void watch(const std::filesystem::path& folder);
  /// Ask for a folder first; the dialog opens in out.
  void ask(const std::filesystem::path& out);
  void askPoster(const std::filesystem::path& out);
  /// Asks which datasets, algorithms and seeds are to be trained, and says what it costs.
  void askQueue(const QueueChoices& choices);
  /// Starts what the plan says in a folder, which is made; the study is watched from then on.
  /// how: further words of vaco sweep, as QueueDialog::words().
  void startQueue(const Json& plan, const std::filesystem::path& folder, const QStringList& how);
  /// Makes the folder when it is not there, and starts or goes on with the study in it.
  void startPoster(const std::filesystem::path& folder);

 private:
  void goOn(const std::filesystem::path& folder, bool retry);
  void stop(const std::filesystem::path& folder);
  void takeRuns(const std::vector<std::filesystem::path>& begun);
  /// How many runs of the study are in the comparison.
  [[nodiscard]] size_t compared() const;

  Parts parts_;
  QWidget* window_;
  std::vector<std::filesystem::path> runs_;
};

}  // namespace vaco::ui
