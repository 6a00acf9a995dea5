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

#include "core/base/process_setup.h"
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

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void handle(int signal) {
  struct sigaction action {};
  const bool asked_by_a_person = signal == SIGINT || signal == SIGTERM;
  // An announcement that the process was told to ignore (nohup) stays ignored.
  if (!asked_by_a_person && is_ignored(signal)) return;
  action.sa_handler = asked_by_a_person ? on_stop : on_announcement;
  action.sa_flags = asked_by_a_person ? 0 : SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void catch_signals() {
  for (const int signal : kStopSignals) handle(signal);
  // A full disk or a closed pipe shall be an error that is told, not the end of the process.
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  let_stop_signals_through();
}

void end_on_signals() {
  for (const int signal : kStopSignals)
    if (!is_ignored(signal)) ::signal(signal, SIG_DFL);
  ::signal(SIGPIPE, SIG_DFL);
  if (stop_was_asked()) ::_exit(exit_code(ErrorCode::stopped));
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
