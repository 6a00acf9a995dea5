// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

namespace vaco::cli {

/// The progress of one piece of work on stderr: what is done, how far it is and the time left. On a terminal a
/// line that is drawn over and wiped at the end, elsewhere a line now and then; nothing in the first second.
/// A caught signal (see catch_signals) asks the work to stop. One thread.
class ProgressLine {
 public:
  /// quiet draws nothing.
  explicit ProgressLine(bool quiet = false);
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
  using Clock = std::chrono::steady_clock;
  bool quiet_, terminal_, drawn_ = false;
  double last_fraction_ = 0.0;
  Clock::time_point begin_ = Clock::now(), last_line_ = begin_;
  std::stop_source stop_;
};

}  // namespace vaco::cli
