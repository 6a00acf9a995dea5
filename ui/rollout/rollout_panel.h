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
  void setPolicy(std::shared_ptr<const PolicySnapshot> policy);
  [[nodiscard]] RolloutView& view() { return *view_; }
  void refreshIcons();
  /// Tells of a trajectory of the data, and plays its states where there are such.
  void showTrajectory(const RecordedTrajectory& trajectory);
  void showPolicy();

 signals:
  /// The trajectory was put away.
  void trajectoryClosed();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void makePlayer();
  QWidget* makeTrajectoryStrip();

  Worker& reaper_;
  QString environment_, physics_ = "v2";
  std::shared_ptr<const PolicySnapshot> policy_;
  std::shared_ptr<const Recording> recording_;
  std::unique_ptr<RolloutPlayer> player_;
  QWidget* strip_;
  QLabel* facts_ = nullptr;
  RolloutView* view_;
  QToolButton *play_, *step_, *restart_, *camera_;
  QComboBox* speed_;
};

}  // namespace vaco::ui
