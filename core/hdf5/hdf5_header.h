// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/hdf5/hdf5_bytes.h"

namespace vaco {

/// Looks through the object header of an array before the HDF5 library decodes it: the library trusts the
/// lengths inside some messages (fill value, enum members, compact data, filter values) and reads past their
/// ends. Checks headers of version 1, which every file of the default format has; version 2 carries checksums
/// that the library verifies. Returns what is wrong, or an empty text.
std::string array_header_problem(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address);

}  // namespace vaco
