// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <new>

#include "core/base/files.h"
#include "core/hdf5/hdf5_ids.h"

namespace vaco {
namespace {

constexpr uint64_t kChunkBytes = 512u << 10;
constexpr uint64_t kWorthPacking = 4096;  // bytes below which a chunk's bookkeeping costs more than it saves
constexpr unsigned kGzipLevel = 4;
constexpr size_t kMemoryStep = 1u << 20;  // bytes by which a file that is being made grows

Hdf5Id making_groups() {
  Hdf5Id creation(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_create_intermediate_group(creation.get(), 1);
  return creation;
}

Hdf5Id text_type(size_t bytes) {
  Hdf5Id type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), std::max<size_t>(1, bytes));
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

bool write_array(hid_t file, const std::string& name, hid_t type, const std::vector<int64_t>& shape,
                 const void* values, Hdf5Packing packing) {
  const std::vector<hsize_t> dims(shape.begin(), shape.end());
  const Hdf5Id space(dims.empty() ? H5Screate(H5S_SCALAR)
                                  : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
  const Hdf5Id links = making_groups(), creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation.get(), false);  // the same content gives the same bytes
  uint64_t row_bytes = H5Tget_size(type);
  for (size_t d = 1; d < dims.size(); ++d) row_bytes *= dims[d];
  if (packing == Hdf5Packing::gzip && !dims.empty() && row_bytes > 0 && dims[0] * row_bytes >= kWorthPacking) {
    std::vector<hsize_t> chunk = dims;
    chunk[0] = std::clamp<hsize_t>(kChunkBytes / row_bytes, 1, dims[0]);
    if (H5Pset_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data()) < 0 ||
        H5Pset_shuffle(creation.get()) < 0 || H5Pset_deflate(creation.get(), kGzipLevel) < 0)
      return false;
  }
  const Hdf5Id dataset(
      H5Dcreate2(file, name.c_str(), type, space.get(), links.get(), creation.get(), H5P_DEFAULT));
  if (!dataset.valid()) return false;
  const bool empty = std::find(dims.begin(), dims.end(), hsize_t{0}) != dims.end();
  return empty || H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
}

bool write_attribute(hid_t file, const std::string& object, const std::string& attribute, hid_t type,
                     const void* value) {
  const Hdf5Id owner(H5Oopen(file, object.c_str(), H5P_DEFAULT)), space(H5Screate(H5S_SCALAR));
  if (!owner.valid()) return false;
  if (H5Aexists(owner.get(), attribute.c_str()) > 0 && H5Adelete(owner.get(), attribute.c_str()) < 0)
    return false;
  const Hdf5Id made(H5Acreate2(owner.get(), attribute.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT));
  return made.valid() && H5Awrite(made.get(), type, value) >= 0;
}

Result<void> write_bytes(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const auto fail = [&](const char* what) {
    return Error{ErrorCode::failed, std::string(what) + path.string() + ": " + last_system_error()};
  };
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  if (!file) return fail("cannot create ");
  if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) {
    const Error error = fail("cannot write ");
    std::fclose(file);
    return error;
  }
  if (std::fclose(file) != 0) return fail("cannot write ");
  return {};
}

}  // namespace

Error Hdf5File::cannot_write(const std::string& object) const {
  return {ErrorCode::failed,
          "cannot write " + object + " to " + name_ + (errno ? ": " + last_system_error() : "")};
}

Result<Hdf5File> Hdf5File::create(const std::filesystem::path& path) {
  silence_hdf5();
  errno = 0;
  if (auto written = write_bytes(path, {}); !written) return written.error();
  const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_SEMI);
  H5Pset_fapl_core(access.get(), kMemoryStep, false);
  Hdf5Id id(H5Fcreate(unique_memory_name().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()));
  if (!id.valid()) return Error{ErrorCode::failed, "cannot create " + path.string() + ": not enough memory"};
  return Hdf5File(std::move(id), path.string(), nullptr);
}

Result<void> Hdf5File::close() {
  silence_hdf5();
  const Hdf5Id file = std::move(id_);
  const Error no_memory{ErrorCode::failed, "cannot write " + name_ + ": not enough memory"};
  if (H5Fflush(file.get(), H5F_SCOPE_LOCAL) < 0) return no_memory;
  const auto size = H5Fget_file_image(file.get(), nullptr, 0);
  if (size <= 0) return no_memory;
  try {
    std::vector<std::byte> image(static_cast<size_t>(size));
    if (H5Fget_file_image(file.get(), image.data(), image.size()) != size) return no_memory;
    return write_bytes(name_, image);
  } catch (const std::bad_alloc&) {
    return no_memory;
  }
}

