// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "core/base/files.h"

namespace vaco {
namespace {

/// The whole file. Locks of an open file description: they end with the process, and can be asked about unlike
/// flock's.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool means_no_locks(int error) {
  return error == ENOSYS || error == ENOLCK || error == EOPNOTSUPP || error == EINVAL;
}

}  // namespace

std::string no_lock_warning(const std::filesystem::path& folder) {
  return "the file system of " + folder.string() +
         " has no locks, so nothing keeps a second process from writing this run: do not resume or fork it "
         "elsewhere while it runs";
}

Result<RunLock> RunLock::take(const std::filesystem::path& folder) {
  const auto path = folder / "run.lock";
  RunLock lock;
  lock.fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock.fd_ < 0)
    return Error{ErrorCode::failed, "cannot open " + path.string() + " for writing: " + last_system_error()};
  struct flock request = whole_file();
  lock.guards_ = ::fcntl(lock.fd_, F_OFD_SETLK, &request) == 0;
  const int reason = lock.guards_ ? 0 : errno;
  if (reason == EAGAIN || reason == EACCES) {
    const auto holder = read_text(path, 64);
    std::string process = holder ? *holder : "";
    while (!process.empty() && process.back() == '\n') process.pop_back();
    return Error{ErrorCode::failed, "the run " + folder.string() + " is being written by " +
                                        (process.empty() ? "another process" : "process " + process) +
                                        "; stop that one first, or fork the run into a new folder"};
  }
  // A file system without locks (NFS without lockd, Lustre with noflock, some of FUSE) is no reason not to
  // write.
  if (!lock.guards_ && !means_no_locks(reason))
    return Error{ErrorCode::failed, "cannot lock " + path.string() + ": " + last_system_error()};
  const std::string id = std::to_string(::getpid()) + "\n";
  // The id is for people only, so a full disk is no reason to refuse.
  if (::ftruncate(lock.fd_, 0) == 0 && ::pwrite(lock.fd_, id.data(), id.size(), 0) < 0) errno = 0;
  return lock;
}

RunLock& RunLock::operator=(RunLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(guards_, other.guards_);
  return *this;
}

void RunLock::release() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool is_being_written(const std::filesystem::path& folder) {
  const int fd = ::open((folder / "run.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct flock question = whole_file();
  const bool locked = ::fcntl(fd, F_OFD_GETLK, &question) == 0 && question.l_type != F_UNLCK;
  ::close(fd);
  return locked;
}

}  // namespace vaco
