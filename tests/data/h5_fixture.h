// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace vaco::testing {

/// A folder of its own for a test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "vaco-data-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// How an array lies in the file. No chunks: contiguous.
struct Layout {
  std::vector<hsize_t> chunk{};
  bool deflate = false, shuffle = false, fletcher = false, compact = false;
  std::vector<hsize_t> largest{};  ///< maximum extents; empty = fixed
};

/// Writes HDF5 files by the C library alone, independent of the code under test.
class H5Writer {
 public:
  explicit H5Writer(const std::filesystem::path& path)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {}
  ~H5Writer() { H5Fclose(file_); }
  [[nodiscard]] hid_t id() const { return file_; }

  void put(const std::string& name, hid_t file_type, hid_t memory_type, const std::vector<hsize_t>& shape,
           const void* values, const Layout& layout = {}) {
    const hid_t links = H5Pcreate(H5P_LINK_CREATE), creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    if (layout.compact) H5Pset_layout(creation, H5D_COMPACT);
    if (!layout.chunk.empty())
      H5Pset_chunk(creation, static_cast<int>(layout.chunk.size()), layout.chunk.data());
    if (layout.shuffle) H5Pset_shuffle(creation);
    if (layout.deflate) H5Pset_deflate(creation, 6);
    if (layout.fletcher) H5Pset_fletcher32(creation);
    const hid_t space = shape.empty()
                            ? H5Screate(H5S_SCALAR)
                            : H5Screate_simple(static_cast<int>(shape.size()), shape.data(),
                                               layout.largest.empty() ? nullptr : layout.largest.data());
    const hid_t dataset = H5Dcreate2(file_, name.c_str(), file_type, space, links, creation, H5P_DEFAULT);
    if (values) H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(creation);
    H5Pclose(links);
  }
  void floats(const std::string& name, const std::vector<hsize_t>& shape, const std::vector<float>& values,
              const Layout& layout = {}, hid_t file_type = H5T_IEEE_F32LE) {
    put(name, file_type, H5T_NATIVE_FLOAT, shape, values.data(), layout);
  }
  /// As h5py writes booleans.
  void flags(const std::string& name, const std::vector<int8_t>& values, const Layout& layout = {}) {
    const hid_t type = H5Tenum_create(H5T_STD_I8LE);
    const int8_t no = 0, yes = 1;
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    put(name, type, type, {values.size()}, values.data(), layout);
    H5Tclose(type);
  }
  void text(const std::string& name, const std::string& value) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, value.size());
    put(name, type, type, {}, value.data());
    H5Tclose(type);
  }

 private:
  hid_t file_;
};

/// The small dataset of these tests: 10 rows, observations [i, i / 10], actions i / 16, rewards i + 1; rows 3
/// (terminal) and 6 (timeout) end episodes, the last three rows have no end.
struct SmallRows {
  static constexpr hsize_t kRows = 10;
  std::vector<float> observations, actions, rewards, next_observations;
  std::vector<int8_t> terminals = std::vector<int8_t>(kRows, 0), timeouts = std::vector<int8_t>(kRows, 0);
  SmallRows() {
    for (int i = 0; i < static_cast<int>(kRows); ++i) {
      observations.insert(observations.end(), {static_cast<float>(i), static_cast<float>(i) / 10.0f});
      next_observations.insert(next_observations.end(),
                               {static_cast<float>(i + 1), static_cast<float>(i + 1) / 10.0f});
      actions.push_back(static_cast<float>(i) / 16.0f);
      rewards.push_back(static_cast<float>(i + 1));
    }
    terminals[3] = 1;
    timeouts[6] = 1;
  }
  void write(H5Writer& file, const Layout& wide = {}, const Layout& narrow = {}) const {
    file.floats("observations", {kRows, 2}, observations, wide);
    file.floats("actions", {kRows, 1}, actions);
    file.floats("rewards", {kRows}, rewards, narrow);
    file.flags("terminals", terminals, narrow);
    file.flags("timeouts", timeouts, narrow);
  }
};

}  // namespace vaco::testing
