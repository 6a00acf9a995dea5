// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/base/files.h"

namespace vaco {
namespace {

constexpr int kCouldNotStart = 127;

/// Between fork and exec: system calls only.
[[noreturn]] void become(char* const* words, int log, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(0);  // it died before that
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv(words[0], words);
  ::_exit(kCouldNotStart);
}

}  // namespace

std::vector<char*> argument_pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers(words.size() + 1, nullptr);
  std::ranges::transform(words, pointers.begin(), [](std::string& word) { return word.data(); });
  return pointers;
}

Result<int> open_log(const std::filesystem::path& log) {
  const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) return Error{ErrorCode::failed, "cannot open " + log.string() + ": " + last_system_error()};
  return fd;
}

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& words,
                                         const std::filesystem::path& log) {
  std::vector<std::string> copies = words;
  const auto pointers = argument_pointers(copies);
  const auto fd = open_log(log);
  if (!fd) return fd.error();
  const pid_t parent = ::getpid();
  const pid_t id = ::fork();
  if (id == 0) become(pointers.data(), *fd, parent);
  const std::string reason = last_system_error();
  ::close(*fd);
  if (id < 0) return Error{ErrorCode::failed, "cannot start " + words[0] + ": " + reason};
  return ChildProcess(id);
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

ChildProcess::~ChildProcess() {
  ask_to_stop();
  while (id_ > 0 && ::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) continue;
}

std::optional<int> ChildProcess::ended() {
  int status = 0;
  if (id_ <= 0 || ::waitpid(id_, &status, WNOHANG) != id_) return std::nullopt;
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void ChildProcess::ask_to_stop() const {
  if (id_ > 0) ::kill(id_, SIGTERM);
}

}  // namespace vaco
