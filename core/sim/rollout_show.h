// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/value_snapshot.h"
#include "core/sim/environment.h"
#include "core/sim/recording.h"
#include "core/sim/rollout_player.h"

namespace vaco {

/// One episode after another in simulated time, for watching; or the states of a recording. Episode i uses
/// Rng(0, i). What has been seen of an episode can be gone through again; at its end the policy acts on.
class RolloutShow {
 public:
  explicit RolloutShow(Environment& env);

  /// The policy from the next step on; null, or one of another shape, lets the model rest. Returns what does
  /// not fit.
  std::string set_policy(std::shared_ptr<const PolicySnapshot> policy);
  /// Critics to ask about what is shown; null, or those of another shape: none.
  void set_values(std::shared_ptr<const ValueSnapshot> values);
  /// Shows these states instead of a policy's doings, over and over; null goes back to the policy. Returns what
  /// does not fit; the policy then acts on.
  std::string set_recording(std::shared_ptr<const Recording> recording);
  /// Whether anything moves.
  [[nodiscard]] bool can_act() const { return recording_ || actor_.has_value(); }
  void restart();
  /// One environment step; after the end of an episode the first one of the next.
  void step();
  void step_back();
  /// Goes to a row of the recording, or of what has been seen of the policy's episode: the nearest there is.
  void seek(int64_t row);
  /// Without it an episode that has ended stays as it is.
  void set_loop(bool loop) { loop_ = loop; }
  /// Whether it stays so until something is asked for.
  [[nodiscard]] bool waits() const { return over_ && !loop_; }
  /// The last kMostRolled episodes of policies, the newest last; those that were left half way, too.
  [[nodiscard]] const std::deque<std::shared_ptr<const Recording>>& rolled() const { return rolled_; }
  [[nodiscard]] int64_t rolled_ever() const { return rolled_ever_; }
  static constexpr size_t kMostRolled = 20;
  /// Lets time pass: steps while simulated time is owed, and holds an ended episode for a moment.
  void advance(double wall_seconds, double speed);
  /// Fills in all but the picture.
  void describe(RolloutFrame& frame);

 private:
  Environment& env_;
  [[nodiscard]] const Recording& seen() const { return recording_ ? *recording_ : live_; }
  [[nodiscard]] int64_t last_row() const { return seen().states() - 1; }
  void show_row();
  void step_seen();
  void act();
  void begin_live();
  void add_state();
  /// Q(s, a) of the state in sight and the action that follows it; NaN where one of them is not known.
  double next_value();
  /// Keeps the policy's episode, once.
  void file_live(RolledEnd end);

  std::shared_ptr<const PolicySnapshot> policy_;
  std::shared_ptr<const Recording> recording_;
  std::optional<PolicyActor> actor_;
  std::shared_ptr<const ValueSnapshot> values_;
  std::optional<ValueReader> reader_;
  std::vector<float> observation_, action_;
  Recording live_;                         ///< the policy's episode so far, with the state it is in
  std::shared_ptr<const Recording> told_;  ///< of live_, when it was last described
  bool filed_ = false;
  std::deque<std::shared_ptr<const Recording>> rolled_;
  int64_t rolled_ever_ = 0;
  int episode_ = -1, time_step_ = 0;
  double total_ = 0.0, reward_ = 0.0;
  bool falling_ = false, over_ = false, loop_ = true;
  double owed_ = 0.0;  // seconds of simulated time
  double hold_ = 0.0;  // seconds of wall time until the next episode
};

}  // namespace vaco
