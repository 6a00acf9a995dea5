// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollout_overlay.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>
#include <QStringList>

#include "ui/figures/number_text.h"
#include "ui/widgets/theme.h"

namespace vaco::ui {
namespace {

constexpr int kMargin = 8, kInset = 6;
constexpr int kCurveHeight = 30;   // of one curve, below its words
constexpr int kLeastPicture = 60;  // pixels of the picture that are left free
constexpr int kActionsWidth = kActionsRoom - kMargin;
constexpr double kMostBarHeight = 12.0, kLeastBarHeight = 2.0;

QString say(const char* text) {
  return QCoreApplication::translate("RolloutOverlay", text);
}

/// One curve over the time steps in its box; values[i] belongs to the time step first + i.
void paintCurve(QPainter& painter, const QRectF& box, const std::vector<double>& values, int first,
                int last_row, int time_step, const OverlayColors& colors) {
  auto [low, high] = std::pair(0.0, 0.0);
  for (const double value : values) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (high - low < 1e-12) high = low + 1.0;
  const auto x = [&](double step) { return box.left() + box.width() * step / std::max(1, last_row); };
  const auto y = [&](double value) { return box.bottom() - box.height() * (value - low) / (high - low); };
  painter.setPen(QPen(colors.line, 1.0));
  painter.drawLine(QPointF(box.left(), y(0.0)), QPointF(box.right(), y(0.0)));
  QPainterPath path;
  for (size_t i = 0; i < values.size(); ++i) {
    const QPointF point(x(first + static_cast<double>(i)), y(values[i]));
    i == 0 ? path.moveTo(point) : path.lineTo(point);
  }
  painter.setPen(QPen(colors.accent, 1.5));
  painter.drawPath(path);
  painter.setPen(QPen(colors.ink, 1.0));
  painter.drawLine(QPointF(x(time_step), box.top()), QPointF(x(time_step), box.bottom()));
}

/// What is written in the upper left corner.
QStringList wordsOf(const RolloutFrame& frame, const OverlayChoice& choice, const QString& why) {
  QStringList lines;
  const bool acts = frame.trajectory >= 0 || frame.policy_step >= 0;
  if (acts && !choice.whose) {
    lines << say("Time step %1").arg(frame.time_step);
  } else if (frame.trajectory >= 0) {
    lines << say("Recorded trajectory %1").arg(frame.trajectory) << say("Time step %1").arg(frame.time_step);
  } else if (acts) {
    lines << say("Policy at step %1").arg(countText(frame.policy_step));
    const auto words = frame.replayed ? say("Episode %1 again, time step %2") : say("Episode %1, time step %2");
    lines << words.arg(frame.episode).arg(frame.time_step);
  } else {
    lines << say("No policy yet: model at rest");
  }
  if (acts) lines << say("Return so far %1").arg(scoreText(frame.return_so_far, false));
  if (!choice.values) return lines;
  if (frame.values_step < 0)
    lines << (why.isEmpty() ? say("Q not known: no value networks have been asked") : why).split('\n');
  else if (std::isnan(frame.next_value))
    lines << say("Q not known: no action follows here");
  else
    lines << say("Q %1 (networks of step %2)").arg(valueText(frame.next_value), countText(frame.values_step));
  return lines;
}

QRect paintBlock(QPainter& painter, const QRect& room, const QStringList& rows, bool left,
                 const OverlayColors& colors) {
  // Wrapped where the picture is narrow.
  const auto text = rows.join('\n');
  const int flags = static_cast<int>(left ? Qt::AlignLeft : Qt::AlignRight) | Qt::TextWordWrap;
  const QRect most(0, 0, std::max(kLeastPicture, room.width() - 4 * kMargin), room.height());
  const QSize words = painter.fontMetrics().boundingRect(most, flags, text).size();
  const QRect box(left ? room.left() + kMargin : room.right() + 1 - words.width() - 3 * kMargin,
                  room.top() + kMargin, words.width() + 2 * kMargin, words.height() + kMargin);
  painter.fillRect(box, colors.paper);
  painter.setPen(colors.ink);
  painter.drawText(box.adjusted(kMargin, kMargin / 2, -kMargin, -kMargin / 2), flags, text);
  return box;
}

}  // namespace

OverlayColors overlayColors(bool dark) {
  const auto accent = themeColors().accent;
  if (dark) return {QColor(235, 238, 242), QColor(20, 22, 26, 150), QColor(235, 238, 242, 90), accent};
  return {QColor(30, 34, 40), QColor(255, 255, 255, 170), QColor(30, 34, 40, 90), accent};
}

QRect paintRewards(QPainter& painter, const QRect& room, const RolloutFrame& frame,
                   const OverlayColors& colors) {
  const int words = painter.fontMetrics().lineSpacing();
  const int height = 2 * (words + kCurveHeight) + 3 * kInset;
  if (room.height() < height + kLeastPicture || frame.rewards.empty()) return {};
  const QRect taken(room.left() + kMargin, room.bottom() - height - kMargin + 1, room.width() - 2 * kMargin,
                    height);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(taken, colors.paper);
  std::vector<double> sums{0.0};
  for (const double reward : frame.rewards) sums.push_back(sums.back() + reward);
  auto box = QRect(taken.left() + kInset, taken.top() + kInset, taken.width() - 2 * kInset, words);
  const auto one = [&](const QString& text, const std::vector<double>& values, int first) {
    painter.setPen(colors.ink);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, text);
    paintCurve(painter, QRectF(box.left(), box.bottom() + 1, box.width(), kCurveHeight), values, first,
               frame.last_row, frame.time_step, colors);
    box.translate(0, words + kCurveHeight + kInset);
  };
  one(say("Return so far %1").arg(scoreText(frame.return_so_far, false)), sums, 0);
  one(say("Reward of the step %1").arg(valueText(frame.reward)), frame.rewards, 1);
  painter.restore();
  return taken;
}

