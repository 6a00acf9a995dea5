// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the elements of a dataset that check_array() has allowed.
#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>

#include "core/hdf5/hdf5_array.h"

namespace vaco {
namespace {

/// Converts elements in place, from the stored type to the target; the buffer is large enough for both.
bool convert(const CheckedArray& array, hid_t target, size_t count, std::byte* buffer) {
  return H5Tconvert(array.type.get(), target, count, buffer, nullptr, H5P_DEFAULT) >= 0;
}

/// Contiguous and compact arrays, in slabs along the first dimension.
std::string read_plain(hid_t dataset, const CheckedArray& array, hid_t target, size_t target_bytes,
                       std::byte* out, const Hdf5Continue& go_on, bool& stopped) {
  const size_t stored_bytes = static_cast<size_t>(array.info.element_bytes);
  const size_t widest = std::max(stored_bytes, target_bytes);
  const Hdf5Id stored_type(H5Dget_type(dataset));  // enums as such: reading then converts nothing
  if (array.info.shape.empty()) {
    std::vector<std::byte> buffer(widest);
    if (H5Dread(dataset, stored_type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.data()) < 0 ||
        !convert(array, target, 1, buffer.data()))
      return "it cannot be read";
    std::memcpy(out, buffer.data(), target_bytes);
    return {};
  }
  const auto& shape = array.info.shape;
  const int64_t per_row = array.count / shape[0];
  const int64_t slab = std::clamp<int64_t>((int64_t{4} << 20) / std::max<int64_t>(1, per_row * 8), 1, shape[0]);
  std::vector<std::byte> buffer(static_cast<size_t>(slab * per_row) * widest);
  const Hdf5Id file_space(H5Dget_space(dataset));
  std::vector<hsize_t> start(shape.size(), 0), size(shape.begin(), shape.end());
  for (int64_t row = 0; row < shape[0]; row += slab) {
    const int64_t rows = std::min(slab, shape[0] - row);
    start[0] = static_cast<hsize_t>(row);
    size[0] = static_cast<hsize_t>(rows);
    const Hdf5Id memory_space(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr));
    const size_t count = static_cast<size_t>(rows * per_row);
    if (H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr) <
            0 ||
        H5Dread(dataset, stored_type.get(), memory_space.get(), file_space.get(), H5P_DEFAULT, buffer.data()) <
            0 ||
        !convert(array, target, count, buffer.data()))
      return "it cannot be read";
    std::memcpy(out + static_cast<size_t>(row * per_row) * target_bytes, buffer.data(), count * target_bytes);
    if (go_on && !go_on(static_cast<double>(row + rows) / static_cast<double>(shape[0]))) {
      stopped = true;
      return {};
    }
  }
  return {};
}

/// Copies the part of a chunk that lies inside the array to its place.
void place_chunk(const CheckedArray& array, const std::vector<hsize_t>& corner, const std::byte* chunk,
                 size_t bytes, std::byte* out) {
  const auto& shape = array.info.shape;
  const size_t rank = shape.size();
  std::vector<int64_t> inside(rank), at(rank, 0);
  for (size_t d = 0; d < rank; ++d)
    inside[d] = std::min(array.chunk_shape[d], shape[d] - static_cast<int64_t>(corner[d]));
  const size_t run = static_cast<size_t>(inside[rank - 1]);
  if (rank == 2 && run == 1) {  // column chunks, as h5py guesses them: a plain strided loop
    const size_t stride = static_cast<size_t>(shape[1]) * bytes;
    const size_t skip = static_cast<size_t>(array.chunk_shape[1]) * bytes;
    std::byte* to = out + (corner[0] * static_cast<size_t>(shape[1]) + corner[1]) * bytes;
    if (bytes == 4) {
      for (int64_t i = 0; i < inside[0]; ++i, to += stride, chunk += skip) std::memcpy(to, chunk, 4);
    } else {
      for (int64_t i = 0; i < inside[0]; ++i, to += stride, chunk += skip) std::memcpy(to, chunk, bytes);
    }
    return;
  }
  while (true) {
    size_t from = 0, to = 0;
    for (size_t d = 0; d < rank; ++d) {
      from = from * static_cast<size_t>(array.chunk_shape[d]) + static_cast<size_t>(at[d]);
      to = to * static_cast<size_t>(shape[d]) + static_cast<size_t>(at[d]) + static_cast<size_t>(corner[d]);
    }
    std::memcpy(out + to * bytes, chunk + from * bytes, run * bytes);
    size_t d = rank - 1;
    while (d-- > 0) {
      if (++at[d] < inside[d]) break;
      at[d] = 0;
    }
    if (d == std::numeric_limits<size_t>::max()) return;
  }
}

