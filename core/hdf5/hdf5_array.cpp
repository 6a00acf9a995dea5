// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_array.h"

#include <algorithm>

namespace vaco {
namespace {

constexpr int kMaxRank = 8;
constexpr int64_t kMaxElements = int64_t{1} << 40;
constexpr uint64_t kMaxChunkBytes = uint64_t{256} << 20;
constexpr uint64_t kDeflateLimit = 1040;  // deflate cannot expand by more than about 1032

constexpr uint64_t kLzfLimit = 88;  // three bytes stand for 264 at the most
constexpr H5Z_filter_t kLzfFilter = 32000;

/// h5repack leaves arrays out that its library cannot unpack, so plugins are undone where they are installed.
std::string refuse_filter(H5Z_filter_t filter) {
  struct Named {
    H5Z_filter_t number;
    const char* name;
  };
  constexpr Named kOwn[] = {{H5Z_FILTER_SZIP, "szip"},
                            {H5Z_FILTER_NBIT, "n-bit packing"},
                            {H5Z_FILTER_SCALEOFFSET, "scale and offset"}};
  constexpr Named kPlugins[] = {{307, "bzip2"},        {32001, "Blosc"}, {32004, "LZ4"},
                                {32008, "bitshuffle"}, {32013, "ZFP"},   {32015, "Zstandard"},
                                {32017, "SZ"},         {32024, "SZ3"},   {32026, "Blosc2"}};
  for (const auto& [number, name] : kOwn)
    if (number == filter)
      return std::string("it is packed by ") + name +
             ", which is not supported; pack it with gzip: h5repack -f GZIP=4 IN OUT";
  std::string by = "a plugin (filter " + std::to_string(filter) + ")";
  for (const auto& [number, name] : kPlugins)
    if (number == filter) by = name;
  return "it is packed by " + by +
         ", a plugin of HDF5 that this program does not load; write it anew where hdf5plugin is installed (pip "
         "install h5py hdf5plugin): python3 -c \"import hdf5plugin, h5py; a = h5py.File('IN'); b = "
         "h5py.File('OUT', 'w'); a.visititems(lambda n, o: b.create_dataset(n, data=o[()]) and None if "
         "isinstance(o, h5py.Dataset) else None)\"";
}

/// Floats whose described bit fields lie inside the element, integers of the usual sizes: what HDF5 converts
/// safely.
bool sound_number(hid_t type, H5T_class_t kind) {
  const size_t bytes = H5Tget_size(type);
  const size_t bits = H5Tget_precision(type);
  const int offset = H5Tget_offset(type);
  const H5T_order_t order = H5Tget_order(type);
  if (order != H5T_ORDER_LE && order != H5T_ORDER_BE) return false;
  if (offset < 0 || bits == 0 || bits > 8 * bytes || static_cast<size_t>(offset) > 8 * bytes - bits)
    return false;
  if (kind == H5T_INTEGER) return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  size_t sign = 0, exponent_at = 0, exponent = 0, mantissa_at = 0, mantissa = 0;
  if (H5Tget_fields(type, &sign, &exponent_at, &exponent, &mantissa_at, &mantissa) < 0) return false;
  return (bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16) && sign < bits && exponent > 0 &&
         mantissa > 0 && exponent <= 15 && exponent_at < bits && exponent <= bits - exponent_at &&
         mantissa_at < bits && mantissa <= bits - mantissa_at;
}

bool read_pipeline(hid_t creation, CheckedArray& array, std::string& problem) {
  const int filters = H5Pget_nfilters(creation);
  if (filters < 0 || filters > 32) {
    problem = "its filters cannot be read";
    return false;
  }
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    unsigned values[8] = {};
    size_t value_count = 8;
    const H5Z_filter_t filter =
        H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &value_count, values, 0, nullptr, &config);
    if (filter == H5Z_FILTER_DEFLATE) {
      array.filters.push_back(ChunkFilter::deflate);
    } else if (filter == kLzfFilter) {
      array.filters.push_back(ChunkFilter::lzf);
    } else if (filter == H5Z_FILTER_FLETCHER32) {
      array.filters.push_back(ChunkFilter::fletcher32);
    } else if (filter == H5Z_FILTER_SHUFFLE) {
      if (value_count >= 1 && values[0] != static_cast<unsigned>(array.info.element_bytes)) {
        problem = "its shuffle filter does not fit its elements";
        return false;
      }
      array.filters.push_back(ChunkFilter::shuffle);
    } else {
      problem = filter < 0 ? "its filters cannot be read" : refuse_filter(filter);
      return false;
    }
  }
  return true;
}

