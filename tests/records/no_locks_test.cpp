// SPDX-License-Identifier: GPL-3.0-or-later
// File systems without locks, played by a fcntl() of our own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>

#include "core/records/run_lock.h"
#include "tests/support/fake_parts.h"

namespace {

/// What locking fails with; 0: it works.
std::atomic<int> lock_error{0};

int played_fcntl(int fd, int command, void* argument) {
  const bool locks =
      command == F_OFD_SETLK || command == F_OFD_GETLK || command == F_SETLK || command == F_SETLKW;
  if (locks && lock_error != 0) {
    errno = lock_error;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fcntl, fd, command, argument));
}

}  // namespace

extern "C" {
int fcntl(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  return played_fcntl(fd, command, argument);
}
int fcntl64(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  return played_fcntl(fd, command, argument);
}
}

namespace vaco {
namespace {

using ::testing::HasSubstr;

TEST(NoLocks, ARunIsWrittenAllTheSame) {
  const testing::TemporaryFolder folder;
  for (const int error : {ENOSYS, ENOLCK, EOPNOTSUPP, EINVAL}) {
    lock_error = error;
    const auto lock = RunLock::take(folder.path());
    lock_error = 0;
    ASSERT_TRUE(lock.ok()) << lock.error().message;
    EXPECT_FALSE(lock->guards());
  }
  EXPECT_THAT(no_lock_warning(folder.path()), HasSubstr("has no locks"));
  lock_error = EIO;  // trouble of another kind is no missing lock
  EXPECT_FALSE(RunLock::take(folder.path()).ok());
  lock_error = 0;
}

TEST(NoLocks, WithLocksASecondWriterIsKeptOut) {
  const testing::TemporaryFolder folder;
  const auto first = RunLock::take(folder.path());
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(first->guards());
  EXPECT_THAT(RunLock::take(folder.path()).error().message, HasSubstr("is being written by process"));
  EXPECT_TRUE(is_being_written(folder.path()));
}

}  // namespace
}  // namespace vaco
