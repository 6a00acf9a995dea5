// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "core/records/recorded_trajectory.h"
#include "core/sim/rollout_player.h"

class QComboBox;
class QLabel;
class QToolButton;

namespace vaco::ui {

class RolloutView;
class Worker;

/// The rollout dock: view and controls. Makes the player when it is first seen and an environment is known.
class RolloutPanel : public QWidget {
  Q_OBJECT
 public:
  explicit RolloutPanel(Worker& reaper, QWidget* parent = nullptr);
  ~RolloutPanel() override;

  /// Environment by name (empty: none) and physics ("v2", "v4").
  void setEnvironment(const QString& environment, const QString& physics);
  [[nodiscard]] const QString& environment() const { return environment_; }
  /// States of the data are played, not the policy.
  [[nodiscard]] bool replaying() const { return recording_ != nullptr; }
  void setPolicy(std::shared_ptr<const PolicySnapshot> policy);
  [[nodiscard]] RolloutView& view() { return *view_; }
  void refreshIcons();
  /// Tells of a trajectory of the data, and plays its states where there are such.
  void showTrajectory(const RecordedTrajectory& trajectory);
  /// Plays these states over and over; words tells what they are.
  void showRecording(std::shared_ptr<const Recording> states, const QString& words);
  void showPolicy();
  /// A training needs the machine: the pictures take little of it meanwhile, else as much as a core.
  void setTraining(bool training);

 signals:
  /// The trajectory was put away.
  void trajectoryClosed();
  /// Something else is played, or the policy again.
  void recordingChanged();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void makePlayer();
  QWidget* makeTrajectoryStrip();

  Worker& reaper_;
  bool training_ = false;
  QString environment_, physics_ = "v2";
  std::shared_ptr<const PolicySnapshot> policy_;
  std::shared_ptr<const Recording> recording_;
  int64_t trajectory_ = -1;  ///< that is told of; -1 = none
  std::unique_ptr<RolloutPlayer> player_;
  QWidget* strip_;
  QLabel* facts_ = nullptr;
  RolloutView* view_;
  QToolButton *play_, *step_, *restart_, *camera_;
  QComboBox* speed_;
};

}  // namespace vaco::ui
