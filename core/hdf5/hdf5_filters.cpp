// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_filters.h"

#include <libdeflate.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

#include "core/hdf5/hdf5_lzf.h"

namespace vaco {
namespace {

constexpr size_t kChecksumBytes = 4;

libdeflate_decompressor* inflater(void* opaque) {
  return static_cast<libdeflate_decompressor*>(opaque);
}

uint32_t read_little_endian(const std::byte* at) {
  uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | std::to_integer<uint32_t>(at[i]);
  return value;
}

/// A bug of old HDF5 releases stored the checksum with the bytes of both halves exchanged; such files count as
/// sound.
uint32_t exchange_in_halves(uint32_t sum) {
  return (sum & 0x00ff00ffu) << 8 | (sum & 0xff00ff00u) >> 8;
}

}  // namespace

uint32_t fletcher32(std::span<const std::byte> bytes) {
  uint32_t sum1 = 0, sum2 = 0;
  const auto add = [&](uint32_t word) {
    // Modulo 65535 with 65535 kept as such, the way folding leaves it.
    sum1 += word;
    sum1 = (sum1 & 0xffff) + (sum1 >> 16);
    sum2 += sum1;
    sum2 = (sum2 & 0xffff) + (sum2 >> 16);
  };
  size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2)
    add(std::to_integer<uint32_t>(bytes[i]) << 8 | std::to_integer<uint32_t>(bytes[i + 1]));
  if (i < bytes.size()) add(std::to_integer<uint32_t>(bytes[i]) << 8);
  return sum2 << 16 | sum1;
}

void unshuffle(std::span<const std::byte> in, size_t element_bytes, std::span<std::byte> out) {
  assert(in.size() == out.size() && element_bytes > 0);
  const size_t count = in.size() / element_bytes;
  if (element_bytes == 4) {
    // The common case, written so that the compiler can vectorise it.
    const std::byte *b0 = in.data(), *b1 = b0 + count, *b2 = b1 + count, *b3 = b2 + count;
    std::byte* to = out.data();
    for (size_t i = 0; i < count; ++i) {
      to[4 * i] = b0[i];
      to[4 * i + 1] = b1[i];
      to[4 * i + 2] = b2[i];
      to[4 * i + 3] = b3[i];
    }
  } else {
    for (size_t byte = 0; byte < element_bytes; ++byte) {
      const std::byte* from = in.data() + byte * count;
      for (size_t i = 0; i < count; ++i) out[i * element_bytes + byte] = from[i];
    }
  }
  const size_t done = count * element_bytes;
  std::copy(in.begin() + static_cast<ptrdiff_t>(done), in.end(), out.begin() + static_cast<ptrdiff_t>(done));
}

ChunkUnpacker::ChunkUnpacker(std::vector<ChunkFilter> filters, size_t element_bytes, size_t chunk_bytes)
    : filters_(std::move(filters)), element_bytes_(element_bytes), chunk_bytes_(chunk_bytes) {
  const bool inflates = std::find(filters_.begin(), filters_.end(), ChunkFilter::deflate) != filters_.end();
  if (inflates && !(inflater_ = libdeflate_alloc_decompressor())) throw std::bad_alloc();
}

ChunkUnpacker::~ChunkUnpacker() {
  libdeflate_free_decompressor(inflater(inflater_));
}

std::string ChunkUnpacker::unpack(std::span<const std::byte> stored, uint32_t skipped,
                                  std::span<const std::byte>& chunk) {
  std::span<const std::byte> now = stored;
  for (size_t i = filters_.size(); i-- > 0;) {
    if (skipped >> i & 1u) continue;
    switch (filters_[i]) {
      case ChunkFilter::fletcher32: {
        if (now.size() < kChecksumBytes) return "a chunk has the wrong size";
        const size_t size = now.size() - kChecksumBytes;
        const uint32_t said = read_little_endian(now.data() + size);
        now = now.first(size);
        const uint32_t sum = fletcher32(now);
        if (said != sum && said != exchange_in_halves(sum))
          return "a chunk's checksum does not fit its content";
        break;
      }
      case ChunkFilter::lzf:
      case ChunkFilter::deflate: {
        // What went in: the chunk, and the checksums that were appended before.
        size_t expected = chunk_bytes_;
        for (size_t before = 0; before < i; ++before)
          if (filters_[before] == ChunkFilter::fletcher32 && !(skipped >> before & 1u))
            expected += kChecksumBytes;
        std::vector<std::byte>& out = now.data() == first_.data() ? second_ : first_;
        out.resize(expected);
        size_t size = expected;
        const bool unpacked =
            filters_[i] == ChunkFilter::lzf
                ? unpack_lzf(now, out)
                : libdeflate_zlib_decompress(inflater(inflater_), now.data(), now.size(), out.data(),
                                             out.size(), &size) == LIBDEFLATE_SUCCESS;
        if (!unpacked || size != expected) return "a compressed chunk is damaged";
        now = out;
        break;
      }
      case ChunkFilter::shuffle: {
        if (element_bytes_ == 1) break;
        std::vector<std::byte>& out = now.data() == first_.data() ? second_ : first_;
        out.resize(now.size());
        unshuffle(now, element_bytes_, out);
        now = out;
        break;
      }
    }
  }
  if (now.size() != chunk_bytes_) return "a chunk has the wrong size";
  chunk = now;
  return {};
}

}  // namespace vaco
