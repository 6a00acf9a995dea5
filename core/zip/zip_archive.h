// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// A file inside a zip archive, as the archive's directory describes it.
struct ZipEntry {
  std::string name;
  uint64_t packed_bytes = 0, bytes = 0;
  uint64_t header_at = 0;  ///< place of its local header in the archive
  uint16_t method = 0;     ///< 0 stored, 8 deflated
  uint32_t crc = 0;
};

/// A zip archive, ZIP64 included. Trusts nothing: what the directory claims is checked against the file before
/// it is believed, and entries are unpacked piece by piece. Faults are bad_data and name the archive.
class ZipArchive {
 public:
  static Result<ZipArchive> open(const std::filesystem::path& path);
  /// In the order of the directory.
  [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }
  /// The entry of this name, or nullptr.
  [[nodiscard]] const ZipEntry* find(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::vector<ZipEntry> entries_;
};

/// Reads one entry from its beginning to its end. One thread at a time; several streams of an archive are
/// independent.
class ZipStream {
 public:
  ~ZipStream();
  ZipStream(ZipStream&&) noexcept;
  static Result<ZipStream> open(const ZipArchive& archive, const ZipEntry& entry);
  /// Fills out, or less at the end of the entry; how many bytes. At the end the checksum is compared.
  Result<size_t> read(std::span<std::byte> out);

 private:
  struct State;
  explicit ZipStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vaco
