// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/param_spec.h"

namespace vaco {

/// Batch, network and policy parameters that every algorithm has.
std::vector<ParamSpec> policy_schema();
/// How many steps an algorithm trains that moves values and policy together: "<name> steps", under Schedule.
ParamSpec training_steps_spec(const std::string& key, const std::string& name, const std::string& help,
                              const std::string& reference, int64_t default_steps = 1000000);
/// policy_lr_schedule (cosine by default), for algorithms whose policy can end at rest.
ParamSpec policy_lr_schedule_spec(const std::string& help, const std::string& reference);
/// The meta-scoring network and how its weights act.
std::vector<ParamSpec> weight_schema();
/// All parameters of VACO, in the order of the form.
std::vector<ParamSpec> vaco_schema();
/// Behavior cloning; with_share adds the share of best trajectories that is kept (10 % BC).
std::vector<ParamSpec> bc_schema(bool with_share);
/// Another default for one parameter of a schema that an algorithm takes over.
void set_default(std::vector<ParamSpec>& schema, const std::string& key, ParamValue value,
                 const std::string& reference);

}  // namespace vaco
