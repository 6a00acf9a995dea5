// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/session_console.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <variant>

#include "app/cli/console.h"
#include "core/session/training_session.h"

namespace vaco::cli {
namespace {

/// Draws on stderr what a session tells.
class Console {
 public:
  explicit Console(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

  void operator()(const StateChanged& event) {
    if (event.state == RunState::failed) return;  // Failed says more
    if (!event.message.empty()) line(to_text(event.state) + ": " + event.message);
  }
  void operator()(const Progress& event) {
    if (quiet_) return;
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_) {
      if (now - last_line_ < std::chrono::seconds(10)) return;
      last_line_ = now;
    }
    const double share = event.phase_steps > 0
                             ? static_cast<double>(event.phase_step) / static_cast<double>(event.phase_steps)
                             : 0.0;
    char text[256];
    if (event.total_steps == 0)
      std::snprintf(text, sizeof text, "%s %3.0f %%", event.phase_label.c_str(), 100.0 * share);
    else
      std::snprintf(text, sizeof text, "%s %d/%d %s %lld/%lld  %.0f steps/s  phase %s  total %s left",
                    event.phase_label.c_str(), event.phase_index + 1, event.phase_count,
                    terminal_ ? bar(share).c_str() : "", static_cast<long long>(event.phase_step),
                    static_cast<long long>(event.phase_steps), event.steps_per_second,
                    clock_text(event.phase_eta_seconds).c_str(), clock_text(event.eta_seconds).c_str());
    if (terminal_) {
      std::fprintf(stderr, "\r\033[K%s", text);
      drawn_ = true;
    } else {
      std::fprintf(stderr, "%s\n", text);
    }
    std::fflush(stderr);
  }
  void operator()(const Metrics&) {}
  void operator()(const EvaluationDone& event) {
    const auto& r = event.result;
    const auto spread = [&](double value) { return r.has_spread() ? Json(value) : Json(nullptr); };
    std::string text = "step " + std::to_string(r.step) + ": return " +
                       with_spread(r.mean_return, spread(r.std_return)) + " over " +
                       std::to_string(r.returns.size()) + (r.has_spread() ? " episodes" : " episode");
    if (r.has_reference) text += ", normalized " + with_spread(r.normalized_mean, spread(r.normalized_std));
    line(text);
  }
  void operator()(const WeightReport& event) {
    line("step " + std::to_string(event.step) + ": weights: r with return " + to_text(event.pearson, 3) +
         ", ESS " + number_text(100.0 * event.ess, "%.1f") + " %, mean " +
         number_text(event.mean_weight, "%.3f"));
  }
  void operator()(const CheckpointSaved&) {}
  void operator()(const Alarm& event) { always("warning: " + event.message); }
  void operator()(const Failed& event) {
    failure = event.error;
    always("error: " + event.error.message);
  }
  void clear() {
    if (drawn_) std::fprintf(stderr, "\r\033[K");
    drawn_ = false;
  }

  std::optional<Error> failure;

 private:
  void always(const std::string& text) {
    clear();
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  void line(const std::string& text) {
    if (!quiet_) always(text);
  }
  static std::string bar(double share) {
    constexpr int kWidth = 24;
    const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
    return "[" + std::string(static_cast<size_t>(full), '=') +
           std::string(static_cast<size_t>(kWidth - full), ' ') + "]";
  }

  bool quiet_, terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_line_ = std::chrono::steady_clock::now();
};

}  // namespace

Outcome run_session(TrainingSession& session, bool quiet) {
  Console console(quiet);
  const auto drain = [&] {
    for (const auto& event : session.take_events()) std::visit(console, event);
  };
  if (!quiet) std::fprintf(stderr, "run folder: %s\n", session.folder().c_str());
  session.start();
  bool stopping = false;
  const auto over = [&] {
    const RunState state = session.state();
    return state == RunState::finished || state == RunState::failed || state == RunState::idle;
  };
  while (!over()) {
    session.wait_for_events(0.1);
    drain();
    if (stop_was_asked() && !stopping) {
      stopping = true;
      console.clear();
      std::fprintf(stderr, "stopping after saving; once more to end at once\n");
      session.stop();
    }
  }
  session.wait();
  drain();
  console.clear();
  Outcome outcome;
  outcome.result = {{"run", session.folder().string()}, {"status", to_text(session.state())}};
  if (session.state() == RunState::idle) outcome.result["status"] = "stopped";
  if (const auto result = session.result())
    for (const auto& [key, value] : result->items()) outcome.result[key] = value;
  if (console.failure)
    outcome.exit_code = exit_code(console.failure->code);
  else if (session.state() == RunState::idle)
    outcome.exit_code = 130;
  if (outcome.exit_code == 130 && !quiet)
    std::fprintf(stderr, "vaco resume %s goes on from there\n", session.folder().c_str());
  return outcome;
}

}  // namespace vaco::cli
