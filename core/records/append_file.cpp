// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/append_file.h"

#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <thread>

#include "core/base/files.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// Reads whole lines from a byte on; use is told the line and the byte behind it, and says whether to go on.
/// Gives whether a part of a line follows the last whole one.
bool for_each_line(const fs::path& path, uint64_t from,
                   const std::function<bool(const std::string& line, uint64_t end)>& use) {
  if (!is_file(path)) return false;  // a pipe might never end
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  file.seekg(static_cast<std::streamoff>(from));
  std::string line;
  uint64_t at = from;
  while (std::getline(file, line)) {
    if (file.eof()) return true;  // no newline: torn, or still being written
    at += line.size() + 1;
    if (!use(line, at)) return false;
  }
  return false;
}

/// How long the file is; as far as it does not show that a line ends at known, shorter than that.
uint64_t size_with_line_end(const fs::path& path, uint64_t known) {
  const int file =
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC);  // asks a share, which a look at the name may not
  if (file < 0) return 0;
  const off_t end = ::lseek(file, 0, SEEK_END);
  uint64_t size = end > 0 ? static_cast<uint64_t>(end) : 0;
  char last = 0;
  if (known > 0 && size >= known &&
      (::pread(file, &last, 1, static_cast<off_t>(known - 1)) != 1 || last != '\n'))
    size = known - 1;
  ::close(file);
  return size;
}

}  // namespace

Result<void> AppendFile::open(const fs::path& path, uint64_t keep_bytes) {
  close();
  path_ = path;
  uint64_t whole = 0;
  if (keep_bytes > 0 && size_with_line_end(path, keep_bytes) >= keep_bytes)
    whole = keep_bytes;
  else
    for_each_line(path, 0, [&](const std::string&, uint64_t end) {
      if (end > keep_bytes) return false;
      whole = end;
      return true;
    });
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0 || ::ftruncate(fd_, static_cast<off_t>(whole)) != 0 ||
      ::lseek(fd_, static_cast<off_t>(whole), SEEK_SET) < 0)
    return Error{ErrorCode::failed, "cannot open " + path.string() + " for writing: " + last_system_error()};
  size_ = whole;
  return {};
}

bool AppendFile::try_append(std::string_view text) {
  const uint64_t added = text.size();
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int reason = written < 0 ? errno : ENOSPC;
      if (::ftruncate(fd_, static_cast<off_t>(size_)) == 0) ::lseek(fd_, static_cast<off_t>(size_), SEEK_SET);
      errno = reason;
      return false;
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  size_ += added;
  return true;
}

Result<void> AppendFile::append(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  if (try_append(text) || try_append(text)) return {};
  return Error{ErrorCode::failed, "cannot write to " + path_.string() + ": " + last_system_error()};
}

Result<void> AppendFile::sync() {
  if (fd_ >= 0 && ::fsync(fd_) != 0)
    return Error{ErrorCode::failed, "cannot sync " + path_.string() + ": " + last_system_error()};
  return {};
}

void AppendFile::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  size_ = 0;
}

LinesRead read_json_lines(const fs::path& path, uint64_t from, const std::function<bool(const Json&)>& use) {
  LinesRead read;
  read.end = from;
  read.torn = for_each_line(path, from, [&](const std::string& line, uint64_t end) {
    read.end = end;
    ++read.lines;
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_object() && use(json)) return true;
    if (read.damaged++ == 0) read.first_damaged = read.lines;
    return true;
  });
  return read;
}

uint64_t start_of_last_line(const fs::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return 0;
  uint64_t at = static_cast<uint64_t>(std::max<std::streamoff>(0, file.tellg()));
  bool ends_behind = false;  // the newline of the last whole line has been passed
  std::string block;
  while (at > 0) {
    block.resize(std::min<uint64_t>(at, 1u << 16));
    at -= block.size();
    file.seekg(static_cast<std::streamoff>(at));
    if (!file.read(block.data(), static_cast<std::streamsize>(block.size()))) return 0;
    for (size_t i = block.size(); i-- > 0;) {
      if (block[i] != '\n') continue;
      if (ends_behind) return at + i + 1;
      ends_behind = true;
    }
  }
  return 0;
}

uint64_t bytes_up_to_step(const fs::path& path, int64_t step) {
  uint64_t bytes = 0;
  for_each_line(path, 0, [&](const std::string& line, uint64_t end) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("step") || !json["step"].is_number_integer()) return false;
    if (json["step"].get<int64_t>() > step) return false;
    bytes = end;
    return true;
  });
  return bytes;
}

std::chrono::milliseconds delay_of_share(const fs::path& path) {
  constexpr std::chrono::seconds kShare{25};
  struct statfs system {};
  if (::statfs(path.c_str(), &system) != 0) return {};
  switch (static_cast<uint32_t>(system.f_type)) {  // magic numbers as in statfs(2)
    case 0x6969:                                   // NFS
    case 0x517B:                                   // SMB
    case 0xFE534D42:                               // SMB2
    case 0xFF534D42:                               // CIFS
    case 0x65735546:                               // FUSE
    case 0x01021997:                               // 9P
    case 0x0BD00BD0:                               // Lustre
    case 0x47504653:                               // GPFS
    case 0x00C36400:                               // Ceph
      return kShare;
    default:
      return {};
  }
}

uint64_t size_once_seen(const fs::path& path, uint64_t known, std::chrono::milliseconds delay) {
  const auto last = std::chrono::steady_clock::now() + delay;
  uint64_t seen = size_with_line_end(path, known);
  while (seen < known && std::chrono::steady_clock::now() < last) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    seen = size_with_line_end(path, known);
  }
  return seen;
}

}  // namespace vaco
