// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include "core/base/result.h"

namespace vaco {

/// How many processors this process may use, at least 1: those it is bound to (taskset, a batch system), and no
/// more than its group's quota of processor time allows (containers).
int usable_processors();
/// So many threads, or where none or a negative number is asked for, one for each usable processor.
int threads_or_all(int asked);

/// The quota in processors, rounded up, of a process: the smallest of all groups it is in, 0 where there is
/// none. groups: its /proc/PID/cgroup; root: where the groups' files are, as /sys/fs/cgroup (both versions).
int processor_quota(const std::string& groups, const std::string& root);

/// Starts a thread; an error where the machine gives none more. What work throws ends the program: it is
/// guarded by whoever gives it (see guard.h).
Result<std::jthread> start_thread(std::function<void(const std::stop_token&)> work);
/// So many threads at most as the machine lets run at once, counting the caller; at least 1. Starts them to
/// find out, and ends them again.
int startable_threads(int asked);
/// "8 threads were asked for, but the machine allows only 3 (ulimit -u); the numbers do not depend on it".
std::string fewer_threads_text(int asked, int started);

}  // namespace vaco
