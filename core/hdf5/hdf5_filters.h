// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vaco {

/// The filters of HDF5 chunks that we undo ourselves, with sizes that never depend on what the stored bytes
/// claim.
enum class ChunkFilter { deflate, lzf, shuffle, fletcher32 };

/// The checksum that HDF5 appends to a chunk: Fletcher's, over big-endian 16-bit words.
uint32_t fletcher32(std::span<const std::byte> bytes);

/// Puts the first bytes of all elements, then the second ones, ... back together: out [n * element_bytes].
void unshuffle(std::span<const std::byte> in, size_t element_bytes, std::span<std::byte> out);

/// Undoes a pipeline of filters, given in the order they were applied when writing; at most one of them
/// compresses.
class ChunkUnpacker {
 public:
  ChunkUnpacker(std::vector<ChunkFilter> filters, size_t element_bytes, size_t chunk_bytes);
  ~ChunkUnpacker();
  ChunkUnpacker(const ChunkUnpacker&) = delete;
  ChunkUnpacker& operator=(const ChunkUnpacker&) = delete;

  /// stored -> chunk_bytes bytes, valid until the next call. A set bit i of skipped means that filter i was
  /// left out. Returns what is wrong, or an empty text.
  std::string unpack(std::span<const std::byte> stored, uint32_t skipped, std::span<const std::byte>& chunk);

 private:
  std::vector<ChunkFilter> filters_;
  size_t element_bytes_;
  size_t chunk_bytes_;
  std::vector<std::byte> first_, second_;
  void* inflater_ = nullptr;  // libdeflate's, kept out of this header
};

}  // namespace vaco