QRect paintActions(QPainter& painter, const QRect& room, const RolloutFrame& frame,
                   const OverlayColors& colors) {
  const auto count = static_cast<int>(frame.action_low.size());
  const int words = painter.fontMetrics().lineSpacing();
  const int free = room.height() - 2 * kMargin - words - 2 * kInset;
  const double bar = std::min(kMostBarHeight, static_cast<double>(free) / std::max(1, count));
  if (count == 0 || bar < kLeastBarHeight || room.width() < 2 * kActionsWidth) return {};
  const bool known = frame.action.size() == frame.action_low.size();
  const int height = words + 2 * kInset + (known ? static_cast<int>(std::ceil(bar * count)) : 0);
  const QRect taken(room.right() - kActionsWidth - kMargin + 1, room.top() + kMargin, kActionsWidth, height);
  painter.save();
  painter.fillRect(taken, colors.paper);
  painter.setPen(colors.ink);
  const auto box = taken.adjusted(kInset, kInset, -kInset, -kInset);
  painter.drawText(QRect(box.left(), box.top(), box.width(), words), Qt::AlignLeft | Qt::AlignVCenter,
                   known                  ? say("Action")
                   : frame.time_step == 0 ? say("No action yet")
                                          : say("Actions not known"));
  for (int i = 0; known && i < count; ++i) {
    const auto k = static_cast<size_t>(i);
    const double low = frame.action_low[k], high = frame.action_high[k], span = std::max(1e-12, high - low);
    const auto x = [&](double value) {
      return box.left() + box.width() * (std::clamp(value, low, high) - low) / span;
    };
    const double top = box.top() + words + bar * i, from = x(0.0), to = x(frame.action[k]);
    painter.fillRect(QRectF(box.left(), top + bar / 2 - 0.5, box.width(), 1.0), colors.line);
    painter.fillRect(QRectF(std::min(from, to), top + 1, std::max(1.0, std::abs(to - from)), bar - 2),
                     colors.accent);
    painter.fillRect(QRectF(from - 0.5, top, 1.0, bar), colors.ink);
  }
  painter.restore();
  return taken;
}

void paintOverlays(QPainter& painter, const QRect& whole, const RolloutFrame& frame,
                   const OverlayChoice& choice, const QString& status, const QString& why,
                   const OverlayColors& colors) {
  const auto info = paintBlock(painter, whole, wordsOf(frame, choice, why), true, colors);
  auto room = whole;
  const int across = painter.fontMetrics().horizontalAdvance(status) + 3 * kMargin;
  if (!status.isEmpty() && info.right() + across < whole.right())
    room.setTop(paintBlock(painter, whole, {status}, false, colors).bottom());
  if (info.right() >= whole.right() - kActionsRoom) room.setTop(std::max(room.top(), info.bottom()));
  if (choice.rewards) {
    const auto taken = paintRewards(painter, whole, frame, colors);
    if (!taken.isEmpty()) room.setBottom(taken.top());
  }
  if (choice.actions) paintActions(painter, room, frame, colors);
  if (!frame.falling) return;
  const int line = painter.fontMetrics().lineSpacing();
  painter.setPen(QColor(208, 76, 50));
  painter.drawText(QRect(whole.left(), room.bottom() - line - 9, whole.width(), line), Qt::AlignCenter,
                   say("Episode ended"));
}

}  // namespace vaco::ui
