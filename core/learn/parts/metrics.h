// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm.h"

/// Metrics of several algorithms. What only one reports stands in its own file.
namespace vaco::metric {

inline constexpr Metric value_loss{"value_loss", "Value loss", "J_V"};
inline constexpr Metric critic_loss{"critic_loss", "Critic loss", "J_Q"};
inline constexpr Metric policy_loss{"policy_loss", "Policy loss", "J_π"};
inline constexpr Metric bc_loss{"bc_loss", "Cloning loss", "J_BC"};
inline constexpr Metric q_mean{"q_mean", "Mean Q of the data", "Q(s, a)"};
inline constexpr Metric v_mean{"v_mean", "Mean value of the data", "V(s)"};
inline constexpr Metric policy_q{"policy_q", "Q of the policy", "Q(s, π(s))"};
inline constexpr Metric batch_weight{"batch_weight", "Mean weight of the batch", ""};
inline constexpr Metric batch_ess{"batch_ess", "Effective sample size of the batch (share)", ""};

}  // namespace vaco::metric
