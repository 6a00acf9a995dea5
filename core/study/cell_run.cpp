// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/cell_run.h"

#include <fstream>
#include <utility>
#include <variant>

#include "core/session/training_session.h"
#include "core/study/cell_words.h"
#include "core/study/child_process.h"

namespace vaco {
namespace {

std::vector<std::string> words_of(const CellStart& start) {
  return start.fresh ? train_words(start.program, start.cell, start.out, start.nice)
                     : resume_words(start.program, start.out / start.cell.name, start.nice);
}

class CellProcess final : public CellRun {
 public:
  explicit CellProcess(ChildProcess child) : child_(std::move(child)) {}
  std::optional<int> ended() override { return child_.ended(); }
  void ask_to_stop() override { child_.ask_to_stop(); }

 private:
  ChildProcess child_;
};

class CellThread final : public CellRun {
 public:
  CellThread(std::unique_ptr<TrainingSession> session, const std::filesystem::path& log)
      : session_(std::move(session)), log_(log, std::ios::app) {
    session_->start();
  }
  std::optional<int> ended() override {
    const RunState state = session_->state();
    note_events();
    if (state != RunState::finished && state != RunState::failed && state != RunState::idle) return {};
    session_->wait();
    note_events();
    return state == RunState::finished ? 0 : state == RunState::failed ? 1 : 130;
  }
  void ask_to_stop() override { session_->stop(); }

 private:
  void note_events() {
    for (const auto& event : session_->take_events()) {
      if (const auto* alarm = std::get_if<Alarm>(&event)) log_ << "warning: " << alarm->message << std::endl;
      if (const auto* failed = std::get_if<Failed>(&event))
        log_ << "error: " << failed->error.message << std::endl;
    }
  }

  std::unique_ptr<TrainingSession> session_;
  std::ofstream log_;
};

}  // namespace

Result<std::unique_ptr<CellRun>> start_cell_process(const CellStart& start) {
  auto child = ChildProcess::start(words_of(start), cell_log(start.out, start.cell.name));
  if (!child) return child.error();
  return std::unique_ptr<CellRun>(std::make_unique<CellProcess>(std::move(*child)));
}

Result<std::unique_ptr<CellRun>> start_cell_thread(const CellStart& start) {
  SessionOptions options;
  options.out = start.out;
  options.folder_name = start.cell.name;
  options.nice = start.nice;
  options.command_line = words_of(start);
  auto session = start.fresh ? TrainingSession::create(start.cell.config, options)
                             : TrainingSession::resume(start.out / start.cell.name, options);
  if (!session) return session.error();
  return std::unique_ptr<CellRun>(
      std::make_unique<CellThread>(std::move(*session), cell_log(start.out, start.cell.name)));
}

}  // namespace vaco
