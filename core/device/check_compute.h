// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/device/compute_options.h"

namespace vaco {

/// Whether this machine has the device and the precision. Errors: a word nobody knows (usage), something that
/// is not there (unavailable).
Result<void> check_compute(const ComputeOptions& options);

}  // namespace vaco
