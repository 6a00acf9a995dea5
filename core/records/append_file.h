// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"

namespace vaco {

/// A text file that only grows, by whole lines: a line that could not be written whole (disk full) is taken
/// back, so that the file never holds a part of one. One owner thread. A process killed amid a line leaves a
/// torn last line, which readers ignore and open() removes.
class AppendFile {
 public:
  AppendFile() = default;
  ~AppendFile() { close(); }
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// Opens (creates) the file and cuts it to at most keep_bytes, and to whole lines.
  Result<void> open(const std::filesystem::path& path, uint64_t keep_bytes);
  /// Appends the line and a newline; tried a second time before it is an error.
  Result<void> append(std::string_view line);
  /// What was appended is on the disk when this returns.
  Result<void> sync();
  [[nodiscard]] uint64_t size() const { return size_; }
  void close();

 private:
  bool try_append(std::string_view text);

  std::filesystem::path path_;
  int fd_ = -1;
  uint64_t size_ = 0;
};

/// What there was in a file of lines. Line numbers count from 1 at the byte where reading began.
struct LinesRead {
  uint64_t end = 0;           ///< the byte behind the last whole line
  int64_t lines = 0;          ///< whole lines
  int64_t damaged = 0;        ///< of them: those that are no JSON object, or that were refused
  int64_t first_damaged = 0;  ///< number of the first of those; 0: none
  bool torn = false;          ///< a last line without an end follows: still being written, or cut
};
/// Calls use for every whole line from byte `from` on that is a JSON object; use says whether the line holds
/// what it should. Other lines are only counted. A missing file has no lines.
LinesRead read_json_lines(const std::filesystem::path& path, uint64_t from,
                          const std::function<bool(const Json&)>& use);
/// The byte where the last whole line begins, found from the file's end; 0 when there is none.
uint64_t start_of_last_line(const std::filesystem::path& path);
/// How many bytes of the file hold the lines whose "step" is at most step.
uint64_t bytes_up_to_step(const std::filesystem::path& path, int64_t step);

/// How long a file here may look older than it is: 25 s on what other machines write to (NFS, SMB, Lustre, FUSE
/// as sshfs, whose caches last 20 s), none on a disk of this machine.
std::chrono::milliseconds delay_of_share(const std::filesystem::path& path);
/// How long the file is, 0 where there is none. One that holds fewer bytes than it is known to have held is
/// looked at again until the delay is over.
uint64_t size_once_seen(const std::filesystem::path& path, uint64_t known, std::chrono::milliseconds delay);

}  // namespace vaco
