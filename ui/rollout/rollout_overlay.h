// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRect>
#include <QString>

#include "core/sim/rollout_player.h"

class QPainter;

namespace vaco::ui {

/// What is drawn over the picture of a rollout.
struct OverlayChoice {
  bool rewards = false, actions = false, values = false, forces = false;
  bool whose = true;  ///< which policy or trajectory it is; else something beside the picture tells that
  friend bool operator==(const OverlayChoice&, const OverlayChoice&) = default;
};

struct OverlayColors {
  QColor ink, paper, line, accent;
};
/// For the palette's side, light or dark.
OverlayColors overlayColors(bool dark);

/// Return so far and reward of each step over the time steps that can be gone to, with the present one marked.
/// Takes its height of the bottom of the room; returns what it took, empty where there is no room.
QRect paintRewards(QPainter& painter, const QRect& room, const RolloutFrame& frame,
                   const OverlayColors& colors);

/// What paintActions() takes of the width, with its margin.
constexpr int kActionsRoom = 158;
/// A bar for every number of the action that led here, between its bounds, from 0 where that lies between them.
/// Takes the right side of the room; returns what it took.
QRect paintActions(QPainter& painter, const QRect& room, const RolloutFrame& frame,
                   const OverlayColors& colors);

/// All that is told over a picture: whose it is, and what the choice adds. status stands at the upper right;
/// why: why Q is not known, where nobody has been asked.
void paintOverlays(QPainter& painter, const QRect& room, const RolloutFrame& frame, const OverlayChoice& choice,
                   const QString& status, const QString& why, const OverlayColors& colors);

}  // namespace vaco::ui
