// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace vaco {

/// Says that this process writes a run folder. A lock of the kernel on run.lock, so that what a killed process
/// leaves is no obstacle; the file also holds the process id, for messages.
class RunLock {
 public:
  /// Error when another session (of this or another process) writes the folder. On file systems without locks
  /// there is nothing that could tell: then the lock is held, but guards() no one.
  static Result<RunLock> take(const std::filesystem::path& folder);
  [[nodiscard]] bool guards() const { return guards_; }
  RunLock() = default;
  RunLock(RunLock&& other) noexcept : fd_(other.fd_), guards_(other.guards_) { other.fd_ = -1; }
  RunLock& operator=(RunLock&& other) noexcept;
  ~RunLock() { release(); }
  void release();

 private:
  int fd_ = -1;
  bool guards_ = true;
};

/// What a run is told that is written where nothing keeps a second process out.
std::string no_lock_warning(const std::filesystem::path& folder);

/// Whether some process writes this run folder now.
bool is_being_written(const std::filesystem::path& folder);

}  // namespace vaco
