// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/memory.h"

#include <fstream>
#include <string>

namespace vaco {

uint64_t available_memory() {
  std::ifstream info("/proc/meminfo");
  std::string key, rest;
  uint64_t kilobytes = 0;
  while (info >> key >> kilobytes && std::getline(info, rest))
    if (key == "MemAvailable:") return kilobytes * 1024;
  return uint64_t{1} << 40;
}

}  // namespace vaco
