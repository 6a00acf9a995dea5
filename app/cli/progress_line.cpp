// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "app/cli/console.h"

namespace vaco::cli {
namespace {

constexpr std::chrono::milliseconds kQuietBefore{1000}, kRedrawEvery{100};
constexpr std::chrono::seconds kLineEvery{10};

}  // namespace

ProgressLine::ProgressLine(bool quiet) : ProgressLine(quiet, {stderr, ::isatty(STDERR_FILENO) == 1}) {}

ProgressLine::ProgressLine(bool quiet, Place place)
    : quiet_(quiet), place_(std::move(place)), begin_(place_.now()), last_line_(begin_) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fprintf(place_.stream, "\r\033[K");
}

void ProgressLine::show(double fraction, std::string_view doing) {
  if (stop_was_asked()) stop_.request_stop();
  const auto now = place_.now();
  if (fraction < last_fraction_) begin_ = now;
  last_fraction_ = fraction;
  const auto spent = now - begin_;
  if (quiet_ || spent < kQuietBefore ||
      now - last_line_ < (place_.terminal ? Clock::duration(kRedrawEvery) : kLineEvery))
    return;
  last_line_ = now;
  const double left =
      fraction > 0.0 ? std::chrono::duration<double>(spent).count() * (1.0 - fraction) / fraction : -1.0;
  std::fprintf(place_.stream, place_.terminal ? "\r\033[K%.*s %3.0f %%, %s left" : "%.*s %3.0f %%, %s left\n",
               static_cast<int>(doing.size()), doing.data(), 100.0 * fraction, clock_text(left).c_str());
  drawn_ = place_.terminal;
  std::fflush(place_.stream);
}

}  // namespace vaco::cli
