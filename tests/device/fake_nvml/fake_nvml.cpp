// SPDX-License-Identifier: GPL-3.0-or-later
// A stand-in for NVIDIA's management library, with one card, for machines that have none.
#include <cstring>

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int nvmlInit_v2() {
  return 0;
}
EXPORTED int nvmlShutdown() {
  return 0;
}
EXPORTED int nvmlSystemGetDriverVersion(char* out, unsigned int size) {
  std::strncpy(out, "580.1", size);
  return 0;
}
EXPORTED int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void** out) {
  static int card = 0;
  *out = &card;
  return index == 0 ? 0 : 2;
}
EXPORTED int nvmlDeviceGetName(void*, char* out, unsigned int size) {
  std::strncpy(out, "Card of the tests", size);
  return 0;
}
EXPORTED int nvmlDeviceGetMemoryInfo(void*, unsigned long long* out) {
  out[0] = 8ull << 30;
  out[1] = 6ull << 30;
  out[2] = 2ull << 30;
  return 0;
}
EXPORTED int nvmlDeviceGetUtilizationRates(void*, unsigned int* out) {
  out[0] = 37;
  out[1] = 5;
  return 0;
}
