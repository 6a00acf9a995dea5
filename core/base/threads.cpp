// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threads.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <latch>
#include <sstream>
#include <vector>

#include "core/base/files.h"
#include "core/base/guard.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr size_t kMostProcessors = 1 << 16;

/// Those the process is bound to, 0 if that cannot be known.
int bound_processors() {
  // The set must be as large as the kernel's own, whose size nothing tells.
  for (size_t most = CPU_SETSIZE; most <= kMostProcessors; most *= 4) {
    cpu_set_t* set = CPU_ALLOC(most);
    if (!set) return 0;
    const size_t bytes = CPU_ALLOC_SIZE(most);
    const bool known = ::sched_getaffinity(0, bytes, set) == 0;
    const int count = known ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (known) return count;
  }
  return 0;
}

/// The words of a small file; none if it cannot be read.
std::vector<std::string> words_of(const fs::path& file) {
  const auto text = read_text(file, 4096);
  std::vector<std::string> words;
  if (!text) return words;
  std::istringstream stream(*text);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// Processors of "QUOTA PERIOD" in microseconds, rounded up; 0 for "max", -1 and what is no number.
int processors_of(const std::string& quota, const std::string& period) {
  const long long used = std::strtoll(quota.c_str(), nullptr, 10),
                  of = std::strtoll(period.c_str(), nullptr, 10);
  if (used <= 0 || of <= 0) return 0;
  return static_cast<int>(std::min<long long>((used + of - 1) / of, 1 << 20));
}

int quota_of_group(const fs::path& group) {
  if (const auto both = words_of(group / "cpu.max"); both.size() == 2) return processors_of(both[0], both[1]);
  const auto quota = words_of(group / "cpu.cfs_quota_us"), period = words_of(group / "cpu.cfs_period_us");
  return quota.size() == 1 && period.size() == 1 ? processors_of(quota[0], period[0]) : 0;
}

bool is_processor_list(const std::string& controllers) {
  std::istringstream list(controllers);
  for (std::string one; std::getline(list, one, ',');)
    if (one == "cpu") return true;
  return false;
}

}  // namespace

int processor_quota(const std::string& groups, const std::string& root) {
  int smallest = 0;
  const auto look = [&](const fs::path& group) {
    const int quota = quota_of_group(group);
    if (quota > 0 && (smallest == 0 || quota < smallest)) smallest = quota;
  };
  // "ID:CONTROLLERS:/PATH"; the second version has no controllers there.
  std::istringstream lines(groups);
  for (std::string line; std::getline(lines, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && !is_processor_list(controllers)) continue;
    const fs::path top = controllers.empty() ? fs::path(root) : fs::path(root) / controllers;
    // A group has no more than the groups it lies in. In a container the path may be one outside of it; then
    // the top is the container's own.
    for (fs::path at = fs::path(line.substr(second + 1)).relative_path();; at = at.parent_path()) {
      look(top / at);
      if (!controllers.empty()) look(fs::path(root) / "cpu" / at);
      if (at.empty()) break;
    }
  }
  return smallest;
}

int usable_processors() {
  int count = bound_processors();
  if (count <= 0) count = static_cast<int>(std::thread::hardware_concurrency());
  if (const auto groups = read_text("/proc/self/cgroup"))
    if (const int quota = processor_quota(*groups, "/sys/fs/cgroup"); quota > 0) count = std::min(count, quota);
  return std::max(1, count);
}

int threads_or_all(int asked) {
  return asked > 0 ? asked : usable_processors();
}

Result<std::jthread> start_thread(std::function<void(const std::stop_token&)> work) {
  return guarded("cannot start a thread", [&] {
    return std::jthread([work = std::move(work)](const std::stop_token& stop) { work(stop); });
  });
}

int startable_threads(int asked) {
  std::latch counted(1);
  std::vector<std::jthread> threads;
  while (static_cast<int>(threads.size()) + 1 < asked) {
    auto thread = start_thread([&counted](const std::stop_token&) { counted.wait(); });
    if (!thread) break;
    threads.push_back(std::move(*thread));
  }
  counted.count_down();
  return static_cast<int>(threads.size()) + 1;
}

std::string fewer_threads_text(int asked, int started) {
  return std::to_string(asked) + " threads were asked for, but the machine allows only " +
         std::to_string(started) + " (ulimit -u, or -v for their memory); the numbers do not depend on it";
}

}  // namespace vaco