bool check_chunks(hid_t dataset, hid_t creation, uint64_t file_bytes, CheckedArray& array,
                  std::string& problem) {
  const auto& shape = array.info.shape;
  hsize_t dims[kMaxRank] = {}, current[kMaxRank] = {}, largest[kMaxRank] = {};
  const int rank = static_cast<int>(shape.size());
  const Hdf5Id space(H5Dget_space(dataset));
  if (rank == 0 || H5Pget_chunk(creation, kMaxRank, dims) != rank ||
      H5Sget_simple_extent_dims(space.get(), current, largest) != rank) {
    problem = "its chunks cannot be read";
    return false;
  }
  uint64_t bytes = static_cast<uint64_t>(array.info.element_bytes);
  uint64_t chunks = 1;
  for (int d = 0; d < rank; ++d) {
    // Only an array that may still grow can have chunks larger than itself.
    const bool grows = largest[d] == H5S_UNLIMITED || largest[d] > current[d];
    if (dims[d] == 0 || dims[d] > kMaxChunkBytes || (dims[d] > current[d] && !grows) ||
        __builtin_mul_overflow(bytes, dims[d], &bytes) || bytes > kMaxChunkBytes) {
      problem = "its chunks have an impossible size";
      return false;
    }
    chunks *= (current[d] + dims[d] - 1) / dims[d];
    array.chunk_shape.push_back(static_cast<int64_t>(dims[d]));
  }
  const uint64_t stored = H5Dget_storage_size(dataset);
  if (stored > file_bytes) {
    problem = "it claims more bytes than the file has";
    return false;
  }
  const auto deflates = std::count(array.filters.begin(), array.filters.end(), ChunkFilter::deflate);
  const auto packed = deflates + std::count(array.filters.begin(), array.filters.end(), ChunkFilter::lzf);
  if (packed > 1) {
    problem = "it is compressed twice, which is not supported";
    return false;
  }
  const uint64_t wanted = static_cast<uint64_t>(array.count) * static_cast<uint64_t>(array.info.element_bytes);
  const uint64_t most = packed == 0 ? stored : stored * (deflates == 1 ? kDeflateLimit : kLzfLimit);
  if (chunks > stored || most < wanted) {
    problem = "it claims " + std::to_string(wanted) + " bytes of data but holds only " +
              std::to_string(stored) + " (it was never written to its end, or the file is damaged)";
    return false;
  }
  unsigned options = 0;
  if (H5Pget_chunk_opts(creation, &options) >= 0)
    array.edges_unfiltered = (options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) != 0;
  return true;
}

}  // namespace

