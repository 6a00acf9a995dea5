// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/hdf5/hdf5_bytes.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {

/// An access list under which H5Fopen reads from these bytes, whatever name it is given; not valid where the
/// library cannot do that. The library's own drivers keep what metadata was last read, and copy from there
/// without having read anything when a damaged file leads them to no address at all; ours has no such store,
/// and refuses every address that is outside of the file, and the heaps and trees that the library would not
/// come back from (hdf5_structure.h).
Hdf5Id reading_access(const std::shared_ptr<const Hdf5Bytes>& bytes);

}  // namespace vaco
