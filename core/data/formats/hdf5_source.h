// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/data/formats/array_source.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {

/// The arrays of a group of an open HDF5 file ("" for the file itself, else ending in '/').
class Hdf5Source final : public ArraySource {
 public:
  explicit Hdf5Source(const Hdf5File& file, std::string group = {}) : file_(file), group_(std::move(group)) {}
  [[nodiscard]] std::string name() const override { return file_.name(); }
  [[nodiscard]] std::vector<std::string> arrays() const override;
  [[nodiscard]] bool has(const std::string& array) const override;
  [[nodiscard]] std::vector<std::string> members(const std::string& array) const override;
  [[nodiscard]] Result<ArrayInfo> describe(const std::string& array) const override;
  [[nodiscard]] Result<std::vector<float>> floats(const std::string& array,
                                                  const ReadContinue& go_on) const override;
  [[nodiscard]] Result<std::vector<double>> doubles(const std::string& array,
                                                    const ReadContinue& go_on) const override;

 private:
  const Hdf5File& file_;
  std::string group_;
};

/// The numbers directly behind a prefix among the members of a group ("demo_" of demo_0, demo_10, demo_2),
/// ascending; empty where there are none or the group cannot be listed.
std::vector<int64_t> numbered_members(const Hdf5File& file, const std::string& group,
                                      const std::string& prefix);

}  // namespace vaco