template <Hdf5Number T>
Result<void> Hdf5File::write(const std::string& array, const std::vector<int64_t>& shape,
                             std::span<const T> values, Hdf5Packing packing) {
  silence_hdf5();
  int64_t count = 1;
  for (const int64_t extent : shape) count *= extent;
  assert(count == static_cast<int64_t>(values.size()));
  static_cast<void>(count);
  errno = 0;
  if (!write_array(id_.get(), array, native_type<T>(), shape, values.data(), packing))
    return cannot_write(array);
  return {};
}

template Result<void> Hdf5File::write(const std::string&, const std::vector<int64_t>&, std::span<const float>,
                                      Hdf5Packing);
template Result<void> Hdf5File::write(const std::string&, const std::vector<int64_t>&, std::span<const double>,
                                      Hdf5Packing);
template Result<void> Hdf5File::write(const std::string&, const std::vector<int64_t>&, std::span<const int64_t>,
                                      Hdf5Packing);
template Result<void> Hdf5File::write(const std::string&, const std::vector<int64_t>&,
                                      std::span<const uint64_t>, Hdf5Packing);
template Result<void> Hdf5File::write(const std::string&, const std::vector<int64_t>&, std::span<const int32_t>,
                                      Hdf5Packing);
template Result<void> Hdf5File::write(const std::string&, const std::vector<int64_t>&, std::span<const uint8_t>,
                                      Hdf5Packing);

Result<void> Hdf5File::write_flags(const std::string& array, std::span<const uint8_t> values,
                                   Hdf5Packing packing) {
  silence_hdf5();
  const Hdf5Id type(H5Tenum_create(H5T_NATIVE_INT8));
  const int8_t no = 0, yes = 1;
  H5Tenum_insert(type.get(), "FALSE", &no);
  H5Tenum_insert(type.get(), "TRUE", &yes);
  std::vector<int8_t> flags(values.size());
  std::transform(values.begin(), values.end(), flags.begin(), [](uint8_t v) { return int8_t{v != 0}; });
  errno = 0;
  if (!write_array(id_.get(), array, type.get(), {static_cast<int64_t>(flags.size())}, flags.data(), packing))
    return cannot_write(array);
  return {};
}

Result<void> Hdf5File::write_text(const std::string& array, const std::string& text) {
  silence_hdf5();
  const Hdf5Id type = text_type(text.size());
  errno = 0;
  if (!write_array(id_.get(), array, type.get(), {}, text.c_str(), Hdf5Packing::plain))
    return cannot_write(array);
  return {};
}

Result<void> Hdf5File::write_texts(const std::string& array, const std::vector<std::string>& texts) {
  silence_hdf5();
  size_t longest = 1;
  for (const auto& text : texts) longest = std::max(longest, text.size());
  std::string buffer;
  for (const auto& text : texts) buffer.append(text).append(longest - text.size(), '\0');
  const Hdf5Id type = text_type(longest);
  errno = 0;
  if (!write_array(id_.get(), array, type.get(), {static_cast<int64_t>(texts.size())}, buffer.data(),
                   Hdf5Packing::plain))
    return cannot_write(array);
  return {};
}

Result<void> Hdf5File::make_group(const std::string& group) {
  silence_hdf5();
  const Hdf5Id links = making_groups();
  errno = 0;
  const Hdf5Id made(H5Gcreate2(id_.get(), group.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT));
  if (!made.valid()) return cannot_write(group);
  return {};
}

Result<void> Hdf5File::set_attribute(const std::string& object, const std::string& attribute,
                                     const std::string& value) {
  silence_hdf5();
  const Hdf5Id type = text_type(value.size());
  errno = 0;
  if (!write_attribute(id_.get(), object, attribute, type.get(), value.c_str())) return cannot_write(object);
  return {};
}

Result<void> Hdf5File::set_attribute(const std::string& object, const std::string& attribute, int64_t value) {
  silence_hdf5();
  errno = 0;
  if (!write_attribute(id_.get(), object, attribute, H5T_NATIVE_INT64, &value)) return cannot_write(object);
  return {};
}

Result<void> Hdf5File::set_attribute(const std::string& object, const std::string& attribute, double value) {
  silence_hdf5();
  errno = 0;
  if (!write_attribute(id_.get(), object, attribute, H5T_NATIVE_DOUBLE, &value)) return cannot_write(object);
  return {};
}

}  // namespace vaco
