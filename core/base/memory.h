// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace vaco {

/// Bytes of memory that the system can still give, or a large number where it does not say.
uint64_t available_memory();

}  // namespace vaco
