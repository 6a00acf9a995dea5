// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QTimer>
#include <QWidget>

#include "core/sim/rollout_player.h"
#include "ui/rollout/rollout_overlay.h"

namespace vaco::ui {

/// Shows the pictures of a RolloutPlayer and takes mouse and keys: left drag orbits, right or shift drag pans,
/// the wheel zooms; Space plays and pauses, + and - change the speed, R restarts, . or Right steps, Left steps
/// back, Home and End go to the first and the last step there is, L loops, 1 to 4 switch overlays. Never
/// waits for rendering.
class RolloutView : public QWidget {
  Q_OBJECT
 public:
  explicit RolloutView(QWidget* parent = nullptr);

  /// The player to show; it must outlive this widget or be replaced by null first.
  void setPlayer(RolloutPlayer* player);
  /// Shown when there is no player: why, and what would bring it.
  void setPlaceholder(const QString& text);
  /// At the end of an episode, playing begins anew.
  void setPlaying(bool playing);
  [[nodiscard]] bool playing() const { return playing_; }
  /// Somebody else moves the time, by seek(): keys of playing are theirs, and nothing is told of it here.
  void setDriven();
  void seek(int64_t row);
  /// The row that was asked for is not in sight yet.
  [[nodiscard]] bool seeking() const { return sought_ >= 0; }
  void forgetSeek() { sought_ = -1; }  ///< something else is shown now
  /// Without it playing pauses at the end of an episode.
  void setLoop(bool loop);
  [[nodiscard]] bool loop() const { return loop_; }
  /// Drawn over the picture besides what is told of it.
  void setOverlays(const OverlayChoice& overlays);
  void toggleOverlay(bool OverlayChoice::*which);
  [[nodiscard]] const OverlayChoice& overlays() const { return overlays_; }
  /// Told by the overlay of Q while no value networks can be asked.
  void setWhyNoValues(const QString& why);
  void setSpeed(double speed);
  [[nodiscard]] double speed() const { return speed_; }
  void faster(int direction);
  void step();
  void stepBack();
  void restart();
  void resetCamera();
  /// Nothing can be drawn, or what is to be shown does not fit; it is written in the view.
  [[nodiscard]] bool saysProblem() const { return !problem_.isEmpty(); }
  [[nodiscard]] bool hasPicture() const { return frame_ != nullptr; }
  /// In sight; null while there is none.
  [[nodiscard]] const RolloutFrame* frame() const { return frame_.get(); }
  [[nodiscard]] int timeStep() const { return frame_ ? frame_->time_step : -1; }  ///< that is in sight
  [[nodiscard]] QSize sizeHint() const override { return {480, 360}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {160, 120}; }

 signals:
  void playingChanged(bool playing);
  void speedChanged(double speed);
  void loopChanged(bool loop);
  void overlaysChanged();
  /// Another frame is in sight, or none.
  void frameChanged();

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
  /// Shift or Ctrl and an arrow turn or shift the camera, Ctrl and + or − bring it nearer or further; false for
  /// other keys.
  bool moveCamera(const QKeyEvent& event);
  void poll();
  void applyAll();
  void pauseAtEnd();
  void paintMessage(QPainter& painter, const QString& text);
  void paintProblem(QPainter& painter);  ///< over the frame
  void paintOverlay(QPainter& painter);

  RolloutPlayer* player_ = nullptr;
  std::shared_ptr<const RolloutFrame> frame_;
  QString placeholder_, problem_, why_no_values_;
  OverlayChoice overlays_;
  QTimer timer_;
  QPointF last_mouse_;
  bool playing_ = true, driven_ = false, loop_ = true;
  bool end_is_new_ = false;  ///< the episode has not been over since it was last played on
  double speed_ = 1.0;
  int64_t sought_ = -1;  ///< row, until it is in sight; -1: none
};

}  // namespace vaco::ui
