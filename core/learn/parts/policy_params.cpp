// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/policy_params.h"

namespace vaco {
namespace {

const char* const kGroup = "Policy and networks";

}  // namespace

void NetworkParams::list(ParamFields& fields) {
  fields.add(batch_size, {.key = "batch_size",
                          .symbol = "B",
                          .label = "Batch size",
                          .help = "Rows drawn for each step.",
                          .min = 2,
                          .max = 65536,
                          .warn_min = 64,
                          .warn_max = 4096,
                          .scale = ParamScale::logarithmic,
                          .group = kGroup,
                          .unit = "rows",
                          .affects = "noise of the gradients; time",
                          .reference = "IQL, TD3+BC"});
  fields.add(hidden_width, {.key = "hidden_width",
                            .symbol = "",
                            .label = "Hidden width",
                            .help = "Units of each hidden layer, all networks.",
                            .min = 1,
                            .max = 8192,
                            .warn_min = 32,
                            .warn_max = 1024,
                            .scale = ParamScale::logarithmic,
                            .group = kGroup,
                            .unit = "units",
                            .affects = "capacity; time",
                            .reference = "VACO (second-hand)"});
  fields.add(hidden_layers, {.key = "hidden_layers",
                             .symbol = "",
                             .label = "Hidden layers",
                             .help = "Hidden layers of all networks; 2 hidden layers are a \"3-layer MLP\".",
                             .min = 1,
                             .max = 16,
                             .warn_max = 5,
                             .group = kGroup,
                             .affects = "capacity; time",
                             .reference = "VACO (second-hand)"});
}

void PolicyParams::list(ParamFields& fields) {
  fields.add(policy_lr, {.key = "policy_lr",
                         .symbol = "η1",
                         .label = "Policy learning rate",
                         .help = "Adam's step size for the policy.",
                         .min = 1e-7,
                         .max = 1.0,
                         .warn_min = 3e-5,
                         .warn_max = 1e-3,
                         .scale = ParamScale::logarithmic,
                         .tier = ParamTier::basic,
                         .group = kGroup,
                         .affects = "speed and stability of cloning",
                         .reference = "VACO (second-hand)"});
  NetworkParams::list(fields);
}

void AveragedPolicyParams::list(ParamFields& fields) {
  PolicyParams::list(fields);
  fields.add(
      policy_average,
      {.key = "policy_average",
       .symbol = "",
       .label = "Policy averaging",
       .help = "Evaluate an exponential moving average of the policy's weights with this decay; 0 is off.",
       .min = 0.0,
       .max = 0.999999,
       .warn_max = 0.9999,
       .group = kGroup,
       .affects = "steadiness of evaluated policies",
       .reference = "our choice; as printed: 0"});
}

void list_rate_schedule(ParamFields& fields, RateSchedule& schedule, const std::string& help,
                        const std::string& reference) {
  fields.add(schedule, {.key = "policy_lr_schedule",
                        .symbol = "",
                        .label = "Policy rate schedule",
                        .help = help,
                        .choices = {"cosine", "constant"},
                        .group = kGroup,
                        .affects = "steadiness of the last policies",
                        .reference = reference});
}

void list_training_steps(ParamFields& fields, int64_t& steps, const std::string& key, const std::string& name,
                         const std::string& help, const std::string& reference) {
  fields.add(steps, {.key = key,
                     .symbol = "",
                     .label = name + " steps",
                     .help = help,
                     .min = 1,
                     .max = 1e9,
                     .warn_min = 20000,
                     .warn_max = 3e6,
                     .scale = ParamScale::logarithmic,
                     .tier = ParamTier::basic,
                     .group = "Schedule",
                     .unit = "steps",
                     .affects = "how far values and policy get; time",
                     .reference = reference});
}

}  // namespace vaco
