// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/schemas.h"

#include <iterator>

#include "core/learn/parts/value_learning.h"

namespace vaco {
namespace {

std::vector<ParamSpec> schedule_schema() {
  const std::string group = "Bi-level schedule";
  return {
      {.key = "warmup_steps",
       .symbol = "",
       .label = "Warm-up steps",
       .help = "Steps of plain cloning before the weights begin to move, "
               "so that the first hypergradients come from a policy that already resembles the data.",
       .type = ParamType::integer,
       .default_value = int64_t{50000},
       .min = 0,
       .max = 1e9,
       .warn_max = 5e5,
       .scale = ParamScale::logarithmic,
       .tier = ParamTier::basic,
       .group = group,
       .unit = "steps",
       .affects = "where the weights start to learn",
       .reference = "our choice; as printed: 0"},
      {.key = "bilevel_steps",
       .symbol = "K2",
       .label = "Bi-level steps",
       .help = "Steps of phase 2: each updates the policy with the weights fixed, "
               "then the weights with the policy fixed.",
       .type = ParamType::integer,
       .default_value = int64_t{1000000},
       .min = 1,
       .max = 1e9,
       .warn_min = 10000,
       .warn_max = 3e6,
       .scale = ParamScale::logarithmic,
       .tier = ParamTier::basic,
       .group = group,
       .unit = "steps",
       .affects = "how far the weights separate; time",
       .reference = "not published; 1M is our reading"},
      {.key = "cloning_steps",
       .symbol = "",
       .label = "Final cloning steps",
       .help =
           "Steps of weighted cloning at the end with the learned weights frozen. 0 keeps the bi-level policy.",
       .type = ParamType::integer,
       .default_value = int64_t{200000},
       .min = 0,
       .max = 1e9,
       .warn_max = 2e6,
       .scale = ParamScale::logarithmic,
       .tier = ParamTier::basic,
       .group = group,
       .unit = "steps",
       .affects = "the final policy's steadiness",
       .reference = "our choice; as printed: 0"},
      {.key = "cloning_restart",
       .symbol = "",
       .label = "Clone from scratch",
       .help = "Start the final cloning with a fresh policy instead of the bi-level one.",
       .type = ParamType::boolean,
       .default_value = false,
       .group = group,
       .affects = "the final policy",
       .reference = "our choice"},
      policy_lr_schedule_spec(
          "cosine: in the final cloning the policy's learning rate falls along half a cosine to 0.",
          "our choice"),
  };
}

std::vector<ParamSpec> high_level_schema() {
  const std::string group = "High level";
  return {
      {.key = "which_q",
       .symbol = "Q",
       .label = "Which Q",
       .help = "How the twin critics become one value, for the weights' input and for the high level.",
       .type = ParamType::choice,
       .default_value = std::string("minimum"),
       .choices = {"minimum", "first", "mean", "target_minimum"},
       .group = group,
       .affects = "optimism about actions",
       .reference = "our choice"},
      {.key = "state_noise",
       .symbol = "σ",
       .label = "Noise",
       .help = "Standard deviation of the noise in the high level at its start, "
               "on normalized states (or on actions).",
       .default_value = 0.1,
       .min = 0.0,
       .max = 10.0,
       .warn_max = 0.5,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "smoothness of the value gradient",
       .reference = "that it decreases: VACO (second-hand); 0.1: our choice"},
      {.key = "state_noise_end",
       .symbol = "σ(K2)",
       .label = "Noise at the end",
       .help = "The noise falls linearly to this value over the bi-level steps.",
       .default_value = 0.0,
       .min = 0.0,
       .max = 10.0,
       .warn_max = 0.5,
       .group = group,
       .affects = "smoothness late in training",
       .reference = "our choice"},
      {.key = "noise_on",
       .symbol = "",
       .label = "Noise on",
       .help = "Whether the high level's noise is added to the policy's input or to its action.",
       .type = ParamType::choice,
       .default_value = std::string("state"),
       .choices = {"state", "action"},
       .group = group,
       .affects = "what is smoothed",
       .reference = "state: VACO (printed)"},
      {.key = "high_batch",
       .symbol = "",
       .label = "High-level batch",
       .help = "Whether the high level uses the low level's minibatch or draws a fresh one.",
       .type = ParamType::choice,
       .default_value = std::string("same"),
       .choices = {"same", "fresh"},
       .group = group,
       .affects = "bias of the hypergradient",
       .reference = "our choice"},
      {.key = "hypergradient",
       .symbol = "c",
       .label = "Hypergradient",
       .help = "How the alignment c of each sample is computed: "
               "from the step's own backward pass (jvp: exact, fastest), a DARTS-style difference, "
               "or double backward through autograd. All agree.",
       .type = ParamType::choice,
       .default_value = std::string("jvp"),
       .choices = {"jvp", "darts", "double_backward"},
       .group = group,
       .affects = "speed only",
       .reference = "our choice"},
      {.key = "adam_aware",
       .symbol = "",
       .label = "Adam-aware hypergradient",
       .help = "Multiply the value gradient by the derivative of Adam's update, "
               "as the true derivative of an Adam step has it; off is the printed SGD form.",
       .type = ParamType::boolean,
       .default_value = false,
       .group = group,
       .affects = "direction of the weights",
       .reference = "off: VACO (printed); on: SAMA"},
      {.key = "keep_value_training",
       .symbol = "",
       .label = "Keep training values",
       .help = "Go on with value learning inside the bi-level loop instead of freezing the critics.",
       .type = ParamType::boolean,
       .default_value = false,
       .group = group,
       .affects = "Q during phase 2; time",
       .reference = "VACO's appendix (second-hand)"},
  };
}

}  // namespace

std::vector<ParamSpec> vaco_schema() {
  std::vector<ParamSpec> schema;
  for (auto part :
       {value_learning_schema(), schedule_schema(), weight_schema(), high_level_schema(), policy_schema()})
    schema.insert(schema.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  return schema;
}

}  // namespace vaco
