// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"

namespace vaco {

/// Conservative Q-learning (Kumar, Zhou, Tucker, Levine 2020), its CQL(H) with importance sampling: soft
/// actor-critic (SacPolicy) with twin critics that are pushed down where the data does not vouch for them.
///   y    = r + discount · mask · min_k Q̂_k(s′, a′),   a′ ~ π(·|s′)                    (no entropy in the
///   target) L_Q  = E Σ_k (Q_k(s, a) − y)² + ω E Σ_k [ log Σ_j exp(Q_k(s, a_j) − log ρ(a_j)) − Q_k(s, a) ]
/// over n actions a_j each from the uniform distribution, from π(·|s) and from π(·|s′), all tried at s, with ρ
/// their densities (for actions in half ranges). With p_j the softmax of the bracket's terms:
///   ∂L_Q/∂Q_k(s, a_j) = ω p_j / B,   ∂L_Q/∂Q_k(s, a) = (2 (Q_k − y) − ω) / B
/// Each step passes 3 n B rows through the critics: an order of magnitude dearer than the other algorithms
/// here.
AlgorithmEntry cql_entry();

}  // namespace vaco
