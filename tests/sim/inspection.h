// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/sim/mujoco_environment.h"

namespace vaco {

/// Contacts that MuJoCo found last.
inline int contact_count(const Environment& environment) {
  return static_cast<const MujocoEnvironment&>(environment).data().ncon;
}

/// kg
inline double body_mass_total(const Environment& environment) {
  return mj_getTotalmass(&static_cast<const MujocoEnvironment&>(environment).model());
}

/// step() with the action in double precision, as recordings in float64 need it.
inline StepResult step_exactly(Environment& environment, std::span<const double> action) {
  return static_cast<MujocoEnvironment&>(environment).step(action);
}

}  // namespace vaco
