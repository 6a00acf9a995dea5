// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/zip/zip_archive.h"

#include <algorithm>
#include <optional>

#include "core/zip/zip_fields.h"

namespace vaco {
namespace {

constexpr size_t kMaxEntries = 100000;
constexpr uint64_t kMaxDirectory = uint64_t{64} << 20;
constexpr uint64_t kDeflateLimit = 1040;  // deflate cannot expand by more than about 1032
constexpr uint32_t kEntry = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;

struct Directory {
  uint64_t at = 0, bytes = 0;
};

/// Where the archive's directory lies, from the record at its end.
std::optional<Directory> find_directory(std::ifstream& file, uint64_t size) {
  const uint64_t tail = std::min<uint64_t>(size, 65536 + 22 + 20);
  const auto bytes = read_piece(file, size - tail, tail);
  const ZipFields fields(bytes);
  if (bytes.size() < 22) return std::nullopt;
  for (size_t at = bytes.size() - 22 + 1; at-- > 0;) {
    if (fields.number(at, 4) != kEnd) continue;
    Directory found{fields.number(at + 16, 4), fields.number(at + 12, 4)};
    if (at >= 20 && fields.number(at - 20, 4) == kLocator64) {
      const auto end = read_piece(file, fields.number(at - 12, 8), 56);
      const ZipFields end64(end);
      if (end.size() < 56 || end64.number(0, 4) != kEnd64) return std::nullopt;
      found = {end64.number(48, 8), end64.number(40, 8)};
    }
    if (found.at > size || found.bytes > size - found.at) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

/// Sizes that do not fit into 32 bits stand in an extra field, in this order and only those.
void widen(const ZipFields& fields, size_t extra, size_t extra_bytes, ZipEntry& entry) {
  constexpr uint64_t kElsewhere = 0xffffffff;
  for (size_t at = extra; at + 4 <= extra + extra_bytes;) {
    const size_t bytes = fields.number(at + 2, 2);
    if (fields.number(at, 2) == 1) {
      size_t next = at + 4;
      const auto take = [&](uint64_t& value) {
        if (value != kElsewhere || next + 8 > at + 4 + bytes) return;
        value = fields.number(next, 8);
        next += 8;
      };
      take(entry.bytes);
      take(entry.packed_bytes);
      take(entry.header_at);
      return;
    }
    at += 4 + bytes;
  }
}

Error broken(const std::filesystem::path& path, const std::string& what) {
  return {ErrorCode::bad_data, path.string() + ": " + what};
}

/// Whole archives end with their directory; how much of a cut one is there tells its first entries.
Error cut_short(const std::filesystem::path& path, std::ifstream& file, uint64_t size) {
  const auto head = read_piece(file, 0, 30);
  const ZipFields fields(head);
  const uint64_t packed = fields.number(18, 4);
  const uint64_t wanted = 30 + fields.number(26, 2) + fields.number(28, 2) + packed;
  std::string sizes = "it has " + std::to_string(size) + " bytes";
  if (head.size() == 30 && packed != 0xffffffff && wanted > size)
    sizes += ", and its first entry alone needs " + std::to_string(wanted);
  return broken(path, "the archive is cut short: " + sizes +
                          ", and the directory at its end is missing; "
                          "copy or download it again");
}

}  // namespace

Result<ZipArchive> ZipArchive::open(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code status;
  const uint64_t size = std::filesystem::file_size(path, status);
  if (!file || status) return Error{ErrorCode::failed, "cannot open " + path.string()};
  const auto directory = find_directory(file, size);
  if (!directory) return cut_short(path, file, size);
  if (directory->bytes > kMaxDirectory) return broken(path, "its directory is impossibly long");
  const auto bytes = read_piece(file, directory->at, directory->bytes);
  const ZipFields fields(bytes);
  ZipArchive archive;
  archive.path_ = path;
  for (size_t at = 0; at + 46 <= bytes.size() && fields.number(at, 4) == kEntry;) {
    const size_t name = fields.number(at + 28, 2), extra = fields.number(at + 30, 2),
                 comment = fields.number(at + 32, 2);
    if (at + 46 + name + extra + comment > bytes.size()) return broken(path, "its directory is damaged");
    ZipEntry entry;
    entry.name.assign(reinterpret_cast<const char*>(bytes.data()) + at + 46, name);
    entry.method = static_cast<uint16_t>(fields.number(at + 10, 2));
    entry.crc = static_cast<uint32_t>(fields.number(at + 16, 4));
    entry.packed_bytes = fields.number(at + 20, 4);
    entry.bytes = fields.number(at + 24, 4);
    entry.header_at = fields.number(at + 42, 4);
    widen(fields, at + 46 + name, extra, entry);
    if (entry.header_at > size || entry.packed_bytes > size - entry.header_at)
      return broken(path, entry.name + " claims more bytes than the archive has");
    if (entry.method == 8 && entry.bytes / kDeflateLimit > entry.packed_bytes)
      return broken(path, entry.name + " claims to unpack to more than its packed bytes can hold");
    if (archive.entries_.size() == kMaxEntries) return broken(path, "it has too many entries");
    archive.entries_.push_back(std::move(entry));
    at += 46 + name + extra + comment;
  }
  return archive;
}

const ZipEntry* ZipArchive::find(const std::string& name) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const ZipEntry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace vaco
