// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QTimer>
#include <QWidget>

#include "core/sim/rollout_player.h"

namespace vaco::ui {

/// Shows the pictures of a RolloutPlayer and takes mouse and keys: left drag orbits, right or shift drag pans,
/// the wheel zooms; Space plays and pauses, + and - change the speed, R restarts, . or Right steps. Never waits
/// for rendering.
class RolloutView : public QWidget {
  Q_OBJECT
 public:
  explicit RolloutView(QWidget* parent = nullptr);

  /// The player to show; it must outlive this widget or be replaced by null first.
  void setPlayer(RolloutPlayer* player);
  /// Shown when there is no player: why, and what would bring it.
  void setPlaceholder(const QString& text);
  void setPlaying(bool playing);
  [[nodiscard]] bool playing() const { return playing_; }
  /// Somebody else moves the time, by seek(): keys of playing are theirs, and nothing is told of it here.
  void setDriven();
  void seek(int64_t row);
  void setSpeed(double speed);
  [[nodiscard]] double speed() const { return speed_; }
  void faster(int direction);
  void step();
  void restart();
  void resetCamera();
  [[nodiscard]] bool hasPicture() const { return frame_ != nullptr; }
  [[nodiscard]] int timeStep() const { return frame_ ? frame_->time_step : -1; }  ///< that is in sight
  [[nodiscard]] QSize sizeHint() const override { return {480, 360}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {160, 120}; }

 signals:
  void playingChanged(bool playing);
  void speedChanged(double speed);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void poll();
  void applyAll();
  void paintMessage(QPainter& painter, const QString& text);
  void paintProblem(QPainter& painter);  ///< over the frame
  void paintOverlay(QPainter& painter);

  RolloutPlayer* player_ = nullptr;
  std::shared_ptr<const RolloutFrame> frame_;
  QString placeholder_, problem_;
  QTimer timer_;
  QPointF last_mouse_;
  bool playing_ = true, driven_ = false;
  double speed_ = 1.0;
};

}  // namespace vaco::ui
