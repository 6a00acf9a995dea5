// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/records/run_config.h"
#include "core/session/session_parts.h"
#include "core/session/training_session.h"

namespace vaco::testing {

/// What a fake run does; the numbers are spent by a deterministic generator that the state carries along.
struct FakeOptions {
  int64_t first_steps = 200;      ///< phase "value", no policy
  int64_t second_steps = 300;     ///< phase "cloning"
  int64_t third_steps = 0;        ///< phase "polishing"; none if 0
  int64_t nan_at = -1;            ///< a metric becomes NaN at this step
  int64_t throw_at = -1;          ///< update() throws at this step
  int microseconds_per_step = 0;  ///< so that a kill can hit
  int evaluation_milliseconds = 0;
  size_t ballast = 0;     ///< extra numbers in the state, to make checkpoints large
  std::string physics{};  ///< of the dataset
  std::vector<Finding> findings{};
  std::function<void()> on_update{};    ///< called at the start of every update
  std::string* evaluated_in = nullptr;  ///< gets the physics of the last evaluation
};

/// A small hopper-shaped dataset, an algorithm whose every number depends on all random draws so far, and an
/// evaluator that reads the policy: enough to tell whether two runs did exactly the same.
std::shared_ptr<const SessionParts> fake_parts(const FakeOptions& options = {});

/// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A configuration of algorithm "bc" with short intervals, its dataset a file inside the folder.
RunConfig fake_config(const std::filesystem::path& folder);
/// Runs a session to its end.
RunState run_to_end(TrainingSession& session);
/// The lines of a file without the wall-clock keys (those that contain "time" or "per_second").
std::string timeless(const std::filesystem::path& file);
std::string slurp(const std::filesystem::path& file);

}  // namespace vaco::testing
