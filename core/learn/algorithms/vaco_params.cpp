// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/vaco_params.h"

namespace vaco {

void VacoParams::list(ParamFields& fields) {
  list_value_steps(fields, value_steps);
  values.list(fields);

  const std::string group = "Bi-level schedule";
  fields.add(warmup_steps,
             {.key = "warmup_steps",
              .symbol = "",
              .label = "Warm-up steps",
              .help = "Steps of plain cloning before the weights begin to move, "
                      "so that the first hypergradients come from a policy that already resembles the data.",
              .min = 0,
              .max = 1e9,
              .warn_max = 5e5,
              .scale = ParamScale::logarithmic,
              .tier = ParamTier::basic,
              .group = group,
              .unit = "steps",
              .affects = "where the weights start to learn",
              .reference = "our choice; as printed: 0"});
  fields.add(bilevel_steps, {.key = "bilevel_steps",
                             .symbol = "K2",
                             .label = "Bi-level steps",
                             .help = "Steps of phase 2: each updates the policy with the weights fixed, "
                                     "then the weights with the policy fixed.",
                             .min = 1,
                             .max = 1e9,
                             .warn_min = 10000,
                             .warn_max = 3e6,
                             .scale = ParamScale::logarithmic,
                             .tier = ParamTier::basic,
                             .group = group,
                             .unit = "steps",
                             .affects = "how far the weights separate; time",
                             .reference = "not published; 1M is our reading"});
  fields.add(
      cloning_steps,
      {.key = "cloning_steps",
       .symbol = "",
       .label = "Final cloning steps",
       .help =
           "Steps of weighted cloning at the end with the learned weights frozen. 0 keeps the bi-level policy.",
       .min = 0,
       .max = 1e9,
       .warn_max = 2e6,
       .scale = ParamScale::logarithmic,
       .tier = ParamTier::basic,
       .group = group,
       .unit = "steps",
       .affects = "the final policy's steadiness",
       .reference = "our choice; as printed: 0"});
  fields.add(cloning_restart,
             {.key = "cloning_restart",
              .symbol = "",
              .label = "Clone from scratch",
              .help = "Start the final cloning with a fresh policy instead of the bi-level one. That one has "
                      "learned all of the data, and going on from there copies few good rows less steadily.",
              .group = group,
              .affects = "the final policy's steadiness",
              .reference = "our choice"});
  list_rate_schedule(fields, policy_lr_schedule,
                     "cosine: in the final cloning the policy's learning rate falls along half a cosine to 0.",
                     "our choice");
  final_cloning.list(fields);
  weights.list(fields);
  high.list(fields);
  policy.list(fields);
}

}  // namespace vaco
