// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vaco {

/// Writes the bytes of a protobuf message, a field after the other. Field numbers are those of its .proto file.
class ProtoWriter {
 public:
  ProtoWriter& number(int field, int64_t value);             ///< int32, int64, enum: a varint
  ProtoWriter& bytes(int field, std::string_view value);     ///< string, bytes
  ProtoWriter& message(int field, const ProtoWriter& part);  ///< a message inside
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void varint(uint64_t value);
  std::string text_;
};

/// Goes through the fields of a message.
///   for (ProtoReader reader(bytes); reader.next();) if (reader.field() == 1) use(reader.bytes());
class ProtoReader {
 public:
  explicit ProtoReader(std::string_view message) : left_(message) {}
  /// The next field; false at the end, or where the bytes are no message (see damaged()).
  bool next();
  [[nodiscard]] int field() const { return field_; }
  [[nodiscard]] int64_t number() const { return static_cast<int64_t>(number_); }  ///< of a varint, else 0
  [[nodiscard]] std::string_view bytes() const { return bytes_; }  ///< of strings and messages, else empty
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  bool varint(uint64_t& value);
  bool skip(size_t count);
  std::string_view left_, bytes_;
  int field_ = 0;
  uint64_t number_ = 0;
  bool damaged_ = false;
};

}  // namespace vaco
