// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "core/hdf5/hdf5_bytes.h"

namespace vaco {

/// Little-endian numbers of a stretch of bytes, zero past its end: check fits() first.
class HeaderFields {
 public:
  explicit HeaderFields(std::span<const std::byte> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool fits(uint64_t size) const { return size <= bytes_.size(); }
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  [[nodiscard]] uint64_t number(size_t at, size_t width) const;
  /// Length of the zero-terminated name at a place, with its zero; 0 when it has no end.
  [[nodiscard]] size_t name_size(size_t at) const;
  /// What begins at a place and has so many bytes; shorter, or empty, past the end.
  [[nodiscard]] HeaderFields part(size_t at, size_t size) const;

 private:
  std::span<const std::byte> bytes_;
};

/// The first format pads names and the parts of an attribute to whole eights.
constexpr size_t whole_eights(size_t size) {
  return (size + 7) / 8 * 8;
}

/// One message of an object header: an array's shape, its type, an attribute, ...
struct HeaderMessage {
  uint64_t type = 0;
  uint64_t flags = 0;
  uint64_t offset = 0;  ///< in the file, of its first byte
  HeaderFields body{{}};
  [[nodiscard]] bool is_shared() const { return (flags & 2) != 0; }  ///< its body is a place elsewhere
};

constexpr uint64_t kDataspaceMessage = 0x01, kDatatypeMessage = 0x03, kOldFillMessage = 0x04,
                   kFillMessage = 0x05, kLayoutMessage = 0x08, kFiltersMessage = 0x0b, kAttributeMessage = 0x0c,
                   kContinuationMessage = 0x10, kAttributeInfoMessage = 0x15;

/// Whether an object header is of the format of HDF5 1.8 and later, whose checksums the library verifies.
bool has_new_header(const Hdf5Bytes& bytes, uint64_t header);

enum class HeaderWalk { whole, ended, damaged };

/// Calls visit with every message of the object header at byte `header`, as far as they stand within their
/// blocks and these within the file, until visit says false (ended). base_address is what addresses in the
/// header count from.
HeaderWalk walk_header(const Hdf5Bytes& bytes, uint64_t header, uint64_t base_address,
                       const std::function<bool(const HeaderMessage&)>& visit);

}  // namespace vaco
