// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace vaco {

/// What NVIDIA's management library says of the first graphics card.
struct GpuReadout {
  std::string name;
  std::string driver;
  double memory_gib = 0.0;       ///< in all
  double used_memory_gib = 0.0;  ///< by all processes
  int utilization = 0;           ///< percent of the last sample period in which a kernel ran
};

/// Loads the library at call, so that the program runs where there is none: nothing then, and nothing where it
/// has no card. May take milliseconds; any thread.
std::optional<GpuReadout> read_gpu(const char* library = "libnvidia-ml.so.1");

}  // namespace vaco
