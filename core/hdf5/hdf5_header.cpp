// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_header.h"

#include <iterator>

#include "core/hdf5/hdf5_messages.h"

namespace vaco {
namespace {

bool sound_dataspace(const HeaderFields& m) {
  const uint64_t version = m.number(0, 1), rank = m.number(1, 1);
  const uint64_t head = version == 1 ? 8 : 4;
  return (version == 1 || version == 2) && rank <= 32 && m.fits(head + 8 * rank * (1 + (m.number(2, 1) & 1)));
}

constexpr int kMostNesting = 8;
constexpr uint64_t kIntegerType = 0, kCompoundType = 6, kEnumType = 8, kSequenceType = 9, kArrayType = 10;

/// Bytes of a name; the formats before the third pad it. 0 when it has no end.
size_t name_bytes(const HeaderFields& m, size_t at, uint64_t version) {
  const size_t own = m.name_size(at);
  return version >= 3 ? own : whole_eights(own);
}

size_t end_of_datatype(const HeaderFields& m, size_t at, int nesting);

size_t end_of_compound(const HeaderFields& m, size_t at, uint64_t version, int nesting) {
  const uint64_t members = m.number(at + 1, 2), size = m.number(at + 4, 4);
  size_t width = 4;  // of a member's place inside
  if (version >= 3) width = size < 0x100 ? 1 : size < 0x10000 ? 2 : size < 0x1000000 ? 3 : 4;
  at += 8;
  for (uint64_t i = 0; i < members; ++i) {
    const size_t name = name_bytes(m, at, version);
    if (name == 0) return 0;
    at += name + width + (version == 1 ? 28 : 0);
    at = end_of_datatype(m, at, nesting + 1);
    if (at == 0) return 0;
  }
  return at;
}

/// An enum of integers: its type, its members' names, its members' values.
size_t end_of_enum(const HeaderFields& m, size_t at, uint64_t version) {
  const uint64_t members = m.number(at + 1, 2), size = m.number(at + 4, 4);
  if ((m.number(at + 8, 1) & 0xf) != kIntegerType || m.number(at + 12, 4) != size) return 0;
  at += 20;
  for (uint64_t i = 0; i < members; ++i) {
    const size_t name = name_bytes(m, at, version);
    if (name == 0) return 0;
    at += name;
  }
  return at + members * size;
}

/// Where the description of a type that begins at a place ends; 0 where it leaves the message.
size_t end_of_datatype(const HeaderFields& m, size_t at, int nesting) {
  const uint64_t kind = m.number(at, 1) & 0xf, version = m.number(at, 1) >> 4;
  if (version < 1 || version > 3 || m.number(at + 4, 4) == 0 || nesting > kMostNesting) return 0;
  size_t end = 0;
  if (kind == kCompoundType) {
    end = end_of_compound(m, at, version, nesting);
  } else if (kind == kEnumType) {
    end = end_of_enum(m, at, version);
  } else if (kind == kSequenceType) {
    end = end_of_datatype(m, at + 8, nesting + 1);
  } else if (kind == kArrayType) {
    const uint64_t rank = m.number(at + 8, 1);
    end = end_of_datatype(m, at + (version >= 3 ? 9 + 4 * rank : 12 + 8 * rank), nesting + 1);
  } else {
    // Integer, float, time, text, bits, opaque (a tag of its own length), reference.
    const size_t own[] = {4, 12, 2, 0, 4, static_cast<size_t>(m.number(at + 1, 1)), 0, 0};
    if (kind >= std::size(own)) return 0;
    end = at + 8 + own[kind];
  }
  return m.fits(end) ? end : 0;
}

bool sound_datatype(const HeaderFields& m) {
  return end_of_datatype(m, 0, 0) != 0;
}

bool sound_fill_value(const HeaderFields& m) {
  const uint64_t version = m.number(0, 1);
  if (version == 1 || version == 2) {
    const bool has_size = version == 1 || m.number(3, 1) != 0;
    const uint64_t size = has_size ? m.number(4, 4) : 0;
    return m.fits(4) && (size == 0xffffffff || !has_size || m.fits(8 + size));
  }
  const bool has_value = (m.number(1, 1) & 0x20) != 0;
  return version == 3 && m.fits(has_value ? 6 + m.number(2, 4) : 2);
}

/// Whether the extents of a chunk, by which the library divides, are all there and none is zero.
bool sound_extents(const HeaderFields& m, uint64_t at, uint64_t rank, uint64_t width) {
  if (rank == 0 || rank > 33 || width == 0 || width > 8 || !m.fits(at + width * rank)) return false;
  for (uint64_t d = 0; d < rank; ++d)
    if (m.number(at + width * d, width) == 0) return false;
  return true;
}

bool sound_layout(const HeaderFields& m) {
  const uint64_t version = m.number(0, 1), kind = m.number(1, 1);
  if (version == 1 || version == 2) {
    const uint64_t rank = m.number(1, 1), old_kind = m.number(2, 1);
    const uint64_t head = 8 + (old_kind == 0 ? 0 : 8) + 4 * rank;
    if (rank == 0 || rank > 33 || old_kind > 2 || !m.fits(head)) return false;
    if (old_kind == 2) return sound_extents(m, 16, rank, 4);
    return old_kind != 0 || m.fits(head + 4 + m.number(head, 4));
  }
  if (version == 4) return kind != 2 || sound_extents(m, 5, m.number(3, 1), m.number(4, 1));
  if (version != 3) return false;
  if (kind == 0) return m.fits(4 + m.number(2, 2));
  if (kind == 1) return m.fits(18);
  return kind == 2 && sound_extents(m, 11, m.number(2, 1), 4);
}

bool sound_filters(const HeaderFields& m) {
  const uint64_t version = m.number(0, 1), filters = m.number(1, 1);
  if ((version != 1 && version != 2) || filters > 32) return false;
  size_t at = version == 1 ? 8 : 2;
  for (uint64_t i = 0; i < filters; ++i) {
    const bool named = version == 1 || m.number(at, 2) >= 256;
    const uint64_t name = named ? m.number(at + 2, 2) : 0;
    const uint64_t values = m.number(at + (named ? 6 : 4), 2);
    at += named ? 8 : 6;
    if (name > 0) {
      const size_t own = m.name_size(at);
      if (own == 0 || own > name) return false;
    }
    at += version == 1 ? whole_eights(name) : name;
    at += 4 * (values + (version == 1 ? values % 2 : 0));
    if (!m.fits(at)) return false;
  }
  return true;
}

/// What the messages that decide how an array is read must look like; others are left to the library.
bool sound_message(const HeaderMessage& message) {
  const HeaderFields& m = message.body;
  switch (message.type) {
    case kDataspaceMessage:
      return !message.is_shared() && sound_dataspace(m);
    case kDatatypeMessage:
      return !message.is_shared() && sound_datatype(m);
    case kOldFillMessage:
      return !message.is_shared() && m.fits(4 + m.number(0, 4));
    case kFillMessage:
      return !message.is_shared() && sound_fill_value(m);
    case kLayoutMessage:
      return !message.is_shared() && sound_layout(m);
    case kFiltersMessage:
      return !message.is_shared() && sound_filters(m);
    default:
      return true;
  }
}

}  // namespace

std::string array_header_problem(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address) {
  if (has_new_header(bytes, header)) return {};
  if (walk_header(bytes, header, base_address, sound_message) == HeaderWalk::whole) return {};
  return "its description is damaged, or of a kind that is not supported";
}

}  // namespace vaco
