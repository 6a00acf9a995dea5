// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"

namespace vaco {

/// Advantage-weighted actor-critic (Nair, Gupta, Dalal, Levine 2020), offline: twin critics learn about the
/// policy's own next actions, and the policy by advantage-weighted regression,
///   y = r + discount · mask · min_k Q̂_k(s′, a′),   a′ ~ π_φ(·|s′)
///   L_Q = E Σ_k (Q_k(s, a) − y)²
///   A = min_k Q_k(s, a) − min_k Q_k(s, ã),  ã ~ π_φ(·|s)         (with the new critics)
///   J(φ) = E w (−log π_φ(a|s)),   w = min(exp(A / λ), clip)
/// π_φ is a Gaussian whose spread does not depend on the state (GaussianSpread), its samples are cut at the
/// action bounds, and evaluation acts with the mean. CORL's networks have one hidden layer more and a mean
/// without tanh.
AlgorithmEntry awac_entry();

}  // namespace vaco
