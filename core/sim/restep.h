// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "core/sim/environment.h"

namespace vaco {

/// How far a recorded step is from what the environment makes of it: the state is taken from the observation,
/// the action is made, and the numbers of the next observation that show the state are compared (max-norm,
/// relative where a number is larger than one). Nothing where the observation does not tell the state: of
/// another layout, not finite, or with a velocity at the bound it was clipped to. The environment's state is
/// changed.
std::optional<double> restep_error(Environment& environment, std::span<const float> observation,
                                   std::span<const float> action, std::span<const float> next_observation);

/// Sets the environment to the state that an observation tells; what observations hide (a place along the way)
/// is as in the model at rest. False where the observation does not tell the state: of another layout or not
/// finite. Velocities that were clipped stay so.
bool set_state_from(Environment& environment, std::span<const float> observation);

/// As restep_error(), for recorded states: positions [nq] and velocities [nv] before the action and after it,
/// which also show what observations leave out.
std::optional<double> restep_error_of_states(Environment& environment, std::span<const double> qpos,
                                             std::span<const double> qvel, std::span<const float> action,
                                             std::span<const double> next_qpos,
                                             std::span<const double> next_qvel);

}  // namespace vaco
