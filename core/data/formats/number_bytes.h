// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/data/formats/array_source.h"

namespace vaco {

/// How numbers lie in a raw block of bytes.
struct NumberType {
  NumberKind kind = NumberKind::other;
  bool is_signed = false;
  bool big_endian = false;
  int64_t bytes = 0;  ///< 1, 2, 4 or 8
};

/// numpy's "<f4", "|b1", ">i8"; nothing for what is not a number.
std::optional<NumberType> numpy_type(const std::string& descr);
/// torch's "torch.float32"; nothing for what is not a number.
std::optional<NumberType> torch_type(const std::string& dtype);

/// The numbers in a block of whole elements, put behind what out holds.
template <class T>
void append_numbers(const NumberType& type, std::span<const std::byte> block, std::vector<T>& out);

/// Elements of a shape; nothing for a negative extent or more than 2^40.
std::optional<int64_t> count_elements(const std::vector<int64_t>& shape);

}  // namespace vaco
