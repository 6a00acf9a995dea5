// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

namespace vaco::cli {

/// The progress of one piece of work on stderr: what is done, how far it is and the time left. On a terminal a
/// line that is drawn over and wiped at the end, elsewhere a line now and then; nothing in the first second.
/// A caught signal (see catch_signals) asks the work to stop. One thread.
class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;
  /// Where it is drawn, and by what time.
  struct Place {
    std::FILE* stream;
    bool terminal;
    std::function<Clock::time_point()> now = Clock::now;
  };

  /// quiet draws nothing.
  explicit ProgressLine(bool quiet = false);
  ProgressLine(bool quiet, Place place);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// fraction of the work, 0 to 1; a lower one than before begins another piece of work.
  void show(double fraction, std::string_view doing);
  /// A ProgressFn, valid as long as this object.
  [[nodiscard]] auto teller() {
    return [this](double fraction, std::string_view doing) { show(fraction, doing); };
  }
  [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  bool quiet_;
  Place place_;
  bool drawn_ = false;
  double last_fraction_ = 0.0;
  Clock::time_point begin_, last_line_;
  std::stop_source stop_;
};

}  // namespace vaco::cli
