// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records/run_config.h"

namespace vaco {

/// Whether the configuration is complete and every value allowed; the dataset and the device must be there.
Result<void> check_config(const RunConfig& config);

}  // namespace vaco
