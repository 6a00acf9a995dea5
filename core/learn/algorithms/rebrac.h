// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"

namespace vaco {

/// ReBRAC (Tarasov, Kurenkov, Nikulin, Kolesnikov 2023): TD3+BC with a penalty of its own for policy and
/// critics, deeper networks and layer-normalized critics.
///   ã   = clip(π̂(s′) + clip(ε, ±noise_clip), bounds),   ε ~ N(0, policy_noise²), in half action ranges
///   y   = r + discount · mask · (min_k Q̂_k(s′, ã) − β2 ‖ã − a′‖²),   a′ the action of the data at s′
///   L_Q = E Σ_k (Q_k(s, a) − y)²
/// and at every policy_delay-th step
///   L_π = E [ β1 ‖π(s) − a‖² − λ min_k Q_k(s, π(s)) ],   λ = 1 / mean|min_k Q_k|, held constant
/// after which policy and target critics and policy follow. At a trajectory's last row a′ is not known and its
/// penalty left out. The authors choose β1 and β2 for each dataset; both are parameters here.
AlgorithmEntry rebrac_entry();

}  // namespace vaco
