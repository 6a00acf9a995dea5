// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/high_level_params.h"

namespace vaco {

void HighLevelParams::list(ParamFields& fields) {
  const std::string group = "High level";
  fields.add(which_q,
             {.key = "which_q",
              .symbol = "Q",
              .label = "Which Q",
              .help = "How the twin critics become one value, for the weights' input and for the high level.",
              .choices = {"minimum", "first", "mean", "target_minimum"},
              .group = group,
              .affects = "optimism about actions",
              .reference = "our choice"});
  fields.add(state_noise, {.key = "state_noise",
                           .symbol = "σ",
                           .label = "Noise",
                           .help = "Standard deviation of the noise in the high level at its start, "
                                   "on normalized states (or on actions).",
                           .min = 0.0,
                           .max = 10.0,
                           .warn_max = 0.5,
                           .tier = ParamTier::basic,
                           .group = group,
                           .affects = "smoothness of the value gradient",
                           .reference = "that it decreases: VACO (second-hand); 0.1: our choice"});
  fields.add(state_noise_end, {.key = "state_noise_end",
                               .symbol = "σ(K2)",
                               .label = "Noise at the end",
                               .help = "The noise falls linearly to this value over the bi-level steps.",
                               .min = 0.0,
                               .max = 10.0,
                               .warn_max = 0.5,
                               .group = group,
                               .affects = "smoothness late in training",
                               .reference = "our choice"});
  fields.add(noise_on,
             {.key = "noise_on",
              .symbol = "",
              .label = "Noise on",
              .help = "Whether the high level's noise is added to the policy's input or to its action.",
              .choices = {"state", "action"},
              .group = group,
              .affects = "what is smoothed",
              .reference = "state: VACO (printed)"});
  fields.add(high_batch, {.key = "high_batch",
                          .symbol = "",
                          .label = "High-level batch",
                          .help = "Whether the high level uses the low level's minibatch or draws a fresh one.",
                          .choices = {"same", "fresh"},
                          .group = group,
                          .affects = "bias of the hypergradient",
                          .reference = "our choice"});
  fields.add(hypergradient,
             {.key = "hypergradient",
              .symbol = "c",
              .label = "Hypergradient",
              .help = "How the alignment c of each sample is computed: "
                      "from the step's own backward pass (jvp: exact, fastest), a DARTS-style difference, "
                      "or double backward through autograd. All agree.",
              .choices = {"jvp", "darts", "double_backward"},
              .group = group,
              .affects = "speed only",
              .reference = "our choice"});
  fields.add(adam_aware, {.key = "adam_aware",
                          .symbol = "",
                          .label = "Adam-aware hypergradient",
                          .help = "Multiply the value gradient by the derivative of Adam's update, "
                                  "as the true derivative of an Adam step has it; off is the printed SGD form.",
                          .group = group,
                          .affects = "direction of the weights",
                          .reference = "off: VACO (printed); on: SAMA"});
  fields.add(keep_value_training,
             {.key = "keep_value_training",
              .symbol = "",
              .label = "Keep training values",
              .help = "Go on with value learning inside the bi-level loop instead of freezing the critics.",
              .group = group,
              .affects = "Q during phase 2; time",
              .reference = "VACO's appendix (second-hand)"});
}

}  // namespace vaco
