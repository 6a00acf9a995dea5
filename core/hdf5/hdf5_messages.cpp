// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_messages.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace vaco {
namespace {

constexpr uint64_t kMostBlockBytes = uint64_t{1} << 20;
constexpr size_t kMostBlocks = 256;

struct MessageBlock {
  uint64_t offset = 0;
  uint64_t size = 0;
};

/// In a new header a message's head has four bytes, and two more where the order of creation is kept; in an old
/// one it has eight.
struct HeaderShape {
  MessageBlock first;
  bool is_new = false;
  size_t message_head = 8;
};

/// Nothing for what is no header.
std::optional<HeaderShape> shape_of_header(const Hdf5Bytes& bytes, uint64_t header) {
  const auto head = bytes.read(header, 64);
  const HeaderFields fields(head);
  if (!fields.fits(16)) return std::nullopt;
  if (has_new_header(bytes, header)) {
    const uint64_t flags = fields.number(5, 1);
    const size_t width = size_t{1} << (flags & 3);
    const size_t at = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
    return HeaderShape{.first = {header + at + width, fields.number(at, width)},
                       .is_new = true,
                       .message_head = (flags & 4) != 0 ? size_t{6} : size_t{4}};
  }
  if (fields.number(0, 1) != 1) return std::nullopt;
  return HeaderShape{.first = {header + 16, fields.number(8, 4)}};
}

}  // namespace

uint64_t HeaderFields::number(size_t at, size_t width) const {
  uint64_t value = 0;
  for (size_t i = width; i-- > 0;)
    value = value << 8 | (at + i < bytes_.size() ? std::to_integer<uint64_t>(bytes_[at + i]) : 0);
  return value;
}

size_t HeaderFields::name_size(size_t at) const {
  for (size_t i = at; i < bytes_.size(); ++i)
    if (bytes_[i] == std::byte{0}) return i - at + 1;
  return 0;
}

HeaderFields HeaderFields::part(size_t at, size_t size) const {
  const size_t begin = std::min(at, bytes_.size());
  return HeaderFields(bytes_.subspan(begin, std::min(size, bytes_.size() - begin)));
}

bool has_new_header(const Hdf5Bytes& bytes, uint64_t header) {
  return begins_with(bytes.read(header, 4), "OHDR");
}

HeaderWalk walk_header(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address,
                       const std::function<bool(const HeaderMessage&)>& visit) {
  const auto shape = shape_of_header(bytes, header);
  if (!shape) return HeaderWalk::damaged;
  std::vector<MessageBlock> blocks{shape->first};
  for (size_t b = 0; b < blocks.size(); ++b) {
    const MessageBlock block = blocks[b];
    if (block.size > kMostBlockBytes) return HeaderWalk::damaged;
    const auto content = bytes.read(block.offset, static_cast<size_t>(block.size));
    if (content.size() != block.size) return HeaderWalk::damaged;
    const HeaderFields fields(content);
    for (size_t at = 0; at + shape->message_head <= content.size();) {
      HeaderMessage message;
      message.type = fields.number(at, shape->is_new ? 1 : 2);
      const size_t size = fields.number(at + (shape->is_new ? 1 : 2), 2);
      message.flags = fields.number(at + (shape->is_new ? 3 : 4), 1);
      at += shape->message_head;
      if (size > content.size() - at) return HeaderWalk::damaged;
      message.offset = block.offset + at;
      message.body = fields.part(at, size);
      if (!visit(message)) return HeaderWalk::ended;
      if (message.type == kContinuationMessage) {
        if (size < 16 || blocks.size() == kMostBlocks) return HeaderWalk::damaged;
        MessageBlock next{base_address + message.body.number(0, 8), message.body.number(8, 8)};
        // A new one has a signature in front and a checksum behind.
        if (shape->is_new && next.size >= 8) next = {next.offset + 4, next.size - 8};
        blocks.push_back(next);
      }
      at += size;
    }
  }
  return HeaderWalk::whole;
}

}  // namespace vaco
