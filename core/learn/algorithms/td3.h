// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"
#include "core/learn/algorithms/td3_learner.h"

namespace vaco {

struct Td3Params {
  int64_t steps = 1000000;
  Td3UpdateParams update;
  void list(ParamFields& fields);
};
struct Td3BcParams : Td3Params {
  Td3BcParams() { update.bc_alpha = 2.5; }
};

/// Td3Learner on logged data, with TD3+BC's cloning term or without.
AlgorithmEntry td3_bc_entry();
AlgorithmEntry td3_entry();

}  // namespace vaco
