// SPDX-License-Identifier: GPL-3.0-or-later
// Loaded into a program by LD_PRELOAD: notes what a library finds in the environment when it is set up, or
// sends the process a signal at that time.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace {

const char* value_of(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "-";
}

[[gnu::constructor]] void signal() {
  if (const char* number = std::getenv("VACO_START_PROBE_SIGNAL")) ::kill(::getpid(), std::atoi(number));
}

[[gnu::constructor]] void note() {
  const char* path = std::getenv("VACO_START_PROBE_FILE");
  std::FILE* file = path ? std::fopen(path, "a") : nullptr;
  if (!file) return;
  char name[17] = "";
  ::prctl(PR_GET_NAME, name);
  std::fprintf(file, "%s %s %s %s\n", name, value_of("OMP_WAIT_POLICY"), value_of("OMP_NUM_THREADS"),
               value_of("OPENBLAS_NUM_THREADS"));
  std::fclose(file);
}

}  // namespace
