// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/raw_rows.h"

namespace vaco {

/// Leaves these rows in this order and drops all others. Findings that name rows are not moved: call it before
/// there are any.
void keep_rows(RawRows& rows, const std::vector<int64_t>& kept);

}  // namespace vaco
