// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/schemas.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace vaco {

std::vector<ParamSpec> policy_schema() {
  const std::string group = "Policy and networks";
  return {
      {.key = "policy_lr",
       .symbol = "η1",
       .label = "Policy learning rate",
       .help = "Adam's step size for the policy.",
       .default_value = 3e-4,
       .min = 1e-7,
       .max = 1.0,
       .warn_min = 3e-5,
       .warn_max = 1e-3,
       .scale = ParamScale::logarithmic,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "speed and stability of cloning",
       .reference = "VACO (second-hand)"},
      {.key = "batch_size",
       .symbol = "B",
       .label = "Batch size",
       .help = "Rows drawn for each step.",
       .type = ParamType::integer,
       .default_value = int64_t{256},
       .min = 2,
       .max = 65536,
       .warn_min = 64,
       .warn_max = 4096,
       .scale = ParamScale::logarithmic,
       .group = group,
       .unit = "rows",
       .affects = "noise of the gradients; time",
       .reference = "IQL, TD3+BC"},
      {.key = "hidden_width",
       .symbol = "",
       .label = "Hidden width",
       .help = "Units of each hidden layer, all networks.",
       .type = ParamType::integer,
       .default_value = int64_t{256},
       .min = 1,
       .max = 8192,
       .warn_min = 32,
       .warn_max = 1024,
       .scale = ParamScale::logarithmic,
       .group = group,
       .unit = "units",
       .affects = "capacity; time",
       .reference = "VACO (second-hand)"},
      {.key = "hidden_layers",
       .symbol = "",
       .label = "Hidden layers",
       .help = "Hidden layers of all networks; 2 hidden layers are a \"3-layer MLP\".",
       .type = ParamType::integer,
       .default_value = int64_t{2},
       .min = 1,
       .max = 16,
       .warn_max = 5,
       .group = group,
       .affects = "capacity; time",
       .reference = "VACO (second-hand)"},
      {.key = "policy_average",
       .symbol = "",
       .label = "Policy averaging",
       .help = "Evaluate an exponential moving average of the policy's weights with this decay; 0 is off.",
       .default_value = 0.999,
       .min = 0.0,
       .max = 0.999999,
       .warn_max = 0.9999,
       .group = group,
       .affects = "steadiness of evaluated policies",
       .reference = "our choice; as printed: 0"},
  };
}

ParamSpec training_steps_spec(const std::string& key, const std::string& name, const std::string& help,
                              const std::string& reference, int64_t default_steps) {
  return {.key = key,
          .symbol = "",
          .label = name + " steps",
          .help = help,
          .type = ParamType::integer,
          .default_value = default_steps,
          .min = 1,
          .max = 1e9,
          .warn_min = 20000,
          .warn_max = 3e6,
          .scale = ParamScale::logarithmic,
          .tier = ParamTier::basic,
          .group = "Schedule",
          .unit = "steps",
          .affects = "how far values and policy get; time",
          .reference = reference};
}

ParamSpec policy_lr_schedule_spec(const std::string& help, const std::string& reference) {
  return {.key = "policy_lr_schedule",
          .symbol = "",
          .label = "Policy rate schedule",
          .help = help,
          .type = ParamType::choice,
          .default_value = std::string("cosine"),
          .choices = {"cosine", "constant"},
          .group = "Policy and networks",
          .affects = "steadiness of the last policies",
          .reference = reference};
}

std::vector<ParamSpec> bc_schema(bool with_share) {
  std::vector<ParamSpec> schema{{.key = "bc_steps",
                                 .symbol = "",
                                 .label = "Cloning steps",
                                 .help = "Steps of behavior cloning.",
                                 .type = ParamType::integer,
                                 .default_value = int64_t{1000000},
                                 .min = 1,
                                 .max = 1e9,
                                 .warn_min = 10000,
                                 .warn_max = 3e6,
                                 .scale = ParamScale::logarithmic,
                                 .tier = ParamTier::basic,
                                 .group = "Schedule",
                                 .unit = "steps",
                                 .affects = "how closely the data is copied; time",
                                 .reference = "CORL"}};
  if (with_share)
    schema.push_back({.key = "best_share",
                      .symbol = "",
                      .label = "Share of best trajectories",
                      .help = "Trajectories of highest return are kept until they hold this share of the rows.",
                      .default_value = 0.1,
                      .min = 0.0001,
                      .max = 1.0,
                      .warn_min = 0.01,
                      .tier = ParamTier::basic,
                      .group = "Schedule",
                      .affects = "which behavior is copied",
                      .reference = "10 % BC"});
  schema.push_back(
      policy_lr_schedule_spec("cosine: the learning rate falls along half a cosine to 0 at the last step.",
                              "our choice; CORL: constant"));
  auto rest = policy_schema();
  schema.insert(schema.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  return schema;
}

void set_default(std::vector<ParamSpec>& schema, const std::string& key, ParamValue value,
                 const std::string& reference) {
  const auto spec = std::find_if(schema.begin(), schema.end(), [&](const auto& s) { return s.key == key; });
  assert(spec != schema.end());
  spec->default_value = std::move(value);
  spec->reference = reference;
}

}  // namespace vaco
