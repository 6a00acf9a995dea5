// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/hdf5/hdf5_bytes.h"

namespace vaco {

/// What an attribute holds, as its object's header describes it.
struct Hdf5Attribute {
  enum class Kind { integer, real, text, text_in_heap, other };
  Kind kind = Kind::other;
  bool in_header = true;                          ///< or in its object's heap of attributes
  bool is_signed = false, is_big_endian = false;  ///< of integers; of integers and reals
  size_t element_bytes = 0;
  uint64_t elements = 0;
  uint64_t offset = 0;  ///< of the value's first byte in the file, which has them all
};

/// damaged: the header, or the attribute in it; outside: not found, but there are attributes that we do not
/// read, very large ones or very many.
enum class Hdf5Lookup { found, missing, outside, damaged };

/// Looks for an attribute of the object whose header is at byte `header`. The library decodes attributes
/// without looking whether their parts stand within them, all of an object up to the one that is asked for, and
/// reads past the ends of damaged ones; so we read them ourselves. base_address is what addresses in the header
/// count from.
Hdf5Lookup find_attribute(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address, std::string_view name,
                          Hdf5Attribute& attribute);

/// The value of an attribute of one number, clipped to what an int64_t holds.
int64_t integer_value(const Hdf5Bytes& bytes, const Hdf5Attribute& attribute);
double real_value(const Hdf5Bytes& bytes, const Hdf5Attribute& attribute);

}  // namespace vaco
