// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sweep_console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "app/cli/console.h"

namespace vaco::cli {
namespace {

constexpr std::chrono::seconds kLineEvery{60};

class Listener : public SweepListener {
 public:
  Listener(const Plan& plan, std::stop_source& stop, bool quiet)
      : plan_(plan), stop_(stop), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

  void happened(const PlanCell& cell, const std::string& what, const CellLook& look) override {
    std::string text = cell.name + " " + what;
    if (what == "finished") {
      ++finished_;
      const auto score = score_text(look.result, "normalized_score", "normalized_std", "last");
      text += " in " + clock_text(look.seconds) + (score == "–" ? "" : ", score " + score);
    } else if (what == "failed" || what == "crashed") {
      text += ": " + look.message + (what == "crashed" ? "; going on from its last checkpoint" : "");
    } else if (quiet_) {
      return;
    } else if (what == "stopped" || what == "resumed") {
      text += " at step " + std::to_string(look.step);
    }
    if (quiet_ && what == "finished") return;
    line("[" + std::to_string(finished_) + "/" + std::to_string(plan_.cells.size()) + "] " + text);
  }

  void looked(const SweepLook& look) override {
    if (stop_was_asked() && !stop_.stop_requested()) {
      line("stopping after saving; once more to end at once");
      stop_.request_stop();
    }
    if (!started_) finished_ = look.count(CellState::finished);
    started_ = true;
    if (quiet_) return;
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_) {
      if (now - last_line_ < kLineEvery) return;
      last_line_ = now;
      std::fprintf(stderr, "%s\n", status_line(look).c_str());
      return;
    }
    struct winsize size {};
    const size_t width = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
    std::fprintf(stderr, "\r\033[K%s", status_line(look).substr(0, width - 1).c_str());
    std::fflush(stderr);
    drawn_ = true;
  }

  void clear() {
    if (drawn_) std::fprintf(stderr, "\r\033[K");
    drawn_ = false;
  }

 private:
  void line(const std::string& text) {
    clear();
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  [[nodiscard]] std::string status_line(const SweepLook& look) const {
    std::string text = std::to_string(look.count(CellState::finished)) + "/" +
                       std::to_string(look.cells.size()) + " runs, " + clock_text(look.eta_seconds) + " left";
    if (const size_t failed = look.count(CellState::failed)) text += ", " + std::to_string(failed) + " failed";
    for (size_t i = 0; i < look.cells.size(); ++i) {
      const CellLook& cell = look.cells[i];
      if (cell.state != CellState::running) continue;
      char part[120];
      std::snprintf(part, sizeof part, " %.0f %% (%s, %.0f steps/s)", 100.0 * cell.fraction(),
                    cell.phase.empty() ? "starting" : cell.phase.c_str(), cell.steps_per_second);
      text += " | " + plan_.cells[i].name + part;
    }
    return text;
  }

  const Plan& plan_;
  std::stop_source& stop_;
  bool quiet_, terminal_, drawn_ = false;
  bool started_ = false;
  size_t finished_ = 0;
  std::chrono::steady_clock::time_point last_line_ = std::chrono::steady_clock::now();
};

}  // namespace

std::string status_of(CellState state) {
  switch (state) {
    case CellState::fresh:
      return "waiting";
    case CellState::interrupted:
      return "stopped";
    case CellState::running:
      return "running";
    case CellState::finished:
      return "finished";
    case CellState::failed:
      break;
  }
  return "failed";
}

Result<SweepLook> run_sweep_on_console(const Plan& plan, const SweepOptions& options, bool quiet) {
  std::stop_source stop;
  Listener listener(plan, stop, quiet);
  auto end = run_sweep(plan, options, listener, stop.get_token());
  listener.clear();
  return end;
}

Json sweep_to_json(const Plan& plan, const SweepLook& look, const std::filesystem::path& out) {
  Json json = cells_to_json(plan);
  for (size_t i = 0; i < look.cells.size(); ++i) {
    Json& cell = json["cells"][i];
    cell["status"] = status_of(look.cells[i].state);
    cell["run"] = (out / plan.cells[i].name).string();
    if (look.cells[i].state == CellState::failed) cell["message"] = look.cells[i].message;
    cell["result"] = look.cells[i].result;
  }
  Json all{{"out", out.string()},
           {"finished", look.count(CellState::finished)},
           {"failed", look.count(CellState::failed)}};
  all["cells"] = json["cells"];
  return all;
}

int sweep_exit_code(const SweepLook& look) {
  if (look.stopped) return 130;
  return look.count(CellState::failed) > 0 ? 1 : 0;
}

}  // namespace vaco::cli
