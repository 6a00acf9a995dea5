// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco {

enum class NumberKind { integer, real, other };

/// What an array is, before anything of it is read.
struct ArrayInfo {
  std::vector<int64_t> shape;
  NumberKind kind = NumberKind::other;
  int64_t element_bytes = 0;
  std::string
      otherwise{};  ///< what its elements are where they are no numbers: "text", "pickled Python objects"
  [[nodiscard]] int64_t rows() const { return shape.empty() ? 0 : shape[0]; }
};
/// "10 × 3"; "a single value" without dimensions.
std::string shape_text(const std::vector<int64_t>& shape);

/// Called during a long read with the share that is done; false stops it (Error stopped).
using ReadContinue = std::function<bool(double fraction)>;

/// Named arrays of one container (an HDF5 file, an npz archive, a folder of memory maps, a table), seen alike.
/// Reading trusts nothing and checks sizes first; errors name the container and the array.
class ArraySource {
 public:
  virtual ~ArraySource() = default;
  /// Of the container, for messages.
  [[nodiscard]] virtual std::string name() const = 0;
  /// Arrays at its top, sorted or in their order.
  [[nodiscard]] virtual std::vector<std::string> arrays() const = 0;
  /// Whether there is anything of this name, array or not.
  [[nodiscard]] virtual bool has(const std::string& array) const = 0;
  [[nodiscard]] virtual Result<ArrayInfo> describe(const std::string& array) const = 0;
  /// The arrays that a name stands for: itself, or those of a group under it ("obs/goal", "obs/position"), by
  /// name (tuple members _index_0, _index_1, … by number); empty where there is nothing.
  [[nodiscard]] virtual std::vector<std::string> members(const std::string& array) const {
    return has(array) ? std::vector<std::string>{array} : std::vector<std::string>{};
  }
  /// All elements, row-major.
  [[nodiscard]] virtual Result<std::vector<float>> floats(const std::string& array,
                                                          const ReadContinue& go_on) const = 0;
  [[nodiscard]] virtual Result<std::vector<double>> doubles(const std::string& array,
                                                            const ReadContinue& go_on) const = 0;

  [[nodiscard]] Error wrong(const std::string& array, const std::string& what) const {
    return {ErrorCode::bad_data, name() + ": " + array + ": " + what};
  }
};

}  // namespace vaco
