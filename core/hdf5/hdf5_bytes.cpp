// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_bytes.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace vaco {
namespace {

constexpr unsigned char kSignature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
constexpr unsigned kNewestSuperblock = 3;
constexpr uint64_t kMostUserBlock = uint64_t{1} << 40;

uint64_t number(const std::vector<std::byte>& bytes, size_t at, size_t width) {
  uint64_t value = 0;
  for (size_t i = width; i-- > 0;)
    value = value << 8 | (at + i < bytes.size() ? std::to_integer<uint64_t>(bytes[at + i]) : 0);
  return value;
}

}  // namespace

std::string system_problem(int error) {
  const std::string reason = std::generic_category().message(error);
  if (error == EMFILE || error == ENFILE) {
    rlimit limit{};
    const bool own = error == EMFILE && ::getrlimit(RLIMIT_NOFILE, &limit) == 0;
    return reason +
           (own ? " (this process may have " + std::to_string(limit.rlim_cur) + "; ulimit -n raises it)"
                : " in the whole system");
  }
  if (error == EACCES)
    return reason +
           ": its owner must let you read it (chmod u+r), and search every folder above it (chmod u+x)";
  return reason;
}

Result<std::shared_ptr<const Hdf5Bytes>> Hdf5Bytes::open(const std::filesystem::path& path) {
  const std::string name = path.string();
  const auto fail = [&](int error) {
    if (error == ENOENT) return Error{ErrorCode::bad_data, "cannot open " + name + ": there is no such file"};
    return Error{ErrorCode::failed, "cannot open " + name + ": " + system_problem(error)};
  };
  // Looked at first: opening a pipe would wait for its writer.
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return fail(errno);
  if (S_ISDIR(found.st_mode)) return Error{ErrorCode::bad_data, name + " is a folder, not an HDF5 file"};
  if (!S_ISREG(found.st_mode)) return Error{ErrorCode::bad_data, name + " is not a regular file"};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return fail(errno);
  std::shared_ptr<const Hdf5Bytes> bytes(new Hdf5Bytes(fd, static_cast<uint64_t>(found.st_size)));
  if (found.st_size == 0) return Error{ErrorCode::bad_data, name + " is empty"};
  return bytes;
}

Hdf5Bytes::~Hdf5Bytes() {
  if (fd_ >= 0) ::close(fd_);
}

size_t Hdf5Bytes::read_some(uint64_t offset, std::span<std::byte> room) const {
  if (offset >= size_) return 0;
  const size_t count = static_cast<size_t>(std::min<uint64_t>(room.size(), size_ - offset));
  if (fd_ < 0) {
    std::copy_n(image_.begin() + static_cast<ptrdiff_t>(offset), count, room.begin());
    return count;
  }
  size_t done = 0;
  while (done < count) {
    const ssize_t got = ::pread(fd_, room.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

std::vector<std::byte> Hdf5Bytes::read(uint64_t offset, size_t count) const {
  if (offset >= size_) return {};
  std::vector<std::byte> bytes(static_cast<size_t>(std::min<uint64_t>(count, size_ - offset)));
  bytes.resize(read_some(offset, bytes));
  return bytes;
}

bool Hdf5Bytes::read_whole(uint64_t offset, std::span<std::byte> room) const {
  return read_some(offset, room) == room.size();
}

bool Hdf5Bytes::is_locked_by_a_writer() const {
  if (fd_ < 0) return false;
  if (::flock(fd_, LOCK_SH | LOCK_NB) == 0) {
    ::flock(fd_, LOCK_UN);
    return false;
  }
  return errno == EWOULDBLOCK;
}

bool begins_with(std::span<const std::byte> bytes, const char* signature) {
  return bytes.size() >= 4 && std::memcmp(bytes.data(), signature, 4) == 0;
}

std::optional<uint64_t> find_superblock(const Hdf5Bytes& bytes) {
  for (uint64_t offset = 0; offset < bytes.size() && offset <= kMostUserBlock;
       offset = offset == 0 ? 512 : 2 * offset) {
    const auto start = bytes.read(offset, sizeof kSignature);
    if (start.size() == sizeof kSignature &&
        std::equal(start.begin(), start.end(), reinterpret_cast<const std::byte*>(kSignature)))
      return offset;
  }
  return std::nullopt;
}

std::string superblock_problem(const Hdf5Bytes& bytes, uint64_t offset) {
  const auto block = bytes.read(offset, 96);
  const uint64_t version = number(block, 8, 1);
  if (version > kNewestSuperblock)
    return " is written in a newer HDF5 format (superblock version " + std::to_string(version) +
           ") than this program reads; " + kWriteInOlderFormat;
  const size_t widths = version < 2 ? 13 : 9;  // of addresses and of sizes
  if (number(block, widths, 1) != 8 || number(block, widths + 1, 1) != 8)
    return std::string(" has addresses or sizes of other than 8 bytes, which is not supported; ") +
           kWriteInOlderFormat;
  const size_t end_at = version == 0 ? 40 : version == 1 ? 44 : 28;
  const uint64_t end = number(block, end_at, 8);
  if (end > bytes.size() && end != kNoAddress)
    return " is cut short: it has " + std::to_string(bytes.size()) + " of its " + std::to_string(end) +
           " bytes; copy or download it again";
  constexpr uint64_t kOpenForWriting = 1 | 4;  // by one writer, or one beside readers
  if (version == 3 && (number(block, 11, 1) & kOpenForWriting) != 0)
    return " is marked as open for writing: close the program that writes it. If that has crashed, h5clear -s "
           "clears the mark (the file may lack what was not written yet)";
  return {};
}

}  // namespace vaco