std::optional<Hdf5ArrayInfo> look_at_array(hid_t dataset, std::string& problem) {
  Hdf5ArrayInfo info;
  const Hdf5Id space(H5Dget_space(dataset)), type(H5Dget_type(dataset));
  const int rank = space.valid() ? H5Sget_simple_extent_ndims(space.get()) : -1;
  if (rank < 0 || !type.valid() || H5Sget_simple_extent_type(space.get()) == H5S_NULL) {
    problem = "its shape or type cannot be read";
    return std::nullopt;
  }
  if (rank > kMaxRank) {
    problem = "it has " + std::to_string(rank) + " dimensions";
    return std::nullopt;
  }
  hsize_t dims[kMaxRank] = {};
  if (rank > 0 && H5Sget_simple_extent_dims(space.get(), dims, nullptr) != rank) {
    problem = "its shape cannot be read";
    return std::nullopt;
  }
  int64_t count = 1;
  for (int d = 0; d < rank; ++d) {
    if (dims[d] > static_cast<hsize_t>(kMaxElements) ||
        __builtin_mul_overflow(count, static_cast<int64_t>(dims[d]), &count) || count > kMaxElements) {
      problem = "it claims an impossible number of elements";
      return std::nullopt;
    }
    info.shape.push_back(static_cast<int64_t>(dims[d]));
  }
  info.element_bytes = static_cast<int64_t>(H5Tget_size(type.get()));
  switch (H5Tget_class(type.get())) {
    case H5T_INTEGER:
    case H5T_ENUM:
      info.elements = Hdf5Elements::integer;
      break;
    case H5T_FLOAT:
      info.elements = Hdf5Elements::real;
      break;
    case H5T_STRING:
      info.elements = Hdf5Elements::text;
      break;
    case H5T_VLEN:
      info.elements = Hdf5Elements::packed;
      break;
    default:
      info.elements = Hdf5Elements::other;
      break;
  }
  return info;
}

std::optional<CheckedArray> check_array(hid_t dataset, uint64_t file_bytes, std::string& problem) {
  auto info = look_at_array(dataset, problem);
  if (!info) return std::nullopt;
  const auto fail = [&](std::string what) {
    problem = std::move(what);
    return std::nullopt;
  };
  CheckedArray array;
  array.info = std::move(*info);
  for (const int64_t extent : array.info.shape) array.count *= extent;
  if (array.count == 0) return fail("it is empty");
  Hdf5Id type(H5Dget_type(dataset));
  if (H5Tget_class(type.get()) == H5T_ENUM) type = Hdf5Id(H5Tget_super(type.get()));
  const H5T_class_t kind = type.valid() ? H5Tget_class(type.get()) : H5T_NO_CLASS;
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) return fail("its elements are not numbers");
  array.info.element_bytes = static_cast<int64_t>(H5Tget_size(type.get()));
  // A damaged enum can claim another size than the integers it is made of.
  const bool own_size = H5Tget_size(Hdf5Id(H5Dget_type(dataset)).get()) == H5Tget_size(type.get());
  if (!own_size || !sound_number(type.get(), kind)) return fail("its elements are numbers of an unknown kind");
  array.type = std::move(type);

  const Hdf5Id creation(H5Dget_create_plist(dataset));
  if (!creation.valid()) return fail("its layout cannot be read");
  if (H5Pget_external_count(creation.get()) != 0)
    return fail("its data lie in another file, which is not supported");
  if (!read_pipeline(creation.get(), array, problem)) return std::nullopt;
  const uint64_t bytes = static_cast<uint64_t>(array.count) * static_cast<uint64_t>(array.info.element_bytes);
  switch (H5Pget_layout(creation.get())) {
    case H5D_CHUNKED:
      array.chunked = true;
      if (!check_chunks(dataset, creation.get(), file_bytes, array, problem)) return std::nullopt;
      break;
    case H5D_CONTIGUOUS: {
      const haddr_t offset = H5Dget_offset(dataset);
      if (offset == HADDR_UNDEF) return fail("it was never written");
      if (offset > file_bytes || bytes > file_bytes - offset || H5Dget_storage_size(dataset) < bytes)
        return fail("it claims more bytes than the file has");
      break;
    }
    case H5D_COMPACT:
      if (bytes > file_bytes || H5Dget_storage_size(dataset) < bytes)
        return fail("it claims more bytes than the file has");
      break;
    case H5D_VIRTUAL:
      return fail("it is put together from other files (virtual), which is not supported");
    default:
      return fail("its layout is unknown");
  }
  return array;
}

}  // namespace vaco
