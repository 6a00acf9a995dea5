// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QObject>

#include "ui/bridge/background_job.h"

namespace vaco::ui {

class DatasetLoader;
class EpisodePanel;
class ExplainPanel;
class MessageBar;
class RolloutPanel;
class Selection;
class SessionBridge;
class ShownRun;
class StateMapPlot;

/// Fills the Explain dock, the map of states and the weights of the episode table: asks the networks of the run
/// that is shown in the background, once something needs it, and reads states and history of what is picked.
class ExplainController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    Selection& selection;
    DatasetLoader& loader;
    SessionBridge& session;
    ShownRun& shown;
    ExplainPanel& panel;
    StateMapPlot& map;
    EpisodePanel& episodes;
    RolloutPanel& rollout;
    MessageBar& messages;
  };
  explicit ExplainController(const Parts& parts, QObject* parent = nullptr);

  /// Asks at the newest checkpoint; one is saved first where the run trains here.
  void refresh();
  [[nodiscard]] bool busy() const { return asking_.running() || wants_checkpoint_; }

 signals:
  /// An episode is about to be played.
  void replayed();

 private:
  void forget();
  /// Something in sight tells what the networks say.
  [[nodiscard]] bool wanted() const;
  void askIfNeeded();
  void ask();
  /// To be told by the rollout's overlay where asking found no checkpoint.
  [[nodiscard]] QString whyNoQ() const;
  void lookAt(int trajectory);
  void compare();
  void actPolicy();
  void replay(int episode);
  void complain(const QString& message);

  Parts parts_;
  std::filesystem::path asked_;  ///< the run that the networks were asked for; empty = none yet
  bool wants_checkpoint_ = false;
  BackgroundJob asking_, looking_, comparing_,
      replaying_;  // last: their threads end before the members above go
};

}  // namespace vaco::ui
