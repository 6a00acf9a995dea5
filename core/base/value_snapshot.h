// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/policy_snapshot.h"

namespace vaco {

/// Critics Q(s, a) as plain floats: learning makes them, simulation asks them. Rewards are scaled as in the
/// training. An immutable value once made; share it as shared_ptr<const ValueSnapshot>.
struct ValueSnapshot {
  int64_t step = 0;          ///< the training step it was taken at
  int64_t obs_dim = 0;       ///< raw observations
  int64_t action_dim = 0;    ///< numbers of an action
  int64_t action_count = 0;  ///< choices of discrete actions, or 0; a choice goes in as noughts and a one
  bool minimum = true;       ///< of the critics, else their mean
  /// Networks of (s, a) side by side to one number, as PolicyActor::output() gives it.
  std::vector<PolicySnapshot> critics;
};

/// Asks a snapshot; holds its scratch memory, so one reader per thread.
class ValueReader {
 public:
  explicit ValueReader(const ValueSnapshot& values);  ///< which must outlive it
  /// observation [obs_dim] raw, action [action_dim] as the environment takes it.
  double value(std::span<const float> observation, std::span<const float> action);

 private:
  const ValueSnapshot* values_;
  std::vector<PolicyActor> critics_;
  std::vector<float> input_;
};

}  // namespace vaco