/// What HDF5 writes at most of one chunk without filters. It says that such a chunk has the size that it
/// should, and reads the one that the file gives it, in 32 bits: up to the end of the file.
size_t most_of_a_chunk(hid_t dataset, size_t chunk_bytes) {
  const Hdf5Id file(H5Iget_file_id(dataset));
  hsize_t file_bytes = 0;
  if (!file.valid() || H5Fget_filesize(file.get(), &file_bytes) < 0) file_bytes = hsize_t{1} << 32;
  return std::max(chunk_bytes, static_cast<size_t>(std::min(file_bytes, hsize_t{1} << 32)));
}

std::string read_chunks(hid_t dataset, const CheckedArray& array, hid_t target, size_t target_bytes,
                        std::byte* out, const Hdf5Continue& go_on, bool& stopped) {
  const auto& shape = array.info.shape;
  const size_t rank = shape.size();
  const size_t stored_bytes = static_cast<size_t>(array.info.element_bytes);
  size_t chunk_count = 1;  // elements of a chunk
  int64_t chunks = 1;
  for (size_t d = 0; d < rank; ++d) {
    chunk_count *= static_cast<size_t>(array.chunk_shape[d]);
    chunks *= (shape[d] + array.chunk_shape[d] - 1) / array.chunk_shape[d];
  }
  const size_t chunk_bytes = chunk_count * stored_bytes;
  const bool as_is = H5Tequal(array.type.get(), target) > 0;
  // What a chunk can at most take in the file: incompressible data grow a little, and each checksum adds 4
  // bytes.
  const hsize_t most_stored = chunk_bytes + chunk_bytes / 8 + 4096;
  // Not filled with zeros: what no sound file needs of it never takes memory.
  const auto stored = std::make_unique_for_overwrite<std::byte[]>(
      array.filters.empty() ? most_of_a_chunk(dataset, chunk_bytes) : most_stored);
  ChunkUnpacker unpacker(array.filters, stored_bytes, chunk_bytes);
  std::vector<std::byte> converted(as_is ? 0 : chunk_count * std::max(stored_bytes, target_bytes));
  std::vector<hsize_t> corner(rank, 0);
  for (int64_t done = 0; done < chunks; ++done) {
    hsize_t size = 0;
    uint32_t skipped = 0;
    if (H5Dget_chunk_storage_size(dataset, corner.data(), &size) < 0 || size == 0)
      return "a part of it, from row " + std::to_string(corner[0]) + ", was never written or is damaged";
    if (size > most_stored) return "a chunk has an impossible size";
    if (array.filters.empty()) std::fill_n(stored.get(), size, std::byte{0});  // where the file has less
    if (H5Dread_chunk(dataset, H5P_DEFAULT, corner.data(), &skipped, stored.get()) < 0)
      return "a chunk at row " + std::to_string(corner[0]) + " cannot be read";
    bool partial = false;
    for (size_t d = 0; d < rank; ++d)
      partial |= static_cast<int64_t>(corner[d]) + array.chunk_shape[d] > shape[d];
    if (array.edges_unfiltered && partial) skipped = ~0u;
    std::span<const std::byte> chunk;
    if (auto wrong = unpacker.unpack({stored.get(), size}, skipped, chunk); !wrong.empty())
      return wrong + " (at row " + std::to_string(corner[0]) + ")";
    const std::byte* elements = chunk.data();
    if (!as_is) {
      std::memcpy(converted.data(), chunk.data(), chunk_bytes);
      if (!convert(array, target, chunk_count, converted.data())) return "its elements cannot be converted";
      elements = converted.data();
    }
    place_chunk(array, corner, elements, target_bytes, out);
    if (go_on && !go_on(static_cast<double>(done + 1) / static_cast<double>(chunks))) {
      stopped = true;
      return {};
    }
    for (size_t d = rank; d-- > 0;) {
      corner[d] += static_cast<hsize_t>(array.chunk_shape[d]);
      if (static_cast<int64_t>(corner[d]) < shape[d]) break;
      corner[d] = 0;
    }
  }
  return {};
}

}  // namespace

std::string read_elements(hid_t dataset, const CheckedArray& array, hid_t target, size_t target_bytes,
                          void* out, const Hdf5Continue& go_on, bool& stopped) {
  auto* to = static_cast<std::byte*>(out);
  return array.chunked ? read_chunks(dataset, array, target, target_bytes, to, go_on, stopped)
                       : read_plain(dataset, array, target, target_bytes, to, go_on, stopped);
}

}  // namespace vaco
