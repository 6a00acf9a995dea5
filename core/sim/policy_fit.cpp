// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/policy_fit.h"

namespace vaco {

std::string policy_misfit(const PolicySnapshot& policy, const EnvironmentInfo& info) {
  if (const auto problem = policy.problem(); !problem.empty()) return "cannot be used: " + problem;
  if ((policy.action_count > 0) != (info.action_count > 0) || policy.action_count > info.action_count)
    return "gives " +
           (policy.action_count > 0 ? std::to_string(policy.action_count) + " choices" : "continuous actions") +
           ", but " + info.label + " takes " +
           (info.action_count > 0 ? std::to_string(info.action_count) + " choices" : "continuous ones") +
           "; choose the environment it was trained for";
  if (policy.obs_dim() == info.obs_dim && policy.action_dim() == info.action_dim) return {};
  return "takes " + std::to_string(policy.obs_dim()) + " observations and gives " +
         std::to_string(policy.action_dim()) + " actions, but " + info.label + " has " +
         std::to_string(info.obs_dim) + " and " + std::to_string(info.action_dim) +
         "; choose the environment it was trained for";
}

}  // namespace vaco
