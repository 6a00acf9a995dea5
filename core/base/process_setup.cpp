// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process_setup.h"

#include <alloca.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>

namespace vaco {
namespace {

/// Only readable, so that a write fails and is noticed, as it would be on the closed one.
void open_closed_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
      const int opened = ::open("/dev/null", O_RDONLY);
      if (opened >= 0 && opened != stream) ::close(opened);
    }
}

/// May run before the C library is set up, so it allocates nothing and takes the environment as an argument.
void start_again_if_missing(char** argv, char** environment) {
  constexpr const char* kSettings[] = {"OMP_WAIT_POLICY=passive", "OMP_NUM_THREADS=1",
                                       "OPENBLAS_NUM_THREADS=1"};
  size_t count = 0;
  while (environment[count]) ++count;
  auto** complete = static_cast<char**>(alloca((count + 4) * sizeof(char*)));
  std::memcpy(complete, environment, count * sizeof(char*));
  size_t added = 0;
  for (const char* setting : kSettings) {
    const size_t name = static_cast<size_t>(std::strchr(setting, '=') - setting) + 1;
    bool there = false;
    for (size_t i = 0; i < count && !there; ++i) there = std::strncmp(environment[i], setting, name) == 0;
    if (!there) complete[count + added++] = const_cast<char*>(setting);
  }
  complete[count + added] = nullptr;
  if (added == 0) return;
  // The real path first: started as /proc/self/exe the process would be called "exe".
  char path[PATH_MAX];
  if (const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path - 1); length > 0) {
    path[length] = '\0';
    ::execve(path, argv, complete);
  }
  ::execve("/proc/self/exe", argv, complete);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their own set-up must come first
void before_libraries(int, char** argv, char** environment) {
  open_closed_streams();
  const sigset_t signals = stop_signal_set();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  start_again_if_missing(argv, environment);
}
[[gnu::section(".preinit_array"), gnu::used]] void (*const kBeforeLibraries)(int, char**,
                                                                             char**) = before_libraries;
#endif

}  // namespace

void prepare_process_environment(char** argv) {
  open_closed_streams();
  start_again_if_missing(argv, environ);
}

}  // namespace vaco
