// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace vaco {

/// Bytes of a file from an offset; fewer than asked for at its end.
using ReadBytes = std::function<std::vector<std::byte>(uint64_t offset, size_t count)>;

/// Looks through the object header of an array before the HDF5 library decodes it: the library trusts the
/// lengths inside some messages (fill value, enum members, compact data, filter values) and reads past their
/// ends. Checks headers of version 1, which every file of the default format has; version 2 carries checksums
/// that the library verifies. Returns what is wrong, or an empty text.
std::string array_header_problem(const ReadBytes& read, uint64_t header_offset, uint64_t base_address);

}  // namespace vaco
