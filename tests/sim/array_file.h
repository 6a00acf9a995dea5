// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace vaco {

/// An array of an HDF5 file as double, with its shape.
struct Array {
  std::vector<size_t> shape;
  std::vector<double> values;

  /// The first number of the i-th entry of the leading dimensions.
  [[nodiscard]] const double* at(size_t i) const { return values.data() + i * shape.at(1); }
  [[nodiscard]] const double* at(size_t i, size_t j) const {
    return values.data() + (i * shape.at(1) + j) * (shape.size() > 2 ? shape[2] : 1);
  }
};

/// Reads arrays of one file; any fault throws, which fails the test.
class ArrayFile {
 public:
  explicit ArrayFile(const std::string& path) : file_(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)) {
    if (file_ < 0) throw std::runtime_error("cannot open " + path);
  }
  ~ArrayFile() { H5Fclose(file_); }
  ArrayFile(const ArrayFile&) = delete;
  ArrayFile& operator=(const ArrayFile&) = delete;

  [[nodiscard]] Array read(const std::string& name) const {
    const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
    if (set < 0) throw std::runtime_error("no array " + name);
    const hid_t space = H5Dget_space(set);
    std::vector<hsize_t> extent(static_cast<size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, extent.data(), nullptr);
    Array array{{extent.begin(), extent.end()}, {}};
    size_t count = 1;
    for (const auto n : extent) count *= n;
    array.values.resize(count);
    // Flags are stored as an enumeration of int8, which HDF5 does not turn into double by itself.
    const hid_t type = H5Dget_type(set);
    herr_t status = 0;
    if (H5Tget_class(type) == H5T_ENUM) {
      std::vector<signed char> flags(count);
      status = H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, flags.data());
      for (size_t i = 0; i < count; ++i) array.values[i] = flags[i];
    } else {
      status = H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data());
    }
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(set);
    if (status < 0) throw std::runtime_error("cannot read " + name);
    return array;
  }

 private:
  hid_t file_;
};

}  // namespace vaco
