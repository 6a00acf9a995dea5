// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"

namespace vaco {

/// EDAC (An, Moon, Kim, Song 2021): soft actor-critic (SacPolicy) with an ensemble of N critics, whose minimum
/// is the policy's value, and whose gradients with respect to the action are kept apart; η = 0 is SAC-N.
///   y   = r + discount · mask · (min_k Q̂_k(s′, a′) − α log π(a′|s′)),   a′ ~ π(·|s′)
///   L_Q = E Σ_k (Q_k(s, a) − y)² + η/(N − 1) E Σ_{i≠j} ⟨ĝ_i, ĝ_j⟩,   ĝ_k = g_k / (‖g_k‖ + 1e-10),  g_k = ∇_a
///   Q_k(s, a)
/// The last term's derivative needs no second-order graph. With v_k = ∂L/∂g_k held constant, it is ∂/∂θ_k of Σ
/// ⟨v_k, g_k⟩, Q_k's derivative along v_k. A ReLU network is linear between its kinks, so with the tangents t_0
/// = (0, v), t_l = (t_{l−1} W_l) ⊙ 1(h_l > 0), and δ_l = ∂Q/∂(h_{l−1} W_l + b_l), the derivative by W_l is
/// t_{l−1}ᵀ δ_l and by every bias 0 (almost everywhere).
AlgorithmEntry edac_entry();

}  // namespace vaco
