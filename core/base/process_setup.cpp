// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process_setup.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace vaco {

void prepare_process_environment(char** argv) {
  constexpr std::pair<const char*, const char*> kSettings[] = {
      {"OMP_WAIT_POLICY", "passive"}, {"OMP_NUM_THREADS", "1"}, {"OPENBLAS_NUM_THREADS", "1"}};
  constexpr const char* kMark = "VACO_ENVIRONMENT_READY";
  bool missing = false;
  for (const auto& [name, value] : kSettings) {
    if (std::getenv(name)) continue;
    missing = true;
    ::setenv(name, value, 1);
  }
  const char* mark = std::getenv(kMark);
  if (!missing || (mark && std::string_view(mark) == std::to_string(::getpid()))) return;
  // The process keeps its id over exec, so the mark stops a loop here and means nothing to a child.
  ::setenv(kMark, std::to_string(::getpid()).c_str(), 1);
  // The real path first: started as /proc/self/exe the process would be called "exe".
  char path[PATH_MAX];
  if (const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path - 1); length > 0) {
    path[length] = '\0';
    ::execv(path, argv);
  }
  ::execv("/proc/self/exe", argv);
}

}  // namespace vaco
