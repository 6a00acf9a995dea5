// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>

#include "core/hdf5/hdf5_bytes.h"
#include "core/hdf5/hdf5_messages.h"

namespace vaco {

/// Where an object keeps the attributes that its header has no room for, more than eight of them unless told
/// otherwise: their messages lie in a heap (a "fractal" one), and a tree names their places.
struct DenseAttributes {
  uint64_t heap = 0, index = 0;  ///< bytes of the file
};

/// Calls visit with the message of every one until it says false, as walk_header() does. Single ones of more
/// than 16 MiB, and what lies behind the first few hundred KiB of small ones, are left out; partial tells
/// whether any was.
HeaderWalk walk_dense_attributes(const Hdf5Bytes& bytes, const DenseAttributes& attributes,
                                 uint64_t base_address, const std::function<bool(const HeaderMessage&)>& visit,
                                 bool& partial);

}  // namespace vaco
