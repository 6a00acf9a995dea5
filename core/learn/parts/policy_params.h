// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/base/param_fields.h"
#include "core/nn/mlp.h"

namespace vaco {

/// What all networks of an algorithm have in common.
struct NetworkParams {
  int64_t batch_size = 256, hidden_width = 256, hidden_layers = 2;
  void list(ParamFields& fields);
  [[nodiscard]] MlpShape shape(int64_t inputs, int64_t outputs, int64_t copies = 1) const {
    return {.inputs = inputs,
            .outputs = outputs,
            .width = hidden_width,
            .hidden_layers = hidden_layers,
            .copies = copies};
  }
};

/// Batch, networks and the policy's optimizer.
struct PolicyParams : NetworkParams {
  double policy_lr = 3e-4;
  void list(ParamFields& fields);
};

/// Of a policy that is judged by a moving average of its weights (PolicyLearner).
struct AveragedPolicyParams : PolicyParams {
  double policy_average = 0.999;
  void list(ParamFields& fields);
};

enum class RateSchedule { cosine, constant };
/// policy_lr_schedule, for algorithms whose policy can end at rest.
void list_rate_schedule(ParamFields& fields, RateSchedule& schedule, const std::string& help,
                        const std::string& reference);
/// How many steps an algorithm trains that moves values and policy together: "<name> steps", under Schedule.
void list_training_steps(ParamFields& fields, int64_t& steps, const std::string& key, const std::string& name,
                         const std::string& help, const std::string& reference);

}  // namespace vaco
