// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollout_view.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

namespace vaco::ui {

namespace {
constexpr int kPollMilliseconds = 16;
constexpr double kZoomPerNotch = 0.05, kMovePerKey = 0.05;  // of the view's height
constexpr double kSpeeds[] = {0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0};
}  // namespace

RolloutView::RolloutView(QWidget* parent) : QWidget(parent) {
  setObjectName("rolloutView");
  setAccessibleName(tr("Rollout of the policy"));
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  timer_.setInterval(kPollMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &RolloutView::poll);
}

void RolloutView::setPlayer(RolloutPlayer* player) {
  player_ = player;
  frame_.reset();
  forgetSeek();
  problem_.clear();
  applyAll();
  update();
  emit frameChanged();
}

void RolloutView::setPlaceholder(const QString& text) {
  placeholder_ = text;
  update();
}

void RolloutView::applyAll() {
  if (!player_) return;
  const auto pixels = QSizeF(size()) * devicePixelRatioF();
  player_->set_size(static_cast<int>(std::lround(pixels.width())),
                    static_cast<int>(std::lround(pixels.height())));
  player_->set_dark(palette().color(QPalette::Window).lightness() < 128);
  player_->set_speed(speed_);
  player_->set_playing(playing_);
  player_->set_loop(loop_);
  player_->set_contact_forces(overlays_.forces);
  player_->set_visible(isVisible());
}

void RolloutView::setPlaying(bool playing) {
  if (playing == playing_) return;
  playing_ = playing;
  end_is_new_ = false;
  forgetSeek();
  if (player_) player_->set_playing(playing);
  if (playing && frame_ && frame_->over) restart();
  emit playingChanged(playing);
  update();
}

void RolloutView::setDriven() {
  driven_ = true;
  setFocusPolicy(Qt::ClickFocus);
  setPlaying(false);
}

void RolloutView::seek(int64_t row) {
  if (!player_) return;
  sought_ = row;
  player_->seek(row);
}

void RolloutView::setLoop(bool loop) {
  if (loop == loop_) return;
  loop_ = loop;
  if (player_) player_->set_loop(loop);
  emit loopChanged(loop);
}

void RolloutView::setOverlays(const OverlayChoice& overlays) {
  if (overlays == overlays_) return;
  overlays_ = overlays;
  if (player_) player_->set_contact_forces(overlays_.forces);
  update();
  emit overlaysChanged();
}

void RolloutView::toggleOverlay(bool OverlayChoice::*which) {
  auto choice = overlays_;
  choice.*which = !(choice.*which);
  setOverlays(choice);
}

void RolloutView::setWhyNoValues(const QString& why) {
  why_no_values_ = why;
  update();
}

void RolloutView::setSpeed(double speed) {
  if (speed == speed_) return;
  speed_ = speed;
  if (player_) player_->set_speed(speed);
  emit speedChanged(speed);
  update();
}

void RolloutView::faster(int direction) {
  const auto* end = std::end(kSpeeds);
  auto at = std::find_if(std::begin(kSpeeds), end, [this](double s) { return s >= speed_ - 1e-9; }) - kSpeeds;
  at = std::clamp<std::ptrdiff_t>(at + direction, 0, std::size(kSpeeds) - 1);
  setSpeed(kSpeeds[at]);
}

void RolloutView::step() {
  setPlaying(false);
  forgetSeek();
  if (player_) player_->step_once();
}

void RolloutView::stepBack() {
  setPlaying(false);
  forgetSeek();
  if (player_) player_->step_back();
}

void RolloutView::restart() {
  forgetSeek();
  if (player_) player_->restart();
}

void RolloutView::resetCamera() {
  if (player_) player_->reset_camera();
}

void RolloutView::poll() {
  if (!player_) return;
  if (auto frame = player_->take_frame()) {
    frame_ = std::move(frame);
    if (frame_->time_step == std::min<int64_t>(sought_, frame_->last_row)) forgetSeek();
    pauseAtEnd();
    update();
    emit frameChanged();
  }
  if (const auto problem = QString::fromStdString(player_->problem()); problem != problem_) {
    problem_ = problem;
    update();
  }
}

void RolloutView::pauseAtEnd() {
  const bool over = frame_->over;
  if (over && end_is_new_ && playing_ && !loop_) setPlaying(false);
  end_is_new_ = !over;
}

void RolloutView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().color(QPalette::Base));
  if (!player_) {
    paintMessage(painter, placeholder_);
  } else if (frame_ && frame_->width > 0) {
    const QImage image(frame_->rgb.data(), frame_->width, frame_->height, frame_->width * 3,
                       QImage::Format_RGB888);
    // The picture may be of the size before the last resize: keep its shape.
    const auto fitted =
        QSizeF(frame_->width, frame_->height).scaled(QSizeF(size()), Qt::KeepAspectRatioByExpanding);
    QRectF target(QPointF((width() - fitted.width()) / 2, (height() - fitted.height()) / 2), fitted);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(target, image);
    paintOverlay(painter);
    if (!problem_.isEmpty()) paintProblem(painter);
  } else {
    paintMessage(painter, problem_.isEmpty() ? tr("Preparing the view") : problem_);
  }
  if (hasFocus()) {
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }
}

