// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/protobuf.h"

namespace vaco {
namespace {

constexpr unsigned kVarint = 0, kEightBytes = 1, kLengthAndBytes = 2, kFourBytes = 5;

uint64_t tag(int field, unsigned kind) {
  return static_cast<uint64_t>(field) << 3U | kind;
}

}  // namespace

void ProtoWriter::varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7U) text_ += static_cast<char>(0x80 | (value & 0x7f));
  text_ += static_cast<char>(value);
}

ProtoWriter& ProtoWriter::number(int field, int64_t value) {
  varint(tag(field, kVarint));
  varint(static_cast<uint64_t>(value));
  return *this;
}

ProtoWriter& ProtoWriter::bytes(int field, std::string_view value) {
  varint(tag(field, kLengthAndBytes));
  varint(value.size());
  text_ += value;
  return *this;
}

ProtoWriter& ProtoWriter::message(int field, const ProtoWriter& part) {
  return bytes(field, part.text());
}

bool ProtoReader::varint(uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool ProtoReader::skip(size_t count) {
  if (left_.size() < count) return false;
  left_.remove_prefix(count);
  return true;
}

bool ProtoReader::next() {
  if (left_.empty() || damaged_) return false;
  number_ = 0;
  bytes_ = {};
  uint64_t key = 0, length = 0;
  damaged_ = !varint(key) || (key >> 3U) == 0 || (key >> 3U) > 0x1fffffff;
  if (damaged_) return false;
  field_ = static_cast<int>(key >> 3U);
  switch (key & 7U) {
    case kVarint:
      damaged_ = !varint(number_);
      break;
    case kEightBytes:
      damaged_ = !skip(8);
      break;
    case kFourBytes:
      damaged_ = !skip(4);
      break;
    case kLengthAndBytes:
      damaged_ = !varint(length) || length > left_.size();
      if (damaged_) break;
      bytes_ = left_.substr(0, length);
      left_.remove_prefix(length);
      break;
    default:
      damaged_ = true;
  }
  return !damaged_;
}

}  // namespace vaco
