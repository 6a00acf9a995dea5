// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>

#include "app/cli/draw_events.h"

#include "core/base/shell_word.h"
#include "core/learn/algorithm.h"

namespace vaco::cli {
namespace {

std::atomic<bool> stop_asked = false;
std::atomic<bool> impatient = false;

/// A person's, and a batch system's last.
void on_stop(int) {
  // Nothing is saved then, and 130 would say so.
  if (impatient.exchange(true)) ::_exit(exit_code(ErrorCode::failed));
  stop_asked = true;
}

/// What announces an end, and may come more than once: a terminal that is closed, a batch system before it
/// sends TERM, a limit on time.
void on_announcement(int) {
  stop_asked = true;
}

/// A signal that the process was told to ignore (nohup) stays ignored.
void catch_announcement(int signal) {
  struct sigaction action {};
  if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) return;
  action = {};
  action.sa_handler = on_announcement;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

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

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_stop;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU}) catch_announcement(signal);
  // A full disk or a closed pipe shall be an error that is told, not the end of the process.
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
}

bool stop_was_asked() {
  return stop_asked.load();
}

std::vector<std::string> process_arguments() {
  std::vector<std::string> words;
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_sets(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& text : texts) {
    const size_t at = text.find('=');
    if (at == std::string::npos || at == 0)
      return Error{ErrorCode::usage, "--set takes KEY=VALUE, not '" + text + "'"};
    pairs.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  return pairs;
}

int report_error(const std::string& command, const Error& error) {
  std::fprintf(stderr, "vaco %s: %s\n", command.c_str(), error.message.c_str());
  return exit_code(error.code);
}

void print_warnings(const std::vector<std::string>& messages) {
  for (const auto& message : messages) std::fprintf(stderr, "warning: %s\n", message.c_str());
}

std::string clock_text(double seconds) {
  if (!(seconds >= 0.0)) return "–";
  const auto whole = static_cast<long long>(seconds + 0.5);
  char text[40];
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  return text;
}

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

std::function<void(const Event&)> draw_events(bool quiet) {
  const std::shared_ptr<Console> console(new Console(quiet), [](Console* drawn) {
    drawn->clear();
    delete drawn;
  });
  return [console](const Event& event) { std::visit(*console, event); };
}

std::string algorithm_keys() {
  std::string keys;
  for (const auto& info : algorithms()) keys += (keys.empty() ? "" : ", ") + info.key;
  return keys;
}

std::string number_text(const Json& value, const char* format) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) return "–";
  char text[400];  // the largest double has 309 digits before the point
  std::snprintf(text, sizeof text, format, value.get<double>());
  return text;
}

std::string with_spread(const Json& value, const Json& spread, int digits) {
  const std::string format = "%." + std::to_string(digits) + "f";
  const std::string middle = number_text(value, format.c_str()), around = number_text(spread, format.c_str());
  return middle == "–" || around == "–" ? middle : middle + " ± " + around;
}

std::string score_text(const Json& result, const std::string& value, const std::string& spread,
                       const std::string& which) {
  if (!result.contains(value)) return "–";
  return with_spread(result[value][which], result[spread][which]);
}

void print_next(const std::string& command) {
  std::printf("\nnext: %s\n", command.c_str());
}

void print_result(const Json& result) {
  const auto show = [](const char* label, const std::string& text) {
    std::printf("%-24s %s\n", label, text.c_str());
  };
  const auto field = [&](const char* key) { return result.contains(key) ? result[key] : Json(nullptr); };
  show("run", field("run").get<std::string>());
  show("status", field("status").get<std::string>());
  for (const char* which : {"last", "best"}) {
    const std::string label = std::string("normalized score, ") + which;
    show(label.c_str(), score_text(result, "normalized_score", "normalized_std", which));
    show((std::string("return, ") + which).c_str(), score_text(result, "return", "return_std", which));
  }
  if (field("physics").is_string() && field("simulator").is_string())
    show("evaluated in",
         field("physics").get<std::string>() + " physics, " + field("simulator").get<std::string>());
  show("Pearson r (w, return)", number_text(field("pearson_r"), "%.3f"));
  show("Spearman rho", number_text(field("spearman_rho"), "%.3f"));
  show("effective sample size", number_text(field("ess"), "%.3f"));
  show("steps per second", number_text(field("steps_per_second"), "%.0f"));
  show("wall time", clock_text(field("wall_time_s").is_number() ? field("wall_time_s").get<double>() : -1.0));
  const std::string run = shell_word(field("run").get<std::string>());
  print_next(field("status") == "finished" ? "vaco export " + run + " --figures figures"
                                           : "vaco resume " + run);
}

}  // namespace vaco::cli
