// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>

#include "core/data/formats/array_source.h"
#include "core/data/formats/number_bytes.h"
#include "core/zip/zip_archive.h"

namespace vaco {

/// The .npy arrays of an .npz archive. Arrays of Python objects are pickles, which are never read.
class NpzSource final : public ArraySource {
 public:
  static Result<NpzSource> open(const std::filesystem::path& path);
  [[nodiscard]] std::string name() const override { return archive_.path().string(); }
  [[nodiscard]] std::vector<std::string> arrays() const override;
  [[nodiscard]] bool has(const std::string& array) const override;
  [[nodiscard]] Result<ArrayInfo> describe(const std::string& array) const override;
  [[nodiscard]] Result<std::vector<float>> floats(const std::string& array,
                                                  const ReadContinue& go_on) const override;
  [[nodiscard]] Result<std::vector<double>> doubles(const std::string& array,
                                                    const ReadContinue& go_on) const override;

 private:
  explicit NpzSource(ZipArchive archive) : archive_(std::move(archive)) {}
  template <class T>
  Result<std::vector<T>> values(const std::string& array, const ReadContinue& go_on) const;

  ZipArchive archive_;
};

/// What stands before the numbers of an .npy array.
struct NpyHeader {
  std::vector<int64_t> shape;
  bool columns_first = false;  ///< Fortran order
  std::string descr;           ///< numpy's name of the type; empty where it is a record
};

/// Parses "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }"; what is wrong goes to problem.
std::optional<NpyHeader> parse_npy_header(const std::string& text, std::string& problem);

}  // namespace vaco
