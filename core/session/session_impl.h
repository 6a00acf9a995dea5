// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/session/session_core.h"
#include "core/session/training_session.h"

namespace vaco {

/// Private to training_session.cpp and session_fork.cpp.
struct TrainingSession::Impl {
  Impl(RunConfig run_config, SessionOptions session_options, RunFolder run_folder)
      : config(std::move(run_config)),
        options(std::move(session_options)),
        parts(options.parts ? options.parts : std::make_shared<const SessionParts>()),
        folder(std::move(run_folder)) {}

  /// Finds all that can be found wrong before a run folder is made, and makes the configuration definite.
  /// Gives what the dataset says of itself.
  static Result<DatasetHead> settle(RunConfig& config, const SessionOptions& options);
  static Result<RunConfig> read_config(const std::filesystem::path& run_folder);
  /// What is left to do when the core thread could not start, or has thrown past all that it saves.
  void give_up(const Error& error) noexcept;

  RunConfig config;
  SessionOptions options;
  std::shared_ptr<const SessionParts> parts;
  RunFolder folder;  // belongs to the core thread while that runs; only its path is read by others
  std::optional<FoundCheckpoint> found;  // by resume(), for the first start
  SessionShared shared;
  std::mutex thread_mutex;  // start() and wait() only; never held by the core thread
  std::jthread thread;      // joined by wait() or the destructor
};

}  // namespace vaco
