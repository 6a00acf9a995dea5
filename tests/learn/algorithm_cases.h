// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/learn/toy_data.h"

namespace vaco::testing {

/// Every algorithm and every variant of its update, on small networks and for a few steps.
struct AlgorithmCase {
  const char* name;
  const char* algorithm;
  Settings settings;
  bool discrete = false;  ///< on data with discrete actions

  [[nodiscard]] const TrainingData& data() const {
    static const TrainingData continuous = random_data(5, 2), choices = random_choices(5, 3);
    return discrete ? choices : continuous;
  }
  [[nodiscard]] ParamSet params(const Settings& more = {}) const {
    Settings all{{"hidden_width", "16"}, {"batch_size", "32"}};
    if (std::string(algorithm) == "vaco")
      all.insert(all.end(), {{"value_steps", "7"},
                             {"warmup_steps", "5"},
                             {"bilevel_steps", "9"},
                             {"cloning_steps", "6"},
                             {"weight_refresh_interval", "4"}});
    all.insert(all.end(), settings.begin(), settings.end());
    all.insert(all.end(), more.begin(), more.end());
    return make_params(algorithm, all);
  }
};

inline std::vector<AlgorithmCase> algorithm_cases() {
  return {{"bc", "bc", {{"bc_steps", "20"}}},
          {"bc10", "bc10", {{"bc_steps", "20"}}},
          {"bc_average", "bc", {{"bc_steps", "20"}, {"policy_average", "0.9"}}},
          {"bc_fitted",
           "bc",
           {{"bc_steps", "20"}, {"fit_to_rows", "true"}, {"hidden_width", "24"}, {"weight_decay", "0.1"}}},
          {"bc_cosine", "bc", {{"bc_steps", "20"}, {"policy_lr_schedule", "cosine"}}},
          {"iql", "iql", {{"iql_steps", "20"}}},
          {"iql_cosine", "iql", {{"iql_steps", "20"}, {"policy_lr_schedule", "cosine"}}},
          {"iql_deterministic", "iql", {{"iql_steps", "20"}, {"policy_type", "deterministic"}}},
          {"td3", "td3", {{"td3_steps", "20"}}},
          {"td3_bc", "td3_bc", {{"td3_steps", "21"}, {"policy_delay", "3"}}},
          {"awac", "awac", {{"awac_steps", "20"}}},
          {"rebrac", "rebrac", {{"rebrac_steps", "20"}}},
          {"rebrac_no_norm", "rebrac", {{"rebrac_steps", "20"}, {"critic_layer_norm", "false"}}},
          {"cql", "cql", {{"cql_steps", "20"}, {"sampled_actions", "3"}}},
          {"edac", "edac", {{"edac_steps", "20"}, {"critics", "4"}}},
          {"sac_n", "edac", {{"edac_steps", "20"}, {"critics", "3"}, {"diversity", "0"}}},
          {"weighted_bc", "weighted_bc", {{"value_steps", "9"}, {"bc_steps", "12"}}},
          {"weighted_bc_reciprocal",
           "weighted_bc",
           {{"value_steps", "9"}, {"bc_steps", "12"}, {"weighting", "reciprocal_value"}}},
          {"weighted_bc_return",
           "weighted_bc",
           {{"bc_steps", "20"}, {"weighting", "return"}, {"fixed_weight_level", "trajectory"}}},
          {"weighted_bc_aw",
           "weighted_bc",
           {{"bc_steps", "20"}, {"weighting", "return_advantage"}, {"cloning_draws", "by_weight"}}},
          {"weighted_bc_positive",
           "weighted_bc",
           {{"value_steps", "9"}, {"bc_steps", "12"}, {"weighting", "positive_advantage"}}},
          {"vaco_by_weight", "vaco", {{"cloning_draws", "by_weight"}, {"weight_decay", "0.1"}}},
          {"vaco_fitted",
           "vaco",
           {{"cloning_draws", "by_weight"}, {"fit_to_rows", "true"}, {"hidden_width", "24"}}},
          {"vaco_fitted_uniform", "vaco", {{"fit_to_rows", "true"}, {"hidden_width", "24"}}},
          {"weighted_bc_fitted",
           "weighted_bc",
           {{"value_steps", "9"}, {"bc_steps", "12"}, {"fit_to_rows", "true"}, {"hidden_width", "24"}}},
          {"vaco_trajectory", "vaco", {{"ess_floor", "0.9"}}},
          {"vaco_window", "vaco", {{"weight_level", "window"}, {"weight_window", "7"}}},
          {"vaco_printed", "vaco", {{"weight_level", "sample"}, {"warmup_steps", "0"}, {"cloning_steps", "0"}}},
          {"vaco_sample_batch",
           "vaco",
           {{"weight_level", "sample"}, {"weight_normalization", "batch"}, {"trust", "3"}}},
          {"vaco_sample_floor", "vaco", {{"weight_level", "sample"}, {"ess_floor", "0.5"}}},
          {"vaco_softmax", "vaco", {{"weight_normalization", "softmax"}, {"weight_temperature", "2"}}},
          {"vaco_softplus", "vaco", {{"weight_activation", "softplus"}, {"which_q", "mean"}}},
          {"vaco_fresh", "vaco", {{"high_batch", "fresh"}, {"noise_on", "action"}, {"which_q", "first"}}},
          {"vaco_adam_aware", "vaco", {{"adam_aware", "true"}, {"which_q", "target_minimum"}}},
          {"vaco_keep_values", "vaco", {{"keep_value_training", "true"}}},
          {"vaco_darts", "vaco", {{"hypergradient", "darts"}}},
          {"vaco_double_backward", "vaco", {{"hypergradient", "double_backward"}}},
          {"vaco_schedules",
           "vaco",
           {{"policy_lr_schedule", "cosine"}, {"state_noise", "0.3"}, {"state_noise_end", "0"}}},
          {"vaco_no_value", "vaco", {{"weight_inputs", "no_value"}}},
          {"vaco_no_state", "vaco", {{"weight_inputs", "no_state"}}},
          {"vaco_value_only", "vaco", {{"weight_inputs", "value_only"}}},
          {"bc_choices", "bc", {{"bc_steps", "20"}}, true},
          {"bc10_choices", "bc10", {{"bc_steps", "20"}}, true},
          {"iql_choices", "iql", {{"iql_steps", "20"}}, true},
          {"weighted_bc_choices", "weighted_bc", {{"value_steps", "9"}, {"bc_steps", "12"}}, true},
          {"vaco_choices", "vaco", {}, true},
          {"vaco_choices_trajectory", "vaco", {{"weight_level", "trajectory"}}, true},
          {"vaco_choices_sample", "vaco", {{"weight_level", "sample"}, {"which_q", "mean"}}, true},
          {"vaco_choices_fresh", "vaco", {{"high_batch", "fresh"}, {"which_q", "first"}}, true},
          {"vaco_choices_darts", "vaco", {{"hypergradient", "darts"}}, true},
          {"vaco_choices_double_backward", "vaco", {{"hypergradient", "double_backward"}}, true}};
}

inline int64_t total_steps(const Algorithm& algorithm) {
  int64_t total = 0;
  for (const auto& phase : algorithm.phases()) total += phase.steps;
  return total;
}

}  // namespace vaco::testing
