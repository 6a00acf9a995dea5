// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>

#include <string>
#include <type_traits>

#include "core/hdf5/hdf5_file.h"

namespace vaco {

/// The library prints every error it meets unless it is told not to, once in each thread.
void silence_hdf5();

/// For a file in memory: the library takes two of one name for the same file.
std::string unique_memory_name();

/// An access list for opening objects that refuses to follow links into other files; the class is
/// H5P_LINK_ACCESS, H5P_GROUP_ACCESS or H5P_DATASET_ACCESS.
Hdf5Id closed_access(hid_t list_class);

template <Hdf5Number T>
hid_t native_type() {
  if constexpr (std::is_same_v<T, float>)
    return H5T_NATIVE_FLOAT;
  else if constexpr (std::is_same_v<T, double>)
    return H5T_NATIVE_DOUBLE;
  else if constexpr (std::is_same_v<T, int64_t>)
    return H5T_NATIVE_INT64;
  else if constexpr (std::is_same_v<T, uint64_t>)
    return H5T_NATIVE_UINT64;
  else if constexpr (std::is_same_v<T, int32_t>)
    return H5T_NATIVE_INT32;
  else
    return H5T_NATIVE_UINT8;
}

}  // namespace vaco
