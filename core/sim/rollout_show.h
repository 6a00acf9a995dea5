// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/sim/environment.h"
#include "core/sim/recording.h"
#include "core/sim/rollout_player.h"

namespace vaco {

/// One episode after another in simulated time, for watching; or the states of a recording. Episode i uses
/// Rng(0, i).
class RolloutShow {
 public:
  explicit RolloutShow(Environment& env);

  /// The policy from the next step on; null, or one of another shape, lets the model rest. Returns what does
  /// not fit.
  std::string set_policy(std::shared_ptr<const PolicySnapshot> policy);
  /// Shows these states instead of a policy's doings, over and over; null goes back to the policy. Returns what
  /// does not fit; the policy then acts on.
  std::string set_recording(std::shared_ptr<const Recording> recording);
  /// Whether anything moves.
  [[nodiscard]] bool can_act() const { return recording_ || actor_.has_value(); }
  void restart();
  /// One environment step; after the end of an episode the first one of the next.
  void step();
  /// Goes to a row of the recording (the nearest there is); nothing without one.
  void seek(int64_t row);
  /// Lets time pass: steps while simulated time is owed, and holds an ended episode for a moment.
  void advance(double wall_seconds, double speed);
  /// Fills in all but the picture.
  void describe(RolloutFrame& frame) const;

 private:
  Environment& env_;
  void show_row();

  std::shared_ptr<const PolicySnapshot> policy_;
  std::shared_ptr<const Recording> recording_;
  std::optional<PolicyActor> actor_;
  std::vector<float> observation_, action_;
  int episode_ = -1, time_step_ = 0;
  double total_ = 0.0, reward_ = 0.0;
  bool falling_ = false, over_ = false;
  double owed_ = 0.0;  // seconds of simulated time
  double hold_ = 0.0;  // seconds of wall time until the next episode
};

}  // namespace vaco
