// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hdf5/hdf5_bytes.h"

namespace vaco {

/// Texts of variable length, as h5py writes them unless told otherwise: the array holds places in a heap that
/// the library reads without checks, so that we read it ourselves. count places stand at byte `offset` of the
/// file; the heap's addresses count from base_address. Returns what is wrong, or an empty text.
std::string read_heap_texts(const Hdf5Bytes& bytes, uint64_t offset, size_t count, uint64_t base_address,
                            size_t most_bytes, std::vector<std::string>& texts);

/// Bytes that one such place takes.
constexpr size_t kHeapPlaceBytes = 16;

/// What we read of texts in one go.
constexpr size_t kMaxTextBytes = size_t{16} << 20;

/// A text of fixed length without the zeros or spaces that pad it.
std::string trimmed_text(std::string_view padded);

}  // namespace vaco
