// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_header.h"

#include <algorithm>
#include <cstring>

namespace vaco {
namespace {

constexpr size_t kMaxBlockBytes = size_t{1} << 20;
constexpr size_t kMaxBlocks = 256;

/// Little-endian numbers of a message, zero past its end: check fits() first.
class Message {
 public:
  explicit Message(std::span<const std::byte> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool fits(uint64_t size) const { return size <= bytes_.size(); }
  [[nodiscard]] size_t size() const { return bytes_.size(); }
  [[nodiscard]] uint64_t number(size_t at, size_t width) const {
    uint64_t value = 0;
    for (size_t i = width; i-- > 0;)
      value = value << 8 | (at + i < bytes_.size() ? std::to_integer<uint64_t>(bytes_[at + i]) : 0);
    return value;
  }
  /// Length of the zero-terminated name at a place, with its zero; 0 when it has no end.
  [[nodiscard]] size_t name_size(size_t at) const {
    for (size_t i = at; i < bytes_.size(); ++i)
      if (bytes_[i] == std::byte{0}) return i - at + 1;
    return 0;
  }

 private:
  std::span<const std::byte> bytes_;
};

size_t padded(size_t size) {
  return (size + 7) / 8 * 8;
}

bool sound_dataspace(const Message& m) {
  const uint64_t version = m.number(0, 1), rank = m.number(1, 1);
  const uint64_t head = version == 1 ? 8 : 4;
  return (version == 1 || version == 2) && rank <= 32 && m.fits(head + 8 * rank * (1 + (m.number(2, 1) & 1)));
}

bool sound_datatype(const Message& m) {
  const uint64_t kind = m.number(0, 1) & 0xf, version = m.number(0, 1) >> 4, size = m.number(4, 4);
  if (version < 1 || version > 3 || size == 0) return false;
  if (kind == 0) return m.fits(12);         // integer
  if (kind == 1) return m.fits(20);         // float
  if (kind == 3) return m.fits(8);          // text
  if (kind != 8) return true;               // not read by us
  const uint64_t members = m.number(1, 2);  // enum of integers
  if ((m.number(8, 1) & 0xf) != 0 || m.number(12, 4) != size || !m.fits(20)) return false;
  size_t at = 20;
  for (uint64_t i = 0; i < members; ++i) {
    const size_t name = m.name_size(at);
    if (name == 0) return false;
    at += version >= 3 ? name : padded(name);
  }
  return m.fits(at + members * size);
}

bool sound_fill_value(const Message& m) {
  const uint64_t version = m.number(0, 1);
  if (version == 1 || version == 2) {
    const bool has_size = version == 1 || m.number(3, 1) != 0;
    const uint64_t size = has_size ? m.number(4, 4) : 0;
    return m.fits(4) && (size == 0xffffffff || !has_size || m.fits(8 + size));
  }
  const bool has_value = (m.number(1, 1) & 0x20) != 0;
  return version == 3 && m.fits(has_value ? 6 + m.number(2, 4) : 2);
}

bool sound_layout(const Message& m) {
  const uint64_t version = m.number(0, 1), kind = m.number(1, 1);
  if (version == 1 || version == 2) {
    const uint64_t rank = m.number(1, 1), old_kind = m.number(2, 1);
    const uint64_t head = 8 + (old_kind == 0 ? 0 : 8) + 4 * rank;
    if (rank == 0 || rank > 33 || old_kind > 2 || !m.fits(head)) return false;
    return old_kind != 0 || m.fits(head + 4 + m.number(head, 4));
  }
  if (version != 3) return version == 4;
  if (kind == 0) return m.fits(4 + m.number(2, 2));
  if (kind == 1) return m.fits(18);
  const uint64_t rank = m.number(2, 1);
  return kind == 2 && rank >= 1 && rank <= 33 && m.fits(11 + 4 * rank);
}

bool sound_filters(const Message& m) {
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
    at += version == 1 ? padded(name) : name;
    at += 4 * (values + (version == 1 ? values % 2 : 0));
    if (!m.fits(at)) return false;
  }
  return true;
}

/// What the messages that decide how an array is read must look like; others are left to the library.
bool sound_message(uint64_t type, uint64_t flags, const Message& m) {
  constexpr uint64_t kShared = 2;
  const bool ours =
      type == 0x01 || type == 0x03 || type == 0x04 || type == 0x05 || type == 0x08 || type == 0x0b;
  if (ours && (flags & kShared)) return false;
  switch (type) {
    case 0x01:
      return sound_dataspace(m);
    case 0x03:
      return sound_datatype(m);
    case 0x04:
      return m.fits(4 + m.number(0, 4));
    case 0x05:
      return sound_fill_value(m);
    case 0x08:
      return sound_layout(m);
    case 0x0b:
      return sound_filters(m);
    default:
      return true;
  }
}

}  // namespace

std::string array_header_problem(const ReadBytes& read, uint64_t header_offset, uint64_t base_address) {
  const std::string damaged = "its description is damaged, or of a kind that is not supported";
  struct Block {
    uint64_t offset;
    size_t bytes;
  };
  const auto prefix_bytes = read(header_offset, 16);
  const Message prefix(prefix_bytes);
  if (prefix_bytes.size() < 16) return damaged;
  if (std::memcmp(prefix_bytes.data(), "OHDR", 4) == 0) return {};
  if (prefix.number(0, 1) != 1 || prefix.number(8, 4) > kMaxBlockBytes) return damaged;
  std::vector<Block> blocks{{header_offset + 16, static_cast<size_t>(prefix.number(8, 4))}};
  for (size_t b = 0; b < blocks.size(); ++b) {
    const auto bytes = read(blocks[b].offset, blocks[b].bytes);
    if (bytes.size() != blocks[b].bytes) return damaged;
    const Message block(bytes);
    for (size_t at = 0; at + 8 <= bytes.size();) {
      const uint64_t type = block.number(at, 2), size = block.number(at + 2, 2),
                     flags = block.number(at + 4, 1);
      at += 8;
      if (size > bytes.size() - at) return damaged;
      const Message message{std::span<const std::byte>(bytes).subspan(at, size)};
      if (!sound_message(type, flags, message)) return damaged;
      if (type == 0x10) {  // the header goes on elsewhere
        if (size < 16 || blocks.size() == kMaxBlocks || message.number(8, 8) > kMaxBlockBytes) return damaged;
        blocks.push_back({base_address + message.number(0, 8), static_cast<size_t>(message.number(8, 8))});
      }
      at += size;
    }
  }
  return {};
}

}  // namespace vaco
