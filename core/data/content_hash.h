// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/base/result.h"

namespace vaco {

/// XXH64 (seed 0) of a stream of bytes: fast, and checkable with xxhsum -H1. Not a defence against forgery.
class ContentHash {
 public:
  ContentHash();
  void add(std::span<const std::byte> bytes);
  [[nodiscard]] uint64_t value() const;
  [[nodiscard]] std::string hex() const;  ///< the value as 16 hexadecimal digits

 private:
  std::array<uint64_t, 4> lanes_;
  std::array<std::byte, 32> rest_{};
  size_t rest_size_ = 0;
  uint64_t total_ = 0;
};

/// Of a whole file, as 16 hexadecimal digits.
Result<std::string> hash_file(const std::filesystem::path& path);
/// Of the files' contents one after the other.
Result<std::string> hash_files(std::span<const std::filesystem::path> paths);

}  // namespace vaco
