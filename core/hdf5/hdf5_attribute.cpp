// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_attribute.h"

#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

namespace vaco {
namespace {

constexpr uint64_t kMostMessageBytes = uint64_t{1} << 20;
constexpr size_t kMostMessageBlocks = 256;
constexpr uint64_t kAttributeMessage = 0x0c, kContinuationMessage = 0x10, kSharedFlag = 2;

/// Little-endian; zero past the end.
uint64_t little_endian(std::span<const std::byte> bytes, size_t at, size_t width) {
  uint64_t value = 0;
  for (size_t i = width; i-- > 0;)
    value = value << 8 | (at + i < bytes.size() ? std::to_integer<uint64_t>(bytes[at + i]) : 0);
  return value;
}

size_t whole_eights(size_t size) {
  return (size + 7) / 8 * 8;
}

/// A stretch of messages. In a new header a message's head has four bytes, and two more where the order of
/// creation is kept; in an old one it has eight.
struct MessageBlock {
  uint64_t offset = 0;
  uint64_t size = 0;
};
struct HeaderLayout {
  bool is_new = false;
  size_t message_head = 8;
};

/// The first block, and how its messages look; nothing for what is no header.
std::optional<std::pair<MessageBlock, HeaderLayout>> first_message_block(const Hdf5Bytes& bytes,
                                                                         uint64_t header) {
  const auto head = bytes.read(header, 64);
  if (head.size() >= 16 && std::memcmp(head.data(), "OHDR", 4) == 0) {
    const uint64_t flags = little_endian(head, 5, 1);
    const size_t width = size_t{1} << (flags & 3);
    const size_t at = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
    return std::pair{MessageBlock{header + at + width, little_endian(head, at, width)},
                     HeaderLayout{.is_new = true, .message_head = (flags & 4) != 0 ? size_t{6} : size_t{4}}};
  }
  if (head.size() < 16 || little_endian(head, 0, 1) != 1) return std::nullopt;
  return std::pair{MessageBlock{header + 16, little_endian(head, 8, 4)}, HeaderLayout{}};
}

/// Where the value begins inside an attribute's message, if it is the one of this name.
std::optional<size_t> value_in_message(std::span<const std::byte> message, std::string_view attribute,
                                       size_t value_bytes) {
  const uint64_t version = little_endian(message, 0, 1);
  if (version < 1 || version > 3) return std::nullopt;
  const auto room = [&](size_t size) { return version == 1 ? whole_eights(size) : size; };
  const size_t name = little_endian(message, 2, 2), type = little_endian(message, 4, 2),
               space = little_endian(message, 6, 2);
  const size_t begin = version == 3 ? 9 : 8, value = begin + room(name) + room(type) + room(space);
  // The name's zero is counted.
  if (name != attribute.size() + 1 || value + value_bytes > message.size() ||
      std::memcmp(message.data() + begin, attribute.data(), attribute.size()) != 0 ||
      message[begin + attribute.size()] != std::byte{0})
    return std::nullopt;
  return value;
}

}  // namespace

std::optional<uint64_t> find_attribute_value(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address,
                                             std::string_view attribute, size_t value_bytes) {
  const auto first = first_message_block(bytes, header);
  if (!first) return std::nullopt;
  const HeaderLayout layout = first->second;
  std::vector<MessageBlock> blocks{first->first};
  for (size_t b = 0; b < blocks.size(); ++b) {
    const MessageBlock block = blocks[b];
    if (block.size > kMostMessageBytes) return std::nullopt;
    const auto content = bytes.read(block.offset, static_cast<size_t>(block.size));
    if (content.size() != block.size) return std::nullopt;
    for (size_t at = 0; at + layout.message_head <= content.size();) {
      const std::span<const std::byte> rest(content);
      const uint64_t type = little_endian(rest, at, layout.is_new ? 1 : 2);
      const uint64_t size = little_endian(rest, at + (layout.is_new ? 1 : 2), 2);
      const uint64_t flags = little_endian(rest, at + (layout.is_new ? 3 : 4), 1);
      at += layout.message_head;
      if (size > content.size() - at) break;
      const auto message = rest.subspan(at, static_cast<size_t>(size));
      if (type == kAttributeMessage && (flags & kSharedFlag) == 0)
        if (const auto value = value_in_message(message, attribute, value_bytes))
          return block.offset + at + *value;
      if (type == kContinuationMessage && size >= 16 && blocks.size() < kMostMessageBlocks) {
        MessageBlock next{base_address + little_endian(message, 0, 8), little_endian(message, 8, 8)};
        // A new one has a signature in front and a checksum behind.
        if (layout.is_new && next.size >= 8) next = {next.offset + 4, next.size - 8};
        blocks.push_back(next);
      }
      at += static_cast<size_t>(size);
    }
  }
  return std::nullopt;
}

}  // namespace vaco
