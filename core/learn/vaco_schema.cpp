// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/schemas.h"

#include <iterator>

#include "core/learn/value_learning.h"

namespace vaco {
namespace {

std::vector<ParamSpec> schedule_schema() {
  const std::string group = "Bi-level schedule";
  return {
      {.key = "warmup_steps",
       .symbol = "",
       .label = "Warm-up steps",
       .help = "Steps of plain cloning before the weights begin to move, so that the first hypergradients come "
               "from a "
               "policy that already resembles the data.",
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
       .help = "Steps of phase 2: each updates the policy with the weights fixed, then the weights with the "
               "policy fixed.",
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

std::vector<ParamSpec> weight_schema() {
  const std::string group = "Meta-scoring";
  return {
      {.key = "weight_level",
       .symbol = "w̄",
       .label = "Where weights act",
       .help =
           "Whether each sample counts with its own weight (sample: as printed), or with the mean weight of a "
           "window "
           "of its trajectory or of the whole trajectory (ours). The printed form tends to degenerate on small "
           "data: the weights then favour samples that push the policy up Q's slope.",
       .type = ParamType::choice,
       .default_value = std::string("trajectory"),
       .choices = {"sample", "window", "trajectory"},
       .tier = ParamTier::basic,
       .group = group,
       .affects = "collapse, correlation with the return, score",
       .reference = "sample: VACO (printed); others: our choice"},
      {.key = "weight_window",
       .symbol = "",
       .label = "Window length",
       .help = "Rows that share one weight when weights act on windows; 1 is the printed form, very long is "
               "the whole "
               "trajectory.",
       .type = ParamType::integer,
       .default_value = int64_t{100},
       .min = 1,
       .max = 1e7,
       .group = group,
       .unit = "rows",
       .affects = "only with weight_level = window",
       .reference = "our choice"},
      {.key = "meta_lr",
       .symbol = "η2",
       .label = "Meta learning rate",
       .help = "Adam's step size for the meta-scoring network α.",
       .default_value = 3e-5,
       .min = 1e-8,
       .max = 1.0,
       .warn_min = 3e-6,
       .warn_max = 3e-3,
       .scale = ParamScale::logarithmic,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "how fast weights separate",
       .reference = "VACO (second-hand)"},
      {.key = "weight_activation",
       .symbol = "",
       .label = "Weight activation",
       .help = "How the scoring network's output becomes a weight.",
       .type = ParamType::choice,
       .default_value = std::string("sigmoid"),
       .choices = {"sigmoid", "double_sigmoid", "softplus", "exponential"},
       .group = group,
       .affects = "the weights' range",
       .reference = "Meta-Weight-Net family; not published for VACO"},
      {.key = "weight_normalization",
       .symbol = "w̃",
       .label = "Weight normalization",
       .help =
           "none: only the proportions of the data's weights count (those of windows and trajectories are "
           "divided by the dataset's mean). batch: divided by the batch's mean, with the hypergradient flowing "
           "through. "
           "softmax: exponential weights, normalized over the batch.",
       .type = ParamType::choice,
       .default_value = std::string("none"),
       .choices = {"none", "batch", "softmax"},
       .group = group,
       .affects = "collapse of all weights towards 0",
       .reference = "none: VACO (printed)"},
      {.key = "weight_temperature",
       .symbol = "T",
       .label = "Weight temperature",
       .help = "Divides the scoring network's output before the activation: high keeps weights alike, low "
               "separates.",
       .default_value = 1.0,
       .min = 0.01,
       .max = 100.0,
       .warn_min = 0.1,
       .warn_max = 10.0,
       .scale = ParamScale::logarithmic,
       .group = group,
       .affects = "sharpness of the weights",
       .reference = "our choice"},
      {.key = "weight_budget",
       .symbol = "ρ",
       .label = "Weight budget",
       .help =
           "Keeps the mean weight between half this share and this share, by a price that every sample's "
           "alignment must exceed. Where all samples would end at weight 1, or all at 0, the better part of "
           "the "
           "data still parts from the rest, and the effective sample size cannot stay below half the share. "
           "0 sets no budget.",
       .default_value = 0.5,
       .min = 0.0,
       .max = 1.0,
       .warn_max = 0.9,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "collapse; how much of the data counts: between greedy (low) and cloning (1)",
       .reference = "our choice; as printed: 0"},
      {.key = "ess_floor",
       .symbol = "",
       .label = "ESS floor",
       .help = "Guard against collapse: weights are mixed with uniform ones just enough that the effective "
               "sample size "
               "stays above this share. 0 is off, 1 is plain cloning. Order and correlation do not change.",
       .default_value = 0.0,
       .min = 0.0,
       .max = 1.0,
       .group = group,
       .affects = "between cloning (1) and greedy (0)",
       .reference = "our choice; as printed: 0"},
      {.key = "trust",
       .symbol = "λ",
       .label = "Trust term",
       .help = "Pulls normalized weights back to 1: the ascent direction c, scaled to mean |c| = 1, becomes c "
               "− λ (w̃ − 1). "
               "0 is off, very large is plain cloning.",
       .default_value = 0.0,
       .min = 0.0,
       .max = 1e6,
       .warn_max = 100.0,
       .group = group,
       .affects = "how far weights may leave 1",
       .reference = "our choice; as printed: 0"},
      {.key = "weight_inputs",
       .symbol = "",
       .label = "Weight inputs",
       .help = "What the scoring network sees: state, action and Q (full), or the paper's ablations.",
       .type = ParamType::choice,
       .default_value = std::string("full"),
       .choices = {"full", "no_value", "no_state", "value_only"},
       .group = group,
       .affects = "what weights can depend on",
       .reference = "full: VACO (printed)"},
      {.key = "weight_refresh_interval",
       .symbol = "",
       .label = "Weight refresh interval",
       .help = "Every so many bi-level steps the trajectory (or window) means are computed anew over the whole "
               "dataset.",
       .type = ParamType::integer,
       .default_value = int64_t{500},
       .min = 1,
       .max = 1e7,
       .warn_min = 50,
       .warn_max = 5000,
       .group = group,
       .unit = "steps",
       .affects = "freshness of weights; time",
       .reference = "our choice"},
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
       .help = "Standard deviation of the noise in the high level at its start, on normalized states (or on "
               "actions).",
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
       .help = "How the alignment c of each sample is computed: from the step's own backward pass (jvp: exact, "
               "fastest), a DARTS-style "
               "difference, "
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
       .help = "Multiply the value gradient by the derivative of Adam's update, as the true derivative of an "
               "Adam step "
               "has it; off is the printed SGD form.",
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