void RolloutView::paintMessage(QPainter& painter, const QString& text) {
  painter.setPen(palette().color(QPalette::PlaceholderText));
  painter.drawText(rect().adjusted(24, 12, -24, -12), static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap,
                   text);
}

void RolloutView::paintProblem(QPainter& painter) {
  const auto room = rect().adjusted(16, 8, -16, -12);
  const auto flags = static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap;
  auto box = QFontMetrics(painter.font()).boundingRect(room, flags, problem_);
  box.moveBottom(room.bottom());
  painter.fillRect(box.adjusted(-8, -4, 8, 4), palette().color(QPalette::Base));
  painter.setPen(palette().color(QPalette::Text));
  painter.drawText(box, flags, problem_);
}

void RolloutView::paintOverlay(QPainter& painter) {
  const auto status = tr("%1×  %2 fps%3")
                          .arg(speed_)
                          .arg(frame_->frames_per_second, 0, 'f', 0)
                          .arg(playing_ ? QString() : tr("  paused"));
  auto font = this->font();
  font.setPointSizeF(std::max(7.5, font.pointSizeF() * 0.92));
  painter.setFont(font);
  paintOverlays(painter, rect(), *frame_, overlays_, driven_ ? QString() : status, why_no_values_,
                overlayColors(palette().color(QPalette::Window).lightness() < 128));
}

void RolloutView::resizeEvent(QResizeEvent*) {
  applyAll();
}

void RolloutView::showEvent(QShowEvent*) {
  timer_.start();
  applyAll();
  if (player_) player_->set_visible(true);
}

void RolloutView::hideEvent(QHideEvent*) {
  timer_.stop();
  if (player_) player_->set_visible(false);
}

void RolloutView::mousePressEvent(QMouseEvent* event) {
  last_mouse_ = event->position();
}

void RolloutView::mouseMoveEvent(QMouseEvent* event) {
  if (!player_ || height() == 0) return;
  const auto moved = (event->position() - last_mouse_) / height();
  last_mouse_ = event->position();
  const bool pan = (event->buttons() & Qt::RightButton) || (event->modifiers() & Qt::ShiftModifier);
  player_->move_camera(pan ? CameraMotion::pan : CameraMotion::orbit, moved.x(), moved.y());
}

void RolloutView::mouseDoubleClickEvent(QMouseEvent*) {
  resetCamera();
}

void RolloutView::wheelEvent(QWheelEvent* event) {
  if (player_) player_->move_camera(CameraMotion::zoom, 0.0, event->angleDelta().y() / 120.0 * kZoomPerNotch);
  event->accept();
}

bool RolloutView::moveCamera(const QKeyEvent& event) {
  const bool turns = event.modifiers() & Qt::ShiftModifier, shifts = event.modifiers() & Qt::ControlModifier;
  if (!player_ || !(turns || shifts)) return false;
  const int key = event.key();
  if (shifts && (key == Qt::Key_Plus || key == Qt::Key_Equal || key == Qt::Key_Minus)) {
    player_->move_camera(CameraMotion::zoom, 0.0, key == Qt::Key_Minus ? -kZoomPerNotch : kZoomPerNotch);
    return true;
  }
  const double x = key == Qt::Key_Left ? -kMovePerKey : key == Qt::Key_Right ? kMovePerKey : 0.0;
  const double y = key == Qt::Key_Up ? -kMovePerKey : key == Qt::Key_Down ? kMovePerKey : 0.0;
  if (x == 0.0 && y == 0.0) return false;
  player_->move_camera(shifts ? CameraMotion::pan : CameraMotion::orbit, x, y);
  return true;
}

void RolloutView::keyPressEvent(QKeyEvent* event) {
  if (moveCamera(*event)) return;
  if (driven_ && event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
  switch (event->key()) {
    case Qt::Key_Space:
      setPlaying(!playing_);
      return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      faster(1);
      return;
    case Qt::Key_Minus:
      faster(-1);
      return;
    case Qt::Key_R:
      restart();
      return;
    case Qt::Key_Period:
    case Qt::Key_Right:
      step();
      return;
    case Qt::Key_Left:
    case Qt::Key_Comma:
      stepBack();
      return;
    case Qt::Key_Home:
    case Qt::Key_End:
      setPlaying(false);
      seek(event->key() == Qt::Key_Home || !frame_ ? 0 : frame_->last_row);
      return;
    case Qt::Key_L:
      setLoop(!loop_);
      return;
    case Qt::Key_1:
      return toggleOverlay(&OverlayChoice::rewards);
    case Qt::Key_2:
      return toggleOverlay(&OverlayChoice::actions);
    case Qt::Key_3:
      return toggleOverlay(&OverlayChoice::values);
    case Qt::Key_4:
      return toggleOverlay(&OverlayChoice::forces);
    case Qt::Key_Escape:
      resetCamera();
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

void RolloutView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) applyAll();
  QWidget::changeEvent(event);
}

}  // namespace vaco::ui
