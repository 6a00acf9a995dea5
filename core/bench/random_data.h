// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/training_data.h"

namespace vaco {

/// Noise in the shape of a dataset, for measuring and comparing: trajectories of `length` rows, observations
/// [N, obs_dim] and rewards normal, actions [N, action_dim] in (-1, 1). The same at every call.
TrainingData random_data(int64_t obs_dim, int64_t action_dim, int64_t trajectories = 20, int64_t length = 1000);

}  // namespace vaco
