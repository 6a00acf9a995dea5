// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/weight_params.h"

namespace vaco {

WeightLevel level_for(WeightLevel asked, bool choices) {
  if (asked != WeightLevel::automatic) return asked;
  return choices ? WeightLevel::sample : WeightLevel::trajectory;
}

void WeightParams::list(ParamFields& fields) {
  const std::string group = "Meta-scoring";
  fields.add(
      weight_level,
      {.key = "weight_level",
       .symbol = "w̄",
       .label = "Where weights act",
       .help = "Whether each sample counts with its own weight (sample: as printed), or with the mean weight "
               "of a window of its trajectory or of the whole trajectory (ours). auto: the trajectory, but "
               "samples where actions are choices. "
               "The printed form tends to degenerate on small data: the weights then favour samples that push "
               "the policy up Q's slope.",
       .choices = {"auto", "sample", "window", "trajectory"},
       .tier = ParamTier::basic,
       .group = group,
       .affects = "collapse, correlation with the return, score",
       .reference = "sample: VACO (printed); others: our choice"});
  fields.add(weight_window, {.key = "weight_window",
                             .symbol = "",
                             .label = "Window length",
                             .help = "Rows that share one weight when weights act on windows; "
                                     "1 is the printed form, very long is the whole trajectory.",
                             .min = 1,
                             .max = 1e7,
                             .group = group,
                             .unit = "rows",
                             .affects = "only with weight_level = window",
                             .reference = "our choice"});
  fields.add(meta_lr, {.key = "meta_lr",
                       .symbol = "η2",
                       .label = "Meta learning rate",
                       .help = "Adam's step size for the meta-scoring network α.",
                       .min = 1e-8,
                       .max = 1.0,
                       .warn_min = 3e-6,
                       .warn_max = 3e-3,
                       .scale = ParamScale::logarithmic,
                       .tier = ParamTier::basic,
                       .group = group,
                       .affects = "how fast weights separate",
                       .reference = "VACO (second-hand)"});
  fields.add(weight_activation, {.key = "weight_activation",
                                 .symbol = "",
                                 .label = "Weight activation",
                                 .help = "How the scoring network's output becomes a weight.",
                                 .choices = {"sigmoid", "double_sigmoid", "softplus", "exponential"},
                                 .group = group,
                                 .affects = "the weights' range",
                                 .reference = "Meta-Weight-Net family; not published for VACO"});
  fields.add(
      weight_normalization,
      {.key = "weight_normalization",
       .symbol = "w̃",
       .label = "Weight normalization",
       .help =
           "none: only the proportions of the data's weights count "
           "(those of windows and trajectories are divided by the dataset's mean). batch: divided by the "
           "batch's mean, "
           "with the hypergradient flowing through. softmax: exponential weights, normalized over the batch.",
       .choices = {"none", "batch", "softmax"},
       .group = group,
       .affects = "collapse of all weights towards 0",
       .reference = "none: VACO (printed)"});
  fields.add(weight_temperature, {.key = "weight_temperature",
                                  .symbol = "T",
                                  .label = "Weight temperature",
                                  .help = "Divides the scoring network's output before the activation: "
                                          "high keeps weights alike, low separates.",
                                  .min = 0.01,
                                  .max = 100.0,
                                  .warn_min = 0.1,
                                  .warn_max = 10.0,
                                  .scale = ParamScale::logarithmic,
                                  .group = group,
                                  .affects = "sharpness of the weights",
                                  .reference = "our choice"});
  fields.add(
      weight_budget,
      {.key = "weight_budget",
       .symbol = "ρ",
       .label = "Weight budget",
       .help = "Keeps the mean weight between half this share and this share, "
               "by a Lagrange multiplier that every sample's alignment must exceed. Where all samples would "
               "end at weight 1, "
               "or all at 0, the better part of the data still parts from the rest, "
               "and with the sigmoid the effective sample size cannot stay below half the share. "
               "0 sets no budget; with a weight normalization it counts as 0.",
       .min = 0.0,
       .max = 1.0,
       .warn_max = 0.9,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "collapse; how much of the data counts: between greedy (low) and cloning (1)",
       .reference = "our choice; as printed: 0"});
  fields.add(ess_floor,
             {.key = "ess_floor",
              .symbol = "",
              .label = "ESS floor",
              .help = "Guard against collapse: weights are mixed with uniform ones, "
                      "just enough that the effective sample size stays above this share. 0 is off, 1 is plain "
                      "cloning. Order and correlation do not change.",
              .min = 0.0,
              .max = 1.0,
              .group = group,
              .affects = "between cloning (1) and greedy (0)",
              .reference = "our choice; as printed: 0"});
  fields.add(trust,
             {.key = "trust",
              .symbol = "λ",
              .label = "Trust term",
              .help = "Pulls normalized weights back to 1: the ascent direction c, "
                      "scaled to mean |c| = 1, becomes c − λ (w̃ − 1). 0 is off, very large is plain cloning.",
              .min = 0.0,
              .max = 1e6,
              .warn_max = 100.0,
              .group = group,
              .affects = "how far weights may leave 1",
              .reference = "our choice; as printed: 0"});
  fields.add(weight_inputs,
             {.key = "weight_inputs",
              .symbol = "",
              .label = "Weight inputs",
              .help = "What the scoring network sees: state, action and Q (full), or the paper's ablations.",
              .choices = {"full", "no_value", "no_state", "value_only"},
              .group = group,
              .affects = "what weights can depend on",
              .reference = "full: VACO (printed)"});
  fields.add(weight_refresh_interval, {.key = "weight_refresh_interval",
                                       .symbol = "",
                                       .label = "Weight refresh interval",
                                       .help = "Every so many bi-level steps the trajectory (or window) means "
                                               "are computed anew over the whole dataset.",
                                       .min = 1,
                                       .max = 1e7,
                                       .warn_min = 50,
                                       .warn_max = 5000,
                                       .group = group,
                                       .unit = "steps",
                                       .affects = "freshness of weights; time",
                                       .reference = "our choice"});
}

}  // namespace vaco
