// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/data/raw_rows.h"

namespace vaco {

/// Takes time limits out of terminals: at the step limit, or where several episodes end after the same,
/// greatest number of rows, flags that stand at both kinds of end (RawRows::ends_are_mixed) are timeouts; in an
/// environment that never terminates all are. Each is a finding. environment: our name of it or the file's.
void part_time_limits(RawRows& rows, std::string_view environment, int64_t step_limit);

}  // namespace vaco
