// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QObject>
#include <QString>
#include <QTimer>

#include "core/sim/recording.h"
#include "ui/bridge/background_job.h"

namespace vaco {
struct Dataset;
}

namespace vaco::ui {

class DatasetLoader;
class PlotDeck;
class RolloutPanel;
class SessionBridge;
class ShownRun;

/// What there is to see of the dataset until a policy has learned something: its episodes in the rollout, one
/// of each behavior policy, of its middle return, in turn; and their returns where evaluations will be.
class EpisodePreview : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    DatasetLoader& loader;
    SessionBridge& session;
    ShownRun& shown;
    RolloutPanel& rollout;
    PlotDeck& plots;
  };
  explicit EpisodePreview(const Parts& parts, QObject* parent = nullptr);

 private:
  /// Begins with the dataset that is loaded; nothing comes of it where it has no states.
  void show();
  void end();
  struct Episode {
    std::shared_ptr<const Recording> states;
    QString words;
  };
  static std::vector<Episode> read(const Dataset& dataset);
  void showNext();

  Parts parts_;
  std::vector<Episode> episodes_;
  size_t next_ = 0;
  bool showing_next_ = false;  ///< what changes in the rollout is this one's doing
  QTimer turn_;
  BackgroundJob job_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
