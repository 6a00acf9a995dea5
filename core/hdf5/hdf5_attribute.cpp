// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_attribute.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/hdf5/hdf5_dense.h"
#include "core/hdf5/hdf5_messages.h"

namespace vaco {
namespace {

constexpr uint64_t kMostElements = uint64_t{1} << 16;  // as many bytes as a message has at the most

/// Elements of a dataspace; nothing where it is none, or they are too many.
std::optional<uint64_t> elements_of(const HeaderFields& space) {
  const uint64_t version = space.number(0, 1), rank = space.number(1, 1);
  const size_t head = version == 1 ? 8 : 4;
  if ((version != 1 && version != 2) || rank > 32 || !space.fits(head + 8 * rank)) return std::nullopt;
  if (version == 2 && space.number(3, 1) == 2) return 0;  // null
  uint64_t count = 1;
  for (size_t d = 0; d < rank; ++d)
    if (__builtin_mul_overflow(count, space.number(head + 8 * d, 8), &count) || count > kMostElements)
      return std::nullopt;
  return count;
}

/// The kinds that we read, in the forms that every machine writes; all else is other.
void describe_type(const HeaderFields& type, Hdf5Attribute& attribute) {
  using Kind = Hdf5Attribute::Kind;
  const uint64_t kind = type.number(0, 1) & 0xf, bits = type.number(1, 3), size = type.number(4, 4);
  attribute.kind = Kind::other;
  attribute.element_bytes = size;
  attribute.is_big_endian = (bits & 1) != 0;
  attribute.is_signed = (bits & 8) != 0;
  const bool whole = type.number(8, 2) == 0 && type.number(10, 2) == 8 * size;  // no bits left out
  if (kind == 0 && type.fits(12) && whole && size <= 8 && std::has_single_bit(size)) {
    attribute.kind = Kind::integer;
  } else if (kind == 1 && type.fits(20) && whole && (bits & 0x40) == 0) {
    // Exponent's place and size, mantissa's place and size, then the bias: IEEE's.
    const uint64_t fields = type.number(12, 4), bias = type.number(16, 4);
    if ((size == 4 && fields == 0x17000817 && bias == 127) ||
        (size == 8 && fields == 0x34000b34 && bias == 1023))
      attribute.kind = Kind::real;
  } else if (kind == 3) {
    attribute.kind = Kind::text;
  } else if (kind == 9 && (bits & 0xf) == 1) {
    attribute.kind = Kind::text_in_heap;
  }
}

/// The name of an attribute's message, and where its parts begin; no name for what is no attribute.
struct AttributeParts {
  std::string_view name;
  HeaderFields type{{}}, space{{}};
  size_t value = 0;
};

AttributeParts parts_of(const HeaderFields& m) {
  const uint64_t version = m.number(0, 1);
  if (version < 1 || version > 3) return {};
  const auto room = [&](size_t size) { return version == 1 ? whole_eights(size) : size; };
  const size_t name = m.number(2, 2), type = m.number(4, 2), space = m.number(6, 2);
  const size_t begin = version == 3 ? 9 : 8, type_at = begin + room(name), space_at = type_at + room(type);
  // The name's zero is counted.
  if (name == 0 || !m.fits(space_at + room(space)) || m.name_size(begin) != name) return {};
  AttributeParts parts;
  parts.name = {reinterpret_cast<const char*>(m.bytes().data()) + begin, name - 1};
  // Types and shapes that several objects share stand elsewhere: of no kind that we read.
  if (version > 1 && (m.number(1, 1) & 3) != 0) return parts;
  parts.type = m.part(type_at, type);
  parts.space = m.part(space_at, space);
  parts.value = space_at + room(space);
  return parts;
}

uint64_t bits_of(const Hdf5Bytes& bytes, const Hdf5Attribute& attribute) {
  auto stored = bytes.read(attribute.offset, attribute.element_bytes);
  if (attribute.is_big_endian) std::reverse(stored.begin(), stored.end());
  return HeaderFields(stored).number(0, attribute.element_bytes);
}

}  // namespace

Hdf5Lookup find_attribute(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address, std::string_view name,
                          Hdf5Attribute& attribute) {
  auto outcome = Hdf5Lookup::missing;
  std::optional<DenseAttributes> dense;
  const auto look = [&](const HeaderMessage& message) {
    if (message.type == kAttributeInfoMessage) {
      // Flags, the greatest creation order where it is kept, then the addresses of a heap and of the tree of
      // its names: all ones for none.
      const size_t heap = (message.body.number(1, 1) & 1) != 0 ? 4 : 2;
      if (!message.body.fits(heap + 16))
        outcome = Hdf5Lookup::damaged;
      else if (message.body.number(heap, 8) != kNoAddress)
        dense = {base_address + message.body.number(heap, 8), base_address + message.body.number(heap + 8, 8)};
      return true;
    }
    if (message.type != kAttributeMessage || message.is_shared()) return true;
    const auto parts = parts_of(message.body);
    if (parts.name.empty()) outcome = Hdf5Lookup::damaged;
    if (parts.name != name) return true;
    describe_type(parts.type, attribute);
    const auto elements = elements_of(parts.space);
    attribute.elements = elements.value_or(0);
    attribute.offset = message.offset + parts.value;
    const bool known = attribute.kind != Hdf5Attribute::Kind::other;
    const bool fits = elements && message.body.fits(parts.value + attribute.elements * attribute.element_bytes);
    outcome = known && !fits ? Hdf5Lookup::damaged : Hdf5Lookup::found;
    return false;
  };
  auto walked = walk_header(bytes, header, base_address, look);
  if (walked == HeaderWalk::whole && dense && outcome == Hdf5Lookup::missing) {
    attribute.in_header = false;
    bool partial = false;
    walked = walk_dense_attributes(bytes, *dense, base_address, look, partial);
    if (partial && outcome == Hdf5Lookup::missing) outcome = Hdf5Lookup::outside;
  }
  return walked == HeaderWalk::damaged ? Hdf5Lookup::damaged : outcome;
}

int64_t integer_value(const Hdf5Bytes& bytes, const Hdf5Attribute& attribute) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();
  if (attribute.kind == Hdf5Attribute::Kind::real) {
    const double value = real_value(bytes, attribute);
    if (std::isnan(value)) return 0;
    return value >= 0x1p63 ? kMost : value < -0x1p63 ? kLeast : static_cast<int64_t>(value);
  }
  const uint64_t stored = bits_of(bytes, attribute);
  if (!attribute.is_signed) return static_cast<int64_t>(std::min(stored, static_cast<uint64_t>(kMost)));
  const size_t unused = 64 - 8 * attribute.element_bytes;
  return static_cast<int64_t>(stored << unused) >> unused;
}

double real_value(const Hdf5Bytes& bytes, const Hdf5Attribute& attribute) {
  const uint64_t stored = bits_of(bytes, attribute);
  if (attribute.kind == Hdf5Attribute::Kind::real)
    return attribute.element_bytes == 4
               ? static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(stored)))
               : std::bit_cast<double>(stored);
  return attribute.is_signed ? static_cast<double>(integer_value(bytes, attribute))
                             : static_cast<double>(stored);
}

}  // namespace vaco
