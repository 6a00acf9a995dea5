// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/phase_fit.h"

#include "core/records/progress_meter.h"

namespace vaco {
namespace {

/// Two rows that stand in for a dataset: phases follow from parameters alone.
TrainingData two_rows() {
  TrainingData data;
  data.rows = 2;
  data.obs_dim = data.action_dim = 1;
  data.observations = data.actions = data.rewards = data.next_observations = {0.0F, 0.5F};
  data.masks = {1.0F, 1.0F};
  data.trajectory_first = {0};
  data.trajectory_length = {2};
  data.trajectory_return = {0.5F};
  data.observation_mean = {0.0F};
  data.observation_scale = {1.0F};
  data.action_low = {-1.0F};
  data.action_high = {1.0F};
  return data;
}

}  // namespace

Result<std::vector<PhaseInfo>> phases_of(const SessionParts& parts, const RunConfig& config) {
  const TrainingData data = two_rows();
  auto params = config.param_set();
  for (const char* size : {"hidden_width", "batch_size"})
    if (params.contains(size)) params.set(size, int64_t{2});  // nothing large for a question
  const auto algorithm = parts.make(config.algorithm, params, data, config.seed,
                                    {.device = "cpu", .precision = "float32", .threads = 1});
  if (!algorithm) return algorithm.error();
  return (*algorithm)->phases();
}

Result<void> check_steps_are_left(const Checkpoint& checkpoint, const std::vector<PhaseInfo>& phases) {
  if (checkpoint.step < ProgressMeter(phases, 0).total()) return {};
  return Error{ErrorCode::usage, "there is nothing left to train: the checkpoint is at step " +
                                     std::to_string(checkpoint.step) +
                                     ", the end of the last phase; give that more steps, or take an earlier "
                                     "checkpoint"};
}

Result<void> check_phases(const Checkpoint& checkpoint, const std::vector<PhaseInfo>& phases) {
  int64_t start = 0;
  bool fits = false;
  for (const auto& phase : phases) {
    const int64_t end = start + phase.steps;
    // At its very end too: a run that was finished is still in its last phase.
    if (phase.key == checkpoint.phase && start == checkpoint.phase_start) fits = checkpoint.step <= end;
    // Where its phase was about to begin, another may.
    if (start == checkpoint.step && checkpoint.phase_start == checkpoint.step) fits = true;
    start = end;
  }
  if (checkpoint.step > start)
    return Error{ErrorCode::usage, "the checkpoint is at step " + std::to_string(checkpoint.step) +
                                       ", but the phases now end at step " + std::to_string(start)};
  if (fits) return {};
  return Error{ErrorCode::usage,
               "the checkpoint at step " + std::to_string(checkpoint.step) + " is in phase " +
                   checkpoint.phase +
                   "; the steps of phases that are over cannot be changed, only those of this and "
                   "later ones"};
}

}  // namespace vaco
