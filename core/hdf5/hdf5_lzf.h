// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

namespace vaco {

/// Unpacks LZF, which h5py packs with: runs of literal bytes, and copies of what was unpacked up to 8192 bytes
/// before. Whether in is sound and gives exactly out.size() bytes; neither end is ever passed.
bool unpack_lzf(std::span<const std::byte> in, std::span<std::byte> out);

}  // namespace vaco
