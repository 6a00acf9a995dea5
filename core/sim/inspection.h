// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sim/environment.h"

namespace vaco {

/// What tests look at below the environment's surface, without MuJoCo's headers.
int contact_count(const Environment& environment);       ///< contacts that MuJoCo found last
double body_mass_total(const Environment& environment);  ///< kg
/// step() with the action in double precision, as recordings in float64 need it.
StepResult step_exactly(Environment& environment, std::span<const double> action);

}  // namespace vaco
