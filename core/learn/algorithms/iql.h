// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"

namespace vaco {

/// Implicit Q-learning (Kostrikov, Nair, Levine 2021): value learning as in ValueLearning, and on the same rows
/// a policy by advantage-weighted regression,
///   A = min Q̂(s, a) − V(s),   w = min(exp(β A), clip)
///   stochastic:      J(φ) = E w (−log π_φ(a|s)),  π_φ Gaussian (GaussianSpread), evaluated by its mean
///   deterministic:   J(φ) = E w ‖π_φ(s) − a‖²
/// with Adam's step size for the policy falling along half a cosine to 0. A is taken before the step of V and
/// Q, as CORL does (the official code takes V after its step).
AlgorithmEntry iql_entry();

}  // namespace vaco
