// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "core/hdf5/hdf5_array.h"
#include "core/hdf5/hdf5_attribute.h"
#include "core/hdf5/hdf5_heap.h"
#include "core/hdf5/hdf5_ids.h"

namespace vaco {
namespace {

constexpr size_t kMaxTextBytes = size_t{16} << 20;
constexpr size_t kMaxTexts = 65536;

/// Fixed-length texts are padded with zeros or spaces.
std::string trimmed(const char* bytes, size_t size) {
  std::string text(bytes, strnlen(bytes, size));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

Result<std::vector<std::string>> Hdf5File::read_texts(const std::string& array) const {
  silence_hdf5();
  std::string problem;
  const Hdf5Id dataset = open_array(array, problem);
  if (!dataset.valid()) return broken(array, problem);
  const auto info = look_at_array(dataset.get(), problem);
  if (!info) return broken(array, problem);
  int64_t count = 1;
  for (const int64_t extent : info->shape) count *= extent;
  const Hdf5Id type(H5Dget_type(dataset.get())), creation(H5Dget_create_plist(dataset.get()));
  if (info->elements != Hdf5Elements::text) return broken(array, "it is not text");
  if (info->shape.size() > 1 || count < 1 || count > static_cast<int64_t>(kMaxTexts))
    return broken(array, "it has an impossible number of texts");
  const bool variable = H5Tis_variable_str(type.get()) > 0;
  const size_t size = variable ? kHeapPlaceBytes : H5Tget_size(type.get());
  const size_t bytes = size * static_cast<size_t>(count);
  if (size == 0 || size > kMaxTextBytes || bytes > kMaxTextBytes)
    return broken(array, "its texts are too long");
  const H5D_layout_t layout = H5Pget_layout(creation.get());
  const bool compact = layout == H5D_COMPACT;
  if (!compact && layout != H5D_CONTIGUOUS)
    return broken(array, "its texts are stored in chunks, which is not supported");
  if (H5Pget_external_count(creation.get()) != 0) return broken(array, "its data lie in another file");
  const haddr_t offset = compact ? 0 : H5Dget_offset(dataset.get());
  if (!compact && offset == HADDR_UNDEF) return broken(array, "it was never written");
  const uint64_t stored = H5Dget_storage_size(dataset.get());
  if (offset > bytes_->size() || bytes > bytes_->size() - offset || stored < bytes ||
      (variable && stored != bytes))
    return broken(array, "it claims more bytes than the file has");
  if (variable) {
    if (compact) return broken(array, "its texts are stored in its header, which is not supported");
    const Hdf5Id file_creation(H5Fget_create_plist(id_.get()));
    hsize_t base = 0;
    H5Pget_userblock(file_creation.get(), &base);
    std::vector<std::string> texts;
    problem = read_heap_texts(*bytes_, offset, static_cast<size_t>(count), base, kMaxTextBytes, texts);
    if (!problem.empty()) return broken(array, problem);
    return texts;
  }
  std::string buffer(bytes, '\0');
  if (H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.data()) < 0)
    return broken(array, "it cannot be read");
  std::vector<std::string> texts;
  for (int64_t i = 0; i < count; ++i)
    texts.push_back(trimmed(buffer.data() + static_cast<size_t>(i) * size, size));
  return texts;
}

Result<std::string> Hdf5File::read_text(const std::string& array) const {
  auto texts = read_texts(array);
  if (!texts) return texts.error();
  return std::move(texts->front());
}

bool Hdf5File::has_attribute(const std::string& object, const std::string& attribute) const {
  silence_hdf5();
  const Hdf5Id access = closed_access(H5P_LINK_ACCESS);
  return H5Aexists_by_name(id_.get(), object.c_str(), attribute.c_str(), access.get()) > 0;
}

Result<std::string> Hdf5File::text_attribute(const std::string& object, const std::string& attribute) const {
  silence_hdf5();
  const Hdf5Id access = closed_access(H5P_LINK_ACCESS);
  const Hdf5Id owner(H5Oopen(id_.get(), object.c_str(), access.get()));
  const Hdf5Id opened(owner.valid() ? H5Aopen(owner.get(), attribute.c_str(), H5P_DEFAULT) : -1);
  const auto wrong = [&](const char* what) {
    return broken(object, "its attribute '" + attribute + "' " + what);
  };
  if (!opened.valid()) return wrong("is missing");
  const Hdf5Id type(H5Aget_type(opened.get())), space(H5Aget_space(opened.get()));
  const size_t size = type.valid() ? H5Tget_size(type.get()) : 0;
  if (!type.valid() || H5Tget_class(type.get()) != H5T_STRING ||
      H5Sget_simple_extent_npoints(space.get()) != 1 || size == 0 || size > kMaxTextBytes)
    return wrong("is not a text");
  if (H5Tis_variable_str(type.get()) > 0) {
    const Hdf5Id creation(H5Fget_create_plist(id_.get()));
    H5O_info_t info;
    hsize_t base = 0;
    if (H5Oget_info2(owner.get(), &info, H5O_INFO_BASIC) < 0 || H5Pget_userblock(creation.get(), &base) < 0)
      return wrong("cannot be read");
    const auto place = find_attribute_value(*bytes_, base + info.addr, base, attribute, kHeapPlaceBytes);
    if (!place) return wrong("is stored outside of its object's header, which is not supported");
    std::vector<std::string> texts;
    const auto problem = read_heap_texts(*bytes_, *place, 1, base, kMaxTextBytes, texts);
    if (!problem.empty()) return broken(object, "its attribute '" + attribute + "': " + problem);
    return std::move(texts.front());
  }
  std::string buffer(size, '\0');
  if (H5Aread(opened.get(), type.get(), buffer.data()) < 0) return wrong("cannot be read");
  return trimmed(buffer.data(), size);
}

namespace {

template <Hdf5Number T>
bool read_number_attribute(hid_t file, const std::string& object, const std::string& attribute, T& value) {
  silence_hdf5();
  const Hdf5Id access = closed_access(H5P_LINK_ACCESS);
  const Hdf5Id owner(H5Oopen(file, object.c_str(), access.get()));
  const Hdf5Id opened(owner.valid() ? H5Aopen(owner.get(), attribute.c_str(), H5P_DEFAULT) : -1);
  if (!opened.valid()) return false;
  const Hdf5Id type(H5Aget_type(opened.get())), space(H5Aget_space(opened.get()));
  const H5T_class_t kind = type.valid() ? H5Tget_class(type.get()) : H5T_NO_CLASS;
  if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || H5Tget_size(type.get()) > 8 ||
      H5Sget_simple_extent_npoints(space.get()) != 1)
    return false;
  return H5Aread(opened.get(), native_type<T>(), &value) >= 0;
}

}  // namespace

Result<int64_t> Hdf5File::integer_attribute(const std::string& object, const std::string& attribute) const {
  int64_t value = 0;
  if (!read_number_attribute(id_.get(), object, attribute, value))
    return broken(object, "its attribute '" + attribute + "' is missing or not a number");
  return value;
}

Result<double> Hdf5File::real_attribute(const std::string& object, const std::string& attribute) const {
  double value = 0.0;
  if (!read_number_attribute(id_.get(), object, attribute, value))
    return broken(object, "its attribute '" + attribute + "' is missing or not a number");
  return value;
}

}  // namespace vaco
