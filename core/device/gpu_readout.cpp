// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/gpu_readout.h"

#include <dlfcn.h>

#include <memory>

namespace vaco {
namespace {

// The few declarations of nvml.h that are needed, as its binary interface has had them since version 2.
using Device = void*;
struct Memory {
  unsigned long long total, free, used;
};
struct Utilization {
  unsigned int gpu, memory;
};
constexpr unsigned int kText = 96;

template <class Function>
Function* find(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

constexpr double kGib = 1024.0 * 1024.0 * 1024.0;

}  // namespace

std::optional<GpuReadout> read_gpu(const char* library) {
  const auto close = [](void* handle) { dlclose(handle); };
  const std::unique_ptr<void, decltype(close)> nvml(dlopen(library, RTLD_NOW | RTLD_LOCAL), close);
  if (!nvml) return std::nullopt;
  const auto init = find<int()>(nvml.get(), "nvmlInit_v2");
  const auto shutdown = find<int()>(nvml.get(), "nvmlShutdown");
  const auto driver_of = find<int(char*, unsigned int)>(nvml.get(), "nvmlSystemGetDriverVersion");
  const auto device_at = find<int(unsigned int, Device*)>(nvml.get(), "nvmlDeviceGetHandleByIndex_v2");
  const auto name_of = find<int(Device, char*, unsigned int)>(nvml.get(), "nvmlDeviceGetName");
  const auto memory_of = find<int(Device, Memory*)>(nvml.get(), "nvmlDeviceGetMemoryInfo");
  const auto utilization_of = find<int(Device, Utilization*)>(nvml.get(), "nvmlDeviceGetUtilizationRates");
  if (!init || !shutdown || !driver_of || !device_at || !name_of || !memory_of || !utilization_of ||
      init() != 0)
    return std::nullopt;

  std::optional<GpuReadout> readout;
  Device device = nullptr;
  char name[kText] = {}, driver[kText] = {};
  if (device_at(0, &device) == 0 && name_of(device, name, kText - 1) == 0) {
    readout.emplace();
    readout->name = name;
    if (driver_of(driver, kText - 1) == 0) readout->driver = driver;
    if (Memory memory{}; memory_of(device, &memory) == 0) {
      readout->memory_gib = static_cast<double>(memory.total) / kGib;
      readout->used_memory_gib = static_cast<double>(memory.used) / kGib;
    }
    if (Utilization utilization{}; utilization_of(device, &utilization) == 0)
      readout->utilization = static_cast<int>(utilization.gpu);
  }
  shutdown();
  return readout;
}

}  // namespace vaco
