// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/action_unit.h"
#include "core/base/rng.h"
#include "core/learn/algorithm.h"
#include "core/learn/online_learner.h"
#include "core/records/run_config.h"
#include "core/sim/collector.h"

namespace vaco {

/// Learning by acting, as an Algorithm: each step acts once in the environment, keeps the transition, and, once
/// the random steps are over, learns from a batch of all that was kept. Its state holds every transition. A
/// state may lie within an episode: the episode is then done again from its start, by the actions that are
/// kept, so that no state of a simulator is saved.
class OnlineAlgorithm final : public Algorithm {
 public:
  /// At step 0. may_cut_episode: load() ends an episode that the environment does not repeat, as a time limit
  /// would, instead of refusing the state. Errors: an environment or a device that is not there.
  static Result<std::unique_ptr<OnlineAlgorithm>> make(const RunConfig& config, const ComputeOptions& options,
                                                       bool may_cut_episode = false);

  [[nodiscard]] std::vector<PhaseInfo> phases() const override;
  [[nodiscard]] int64_t step() const override { return rows_.rows; }
  void update() override;
  /// The learner's, and the return of the last episode that is over.
  std::vector<MetricValue> take_metrics() override;
  std::optional<std::vector<float>> row_weights() override { return std::nullopt; }
  [[nodiscard]] bool has_policy() const override { return learner_->updates() > 0; }
  /// Its actions are in units of their bounds.
  [[nodiscard]] PolicySnapshot policy() const override;
  [[nodiscard]] StateDict save() const override;
  Result<void> load(const StateDict& state) override;

  /// Everything so far.
  [[nodiscard]] const CollectedRows& rows() const { return rows_; }

 private:
  OnlineAlgorithm(const RunConfig& config, std::unique_ptr<Environment> environment, ActionUnit unit,
                  std::unique_ptr<OnlineLearner> learner, bool may_cut_episode);
  [[nodiscard]] bool acts_at_random() const { return rows_.rows < exploration_.random_steps; }
  void begin_episode();
  void choose_action();
  void keep_for_learning(const Transition& transition);
  /// Does the episode that the rows from first on belong to again; false where it comes out otherwise.
  bool take_up_episode(size_t first);

  const uint64_t seed_;
  const int64_t steps_;
  const ExplorationParams exploration_;
  const bool may_cut_episode_;
  std::unique_ptr<Environment> environment_;
  ActionUnit unit_;
  std::unique_ptr<OnlineLearner> learner_;
  CollectedRows rows_;
  int64_t episodes_ = 0;  ///< begun, with the one that goes on
  bool in_episode_ = false;
  Rng noise_;  ///< of this episode's actions
  double return_so_far_ = 0.0;
  double last_return_ = 0.0;  ///< of the last episode that is over
  std::vector<float> observation_, next_, action_, in_units_;
};

}  // namespace vaco
