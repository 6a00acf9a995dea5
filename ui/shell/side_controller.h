// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <QObject>

#include "core/base/policy_snapshot.h"
#include "core/sim/recording.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

class RolloutPanel;
class RunsPanel;
class ShownRun;
class SidePanel;

/// Fills the Side by side dock: offers the policies of the run that is shown, of the baseline and of the ticked
/// runs, and lets them act in the background from the state that both begin in.
class SideController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    SidePanel& panel;
    RolloutPanel& rollout;
    RunsPanel& runs;
    ShownRun& shown;
  };
  explicit SideController(const Parts& parts, QObject* parent = nullptr);
  /// Lets both act anew.
  void act();
  [[nodiscard]] bool busy() const { return acting_.running(); }

 private:
  /// A policy of a file, the one that the rollout has, or what is recorded.
  struct Source {
    enum class Kind { newest, file, recorded } kind;
    QString label;
    std::filesystem::path file;
  };
  void listSources();
  void actIfSeen();

  Parts parts_;
  std::vector<Source> sources_;
  BackgroundJob acting_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
