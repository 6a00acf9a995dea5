// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_lzf.h"

#include <cstdint>
#include <cstring>

namespace vaco {

bool unpack_lzf(std::span<const std::byte> in, std::span<std::byte> out) {
  size_t from = 0, to = 0;
  while (from < in.size()) {
    const auto control = std::to_integer<size_t>(in[from++]);
    if (control < 32) {  // literal bytes, one more than it says
      const size_t count = control + 1;
      if (count > in.size() - from || count > out.size() - to) return false;
      std::memcpy(out.data() + to, in.data() + from, count);
      from += count;
      to += count;
      continue;
    }
    // Three bits of length, whose 7 goes on in a byte of its own, and thirteen of distance.
    size_t count = (control >> 5) + 2;
    if (control >> 5 == 7) {
      if (from == in.size()) return false;
      count += std::to_integer<size_t>(in[from++]);
    }
    if (from == in.size()) return false;
    const size_t distance = ((control & 0x1f) << 8 | std::to_integer<size_t>(in[from++])) + 1;
    if (distance > to || count > out.size() - to) return false;
    // Byte by byte: a copy may read what it has just written.
    for (size_t i = 0; i < count; ++i, ++to) out[to] = out[to - distance];
  }
  return to == out.size();
}

}  // namespace vaco
