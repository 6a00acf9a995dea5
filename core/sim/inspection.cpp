// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/inspection.h"

#include "core/sim/mujoco_environment.h"

namespace vaco {

int contact_count(const Environment& environment) {
  return static_cast<const MujocoEnvironment&>(environment).data().ncon;
}

double body_mass_total(const Environment& environment) {
  return mj_getTotalmass(&static_cast<const MujocoEnvironment&>(environment).model());
}

StepResult step_exactly(Environment& environment, std::span<const double> action) {
  return static_cast<MujocoEnvironment&>(environment).step(action);
}

}  // namespace vaco
