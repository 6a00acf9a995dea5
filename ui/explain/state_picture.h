// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "core/sim/recording.h"
#include "core/sim/rollout_player.h"

class QLabel;

namespace vaco::ui {

class RolloutView;
class Worker;

/// The picture of the robot in one state of a recording, with a line that tells whose it is. Makes its player
/// when it is first seen with something to show.
class StatePicture : public QWidget {
  Q_OBJECT
 public:
  explicit StatePicture(Worker& reaper, QWidget* parent = nullptr);
  ~StatePicture() override;

  void setEnvironment(const QString& environment, const QString& physics);
  /// states may be null: words then tell why there is no picture.
  void setStates(std::shared_ptr<const Recording> states, const QString& words);
  [[nodiscard]] const std::shared_ptr<const Recording>& states() const { return states_; }
  /// Critics that the overlay of Q asks; null: none.
  void setValues(std::shared_ptr<const ValueSnapshot> values);
  void seek(int64_t row);
  [[nodiscard]] RolloutView& view() { return *view_; }

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void makePlayer();

  Worker& reaper_;
  QString environment_, physics_;
  std::shared_ptr<const Recording> states_;
  std::shared_ptr<const ValueSnapshot> values_;
  int64_t row_ = 0;
  std::unique_ptr<RolloutPlayer> player_;
  QLabel* words_;
  RolloutView* view_;
};

}  // namespace vaco::ui
