// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/param_spec.h"

namespace vaco {

/// Name of the algorithm in the config of such a run.
inline constexpr const char* kOnlineTd3 = "online_td3";
/// Its parameters: TD3's, and how it is run (online_steps, eval_interval, set_rows, ...).
const std::vector<ParamSpec>& online_schema();

}  // namespace vaco
