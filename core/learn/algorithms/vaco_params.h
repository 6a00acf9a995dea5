// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/parts/final_cloning.h"
#include "core/learn/parts/high_level_params.h"
#include "core/learn/parts/policy_params.h"
#include "core/learn/parts/value_learning.h"
#include "core/learn/parts/weight_params.h"

namespace vaco {

struct VacoParams {
  int64_t value_steps = 1000000, warmup_steps = 50000, bilevel_steps = 1000000, cloning_steps = 200000;
  bool cloning_restart = true;
  RateSchedule policy_lr_schedule = RateSchedule::cosine;
  ValueLearningParams values;
  WeightParams weights;
  HighLevelParams high;
  AveragedPolicyParams policy;
  FinalCloningParams final_cloning;
  void list(ParamFields& fields);
};

}  // namespace vaco
