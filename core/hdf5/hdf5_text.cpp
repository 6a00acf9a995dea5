// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_array.h"
#include "core/hdf5/hdf5_heap.h"
#include "core/hdf5/hdf5_ids.h"

namespace vaco {
namespace {
constexpr size_t kMaxTexts = 65536;
}

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
    texts.push_back(trimmed_text({buffer.data() + static_cast<size_t>(i) * size, size}));
  return texts;
}

Result<std::string> Hdf5File::read_text(const std::string& array) const {
  auto texts = read_texts(array);
  if (!texts) return texts.error();
  return std::move(texts->front());
}

}  // namespace vaco
