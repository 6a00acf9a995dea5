// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// What execv takes: pointers to the words, and a null at the end. Good while words is.
std::vector<char*> argument_pointers(std::vector<std::string>& words);
/// The file's descriptor, for what a program prints to be appended.
Result<int> open_log(const std::filesystem::path& log);

/// A program that works for this one: in a process group of its own, so that a terminal's Ctrl+C reaches only
/// us and we tell it; asked to stop (SIGTERM) when the thread that started it ends, in whatever way. One
/// thread.
class ChildProcess {
 public:
  /// words[0] is the program's path. What it prints is appended to the file log.
  static Result<ChildProcess> start(const std::vector<std::string>& words, const std::filesystem::path& log);
  ChildProcess(ChildProcess&& other) noexcept : id_(other.id_) { other.id_ = -1; }
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  /// Asks it to stop and waits for its end.
  ~ChildProcess();

  /// Its exit code once it has ended, minus the signal when one ended it.
  std::optional<int> ended();
  void ask_to_stop() const;

 private:
  explicit ChildProcess(pid_t id) : id_(id) {}
  pid_t id_ = -1;  // -1: there is none (any more)
};

}  // namespace vaco
