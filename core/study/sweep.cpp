// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/sweep.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/files.h"
#include "core/base/threads.h"
#include "core/records/run_lock.h"
#include "core/study/cell_run.h"
#include "core/study/cell_words.h"
#include "core/study/sweep_eta.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr int kMostCrashes = 3;
constexpr std::chrono::milliseconds kPollEvery{30}, kLookEvery{500};

/// The label with the values that the plan's params gave: cells that share it cost the same.
std::string cost_label(const PlanCell& cell) {
  std::string label = cell.label;
  for (const auto& [key, value] : cell.grid) label += " " + key + "=" + value;
  return label;
}

class Sweep {
 public:
  Sweep(const Plan& plan, const SweepOptions& options, SweepListener& listener)
      : plan_(plan), options_(options), listener_(listener) {
    options_.jobs = threads_or_all(options_.jobs);
    for (const auto& cell : plan.cells) slots_.emplace_back(cell, options_.out / cell.name);
  }

  Result<void> prepare() {
    for (const char* part : {".", "logs"})
      if (auto made = make_folder(options_.out / part); !made) return made;
    auto lock = RunLock::take(options_.out);
    if (!lock && is_being_written(options_.out))
      return Error{ErrorCode::failed,
                   "another vaco sweep works in " + options_.out.string() + "; stop that one first"};
    if (!lock) return lock.error();
    lock_.emplace(std::move(*lock));
    for (auto& slot : slots_) {
      if (auto checked = check_cell_folder(slot.follower.folder(), slot.cell.config); !checked) return checked;
      slot.look = slot.follower.look();
      slot.open = slot.look.state != CellState::finished &&
                  (slot.look.state != CellState::failed || options_.retry_failed);
    }
    return write_json(options_.out / "plan.json", cells_to_json(plan_));
  }

  Result<SweepLook> run(const std::stop_token& stop) {
    listener_.looked(look());
    auto next_look = std::chrono::steady_clock::now() + kLookEvery;
    while (true) {
      if (stop.stop_requested() && !stopping_) {
        stopping_ = true;
        for (auto& slot : slots_)
          if (slot.child) slot.child->ask_to_stop();
      }
      for (auto& slot : slots_)
        if (slot.child)
          if (const auto code = slot.child->ended()) settle(slot, *code);
      if (!stopping_)
        if (auto started = start_some(); !started) return started.error();
      if (running() == 0 && (stopping_ || !has_open())) break;
      if (std::chrono::steady_clock::now() >= next_look) {
        listener_.looked(look());
        next_look = std::chrono::steady_clock::now() + kLookEvery;
      }
      std::this_thread::sleep_for(kPollEvery);
    }
    SweepLook end = look();
    end.stopped = end.count(CellState::finished) + end.count(CellState::failed) < end.cells.size();
    return end;
  }

 private:
  struct Slot {
    Slot(const PlanCell& its_cell, fs::path folder) : cell(its_cell), follower(std::move(folder)) {}
    const PlanCell& cell;
    CellFollower follower;
    CellLook look;
    std::unique_ptr<CellRun> child;
    bool open = false;  ///< is to be run, or runs
    int crashes = 0;
  };

  [[nodiscard]] int running() const {
    return static_cast<int>(
        std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.child != nullptr; }));
  }
  [[nodiscard]] bool has_open() const {
    return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.open; });
  }
  [[nodiscard]] fs::path log_of(const Slot& slot) const { return cell_log(options_.out, slot.cell.name); }

  /// What was begun first, so that little is left half done.
  Result<void> start_some() {
    for (const bool begun : {true, false})
      for (auto& slot : slots_) {
        if (running() >= options_.jobs) return {};
        if (!slot.open || slot.child || (slot.look.state != CellState::fresh) != begun) continue;
        if (auto started = start(slot); !started) return started;
      }
    return {};
  }

  Result<void> start(Slot& slot) {
    const fs::path& folder = slot.follower.folder();
    // Another process has it: perhaps one of a killed sweep, which is saving. It is looked at again.
    if (is_being_written(folder)) return {};
    if (auto checked = check_cell_folder(folder, slot.cell.config); !checked) return checked;
    slot.look = slot.follower.look();
    if (slot.look.state == CellState::finished) {
      slot.open = false;
      return {};
    }
    const bool fresh = slot.look.state == CellState::fresh;
    const CellStart how{.cell = slot.cell,
                        .fresh = fresh,
                        .out = options_.out,
                        .program = options_.program,
                        .nice = options_.nice};
    auto child = options_.together ? start_cell_thread(how) : start_cell_process(how);
    if (!child && options_.together) {  // as a process that ends at once
      slot.look.message = child.error().message;
      slot.look.state = CellState::failed;
      slot.open = false;
      listener_.happened(slot.cell, "failed", slot.look);
      return {};
    }
    if (!child) return child.error();
    slot.child = std::move(*child);
    listener_.happened(slot.cell, fresh ? "started" : "resumed", slot.look);
    return {};
  }

  /// A child has ended: what became of its cell?
  void settle(Slot& slot, int code) {
    slot.child.reset();
    slot.look = slot.follower.look();
    std::string what = "stopped";  // by us, or by someone who has sent it a signal: it goes on at the next call
    if (slot.look.state == CellState::finished) {
      what = "finished";
      slot.open = false;
    } else if (slot.look.state == CellState::failed || (code >= 0 && code != 130)) {
      what = "failed";
      if (slot.look.state != CellState::failed) slot.look.message = last_line(log_of(slot));
      if (slot.look.message.empty())
        slot.look.message = "its process ended with exit code " + std::to_string(code);
      slot.look.state = CellState::failed;
      slot.open = false;
    } else if (code < 0 && code != -SIGTERM && !stopping_) {
      ++slot.crashes;
      slot.look.message =
          "its process was ended by signal " + std::to_string(-code) + "; see " + log_of(slot).string();
      what = slot.crashes < kMostCrashes ? "crashed" : "failed";
      slot.open = slot.crashes < kMostCrashes;
      if (!slot.open) slot.look.state = CellState::failed;
    } else {
      slot.open = false;
    }
    listener_.happened(slot.cell, what, slot.look);
  }

  SweepLook look() {
    SweepLook now;
    std::vector<CellCost> costs;
    for (auto& slot : slots_) {
      if (slot.open) slot.look = slot.follower.look();
      now.cells.push_back(slot.look);
      costs.push_back({cost_label(slot.cell), slot.cell.dataset, slot.look.fraction(), slot.look.seconds,
                       slot.look.state == CellState::failed && !slot.open, slot.child != nullptr});
    }
    now.eta_seconds = sweep_eta(costs, options_.jobs);
    return now;
  }

  const Plan& plan_;
  SweepOptions options_;
  SweepListener& listener_;
  std::optional<RunLock> lock_;
  std::vector<Slot> slots_;
  bool stopping_ = false;
};

}  // namespace

size_t SweepLook::count(CellState state) const {
  return static_cast<size_t>(
      std::count_if(cells.begin(), cells.end(), [&](const CellLook& cell) { return cell.state == state; }));
}

Result<SweepLook> run_sweep(const Plan& plan, const SweepOptions& options, SweepListener& listener,
                            const std::stop_token& stop) {
  SweepOptions absolute = options;
  auto out = absolute_path(options.out);
  if (!out) return out.error();
  absolute.out = std::move(*out);
  Sweep sweep(plan, absolute, listener);
  if (auto prepared = sweep.prepare(); !prepared) return prepared.error();
  return sweep.run(stop);
}

}  // namespace vaco
