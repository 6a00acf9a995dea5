// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "core/records/recorded_trajectory.h"
#include "core/sim/rollout_player.h"

class QLabel;

namespace vaco::ui {

class FilmDesk;
class RolloutBar;
class RolloutView;
class Worker;

/// The rollout dock: view and controls, and the last episodes to be looked at again. Makes the player when it
/// is first seen and an environment is known.
class RolloutPanel : public QWidget {
  Q_OBJECT
 public:
  explicit RolloutPanel(Worker& reaper, QWidget* parent = nullptr);
  ~RolloutPanel() override;
  /// Less than its parts would like: no dock may widen the window.
  [[nodiscard]] QSize minimumSizeHint() const override { return {320, 140}; }

  /// Environment by name (empty: none) and physics ("v2", "v4").
  void setEnvironment(const QString& environment, const QString& physics);
  [[nodiscard]] const QString& environment() const { return environment_; }
  [[nodiscard]] const QString& physics() const { return physics_; }
  [[nodiscard]] const std::shared_ptr<const PolicySnapshot>& policy() const { return policy_; }
  [[nodiscard]] const std::shared_ptr<const ValueSnapshot>& values() const { return values_; }
  /// States of the data are played, not the policy.
  [[nodiscard]] bool replaying() const { return recording_ != nullptr; }
  void setPolicy(std::shared_ptr<const PolicySnapshot> policy);
  /// Critics of the run, for the overlay that tells of Q; null: none are known, why says the reason and what
  /// helps.
  void setValues(std::shared_ptr<const ValueSnapshot> values, const QString& why = {});
  [[nodiscard]] bool showsValues() const;
  [[nodiscard]] RolloutView& view() { return *view_; }
  /// Tells of a trajectory of the data, and plays its states where there are such.
  void showTrajectory(const RecordedTrajectory& trajectory);
  /// Plays these states over and over; words tells what they are.
  void showRecording(std::shared_ptr<const Recording> states, const QString& words);
  void showPolicy();
  /// The last episodes of policies here, the newest first; what is shown of them plays over and over.
  [[nodiscard]] const std::vector<std::shared_ptr<const Recording>>& episodes() const { return episodes_; }
  /// 1: the newest of the episodes, and so on; 0: the policy.
  void showEpisode(int entry);
  [[nodiscard]] RolloutBar& bar() { return *bar_; }
  [[nodiscard]] FilmDesk& films() { return *films_; }
  /// Asks how what is in sight is written: the recording, or what the policy has done of its episode.
  void askFilm();
  /// A training needs the machine: the pictures take little of it meanwhile, else as much as a core.
  void setTraining(bool training);

 signals:
  /// The trajectory was put away.
  void trajectoryClosed();
  /// The overlay of Q is on, but no critics are known.
  void valuesWanted();
  /// Something else is played, or the policy again.
  void recordingChanged();
  /// There is nothing to film yet.
  void noFilm(const QString& why);
  void filmWritten(const QString& what);
  void filmFailed(const QString& message);

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void makePlayer();
  QWidget* makeTrajectoryStrip();
  void tellFacts(const QString& words);
  /// On as many lines as they take, but on one in a low panel.
  void fitFacts();
  /// Null: the policy.
  void play(std::shared_ptr<const Recording> recording);
  void markShown();
  void takeEpisodes();
  void listEpisodes();

  Worker& reaper_;
  bool training_ = false;
  QString environment_, physics_ = "v2";
  std::shared_ptr<const PolicySnapshot> policy_;
  std::shared_ptr<const ValueSnapshot> values_;
  QString why_no_values_;
  std::shared_ptr<const Recording> recording_;
  int64_t trajectory_ = -1;                                 ///< that is told of; -1 = none
  std::vector<std::shared_ptr<const Recording>> episodes_;  ///< rolled out last, the newest first
  int64_t rolled_ever_ = 0;                                 ///< when they were taken
  std::unique_ptr<RolloutPlayer> player_;
  QWidget* strip_;
  QLabel* facts_ = nullptr;
  RolloutView* view_;
  RolloutBar* bar_;
  FilmDesk* films_;
};

}  // namespace vaco::ui
