// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <vector>

namespace vaco {

/// Little-endian numbers of a record, zero past its end.
class ZipFields {
 public:
  explicit ZipFields(std::span<const std::byte> bytes) : bytes_(bytes) {}
  [[nodiscard]] uint64_t number(size_t at, size_t width) const {
    uint64_t value = 0;
    for (size_t i = width; i-- > 0;)
      value = value << 8 | (at + i < bytes_.size() ? std::to_integer<uint64_t>(bytes_[at + i]) : 0);
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
};

/// Bytes of a file from an offset; fewer at its end.
inline std::vector<std::byte> read_piece(std::ifstream& file, uint64_t offset, uint64_t count) {
  std::vector<std::byte> bytes(count);
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<size_t>(file.gcount() > 0 ? file.gcount() : 0));
  return bytes;
}

}  // namespace vaco
