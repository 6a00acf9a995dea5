// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"
#include "core/learn/parts/cloner.h"
#include "core/learn/parts/policy_params.h"

namespace vaco {

struct BcParams {
  int64_t steps = 1000000;
  double best_share = 1.0;  ///< a parameter where its default is less than all
  RateSchedule policy_lr_schedule = RateSchedule::cosine;
  AveragedPolicyParams policy;
  ClonerParams cloner;
  void list(ParamFields& fields);
};

/// Behavior cloning: J_BC(φ) = E ‖π_φ(s) − a‖².
AlgorithmEntry bc_entry();
/// The same with only the trajectories of highest return (10 % BC).
AlgorithmEntry bc10_entry();

}  // namespace vaco
