// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/hdf5/hdf5_bytes.h"

namespace vaco {

/// Where in the file the value of an object's attribute begins, as far as it takes value_bytes there. Read from
/// the object's header by ourselves, for values that the library reads without checks (see hdf5_heap.h).
/// header is the byte at which the header stands, base_address what addresses in it count from. Nothing where
/// the attribute does not stand in the header, or the header is damaged.
std::optional<uint64_t> find_attribute_value(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address,
                                             std::string_view attribute, size_t value_bytes);

}  // namespace vaco
