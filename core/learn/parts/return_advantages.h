// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/learn/training_data.h"

namespace vaco {

/// Every trajectory's return less what its first observation lets expect: the residual of the least-squares fit
/// of returns [T] by an affine function of first observations. Of fewer trajectories than observation
/// dimensions nothing is left, as the smallest fit then meets all returns.
std::vector<float> return_advantages(const TrainingData& data);

}  // namespace vaco
