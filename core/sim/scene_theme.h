// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mujoco/mujoco.h>

namespace vaco {

/// Repaints floor, sky, fog and lights of a model for the light or the dark theme. Changes only what is seen;
/// call on a private copy, then make the drawing context anew.
void paint_theme(mjModel& model, bool dark);

}  // namespace vaco
