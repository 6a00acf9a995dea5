// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/policy_snapshot.h"
#include "core/sim/environment.h"

namespace vaco {

/// What keeps a policy from acting in an environment, to stand behind "the policy "; empty when nothing does.
std::string policy_misfit(const PolicySnapshot& policy, const EnvironmentInfo& info);

}  // namespace vaco
