// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <unistd.h>

#include <cstdio>

#include "app/cli/console.h"

namespace vaco::cli {
namespace {

constexpr std::chrono::milliseconds kQuietBefore{1000}, kRedrawEvery{100};
constexpr std::chrono::seconds kLineEvery{10};

}  // namespace

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fprintf(stderr, "\r\033[K");
}

void ProgressLine::show(double fraction, std::string_view doing) {
  if (stop_was_asked()) stop_.request_stop();
  const auto now = Clock::now();
  if (fraction < last_fraction_) begin_ = now;
  last_fraction_ = fraction;
  const auto spent = now - begin_;
  if (quiet_ || spent < kQuietBefore ||
      now - last_line_ < (terminal_ ? Clock::duration(kRedrawEvery) : kLineEvery))
    return;
  last_line_ = now;
  const double left =
      fraction > 0.0 ? std::chrono::duration<double>(spent).count() * (1.0 - fraction) / fraction : -1.0;
  std::fprintf(stderr, terminal_ ? "\r\033[K%.*s %3.0f %%, %s left" : "%.*s %3.0f %%, %s left\n",
               static_cast<int>(doing.size()), doing.data(), 100.0 * fraction, clock_text(left).c_str());
  drawn_ = terminal_;
  std::fflush(stderr);
}

}  // namespace vaco::cli
