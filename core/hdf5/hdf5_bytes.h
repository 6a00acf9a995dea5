// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// The bytes of an HDF5 file beside the library: of an open file, or in memory. What must be checked before the
/// library may see it is read here. Any thread.
class Hdf5Bytes {
 public:
  /// Opens a regular file. Errors: missing, a folder, no regular file or empty (bad_data); what the system says
  /// (failed), each with its remedy.
  static Result<std::shared_ptr<const Hdf5Bytes>> open(const std::filesystem::path& path);
  /// A copy of bytes in memory.
  explicit Hdf5Bytes(std::span<const std::byte> bytes)
      : size_(bytes.size()), image_(bytes.begin(), bytes.end()) {}
  ~Hdf5Bytes();
  Hdf5Bytes(const Hdf5Bytes&) = delete;
  Hdf5Bytes& operator=(const Hdf5Bytes&) = delete;

  [[nodiscard]] uint64_t size() const { return size_; }
  /// Bytes from an offset; fewer than asked for at the end of the file.
  [[nodiscard]] std::vector<std::byte> read(uint64_t offset, size_t count) const;
  /// As many bytes as there is room for; false where the file has fewer.
  [[nodiscard]] bool read_whole(uint64_t offset, std::span<std::byte> room) const;
  /// Whether another program has locked the file for writing; false where locks are not known.
  [[nodiscard]] bool is_locked_by_a_writer() const;

 private:
  Hdf5Bytes(int fd, uint64_t size) : fd_(fd), size_(size) {}
  /// How many bytes there were.
  [[nodiscard]] size_t read_some(uint64_t offset, std::span<std::byte> room) const;

  int fd_ = -1;
  uint64_t size_ = 0;
  std::vector<std::byte> image_;
};

/// Whether they begin with the four letters of a structure.
bool begins_with(std::span<const std::byte> bytes, const char* signature);
/// An address that says that there is nothing.
inline constexpr uint64_t kNoAddress = ~uint64_t{0};

/// Where the HDF5 data begin: at byte 0, or behind a user block; nothing where there is no signature.
std::optional<uint64_t> find_superblock(const Hdf5Bytes& bytes);

/// What keeps a file with a superblock there from being opened, as far as the superblock tells: a newer format,
/// an end that is missing (with both sizes), a writer that has not closed it. Stands behind the file's name;
/// empty when nothing does.
std::string superblock_problem(const Hdf5Bytes& bytes, uint64_t offset);

/// How a file in a format that is too new is written in an older one.
inline constexpr const char* kWriteInOlderFormat =
    "write it anew in an older one: python -c \"import h5py; old = h5py.File('FILE'); new = h5py.File('NEW', "
    "'w', libver=('earliest', 'v110')); new.attrs.update(old.attrs); old.visititems(lambda name, item: "
    "(new.__setitem__(name, item[()]) if isinstance(item, h5py.Dataset) else new.require_group(name), "
    "new[name].attrs.update(item.attrs)) and None)\"";

/// The reason of a failed system call on a file, with what to do about it where that is not plain.
std::string system_problem(int error);

}  // namespace vaco
