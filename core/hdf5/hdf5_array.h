// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/hdf5/hdf5_file.h"
#include "core/hdf5/hdf5_filters.h"

namespace vaco {

/// What an open dataset was found to be, with everything that later steps rely on already checked.
struct CheckedArray {
  Hdf5ArrayInfo info;
  Hdf5Id type;        ///< of the stored elements; enums stand as their integers
  int64_t count = 1;  ///< elements
  bool chunked = false;
  std::vector<int64_t> chunk_shape;
  std::vector<ChunkFilter> filters;
  bool edges_unfiltered = false;  ///< chunks that stick out of the array were stored without filters
};

/// Looks at rank, extents, type, layout, filters and sizes of a dataset without reading its elements. Allows
/// only what read_elements() can read safely. On failure `problem` says what is wrong and the result is empty.
std::optional<CheckedArray> check_array(hid_t dataset, uint64_t file_bytes, std::string& problem);

/// Rank, extents and type alone.
std::optional<Hdf5ArrayInfo> look_at_array(hid_t dataset, std::string& problem);

/// Reads all elements, converted to the native type `target` of target_bytes each, into out (count *
/// target_bytes). Returns what is wrong, or an empty text. stopped is set when go_on said no.
std::string read_elements(hid_t dataset, const CheckedArray& array, hid_t target, size_t target_bytes,
                          void* out, const Hdf5Continue& go_on, bool& stopped);

}  // namespace vaco
