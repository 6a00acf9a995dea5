// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithm.h"
#include "core/records/online_schema.h"
#include "core/records/run_config.h"

namespace vaco {
namespace {

ParamSpec steps_between(const std::string& key, const std::string& label, int64_t by_default, double min,
                        const std::string& help, const std::string& affects) {
  ParamSpec spec;
  spec.key = key;
  spec.label = label;
  spec.help = help;
  spec.type = ParamType::integer;
  spec.default_value = by_default;
  spec.min = min;
  spec.max = 1e9;
  spec.scale = ParamScale::logarithmic;
  spec.group = "Run";
  spec.unit = "steps";
  spec.affects = affects;
  spec.reference = "our choice";
  return spec;
}

std::vector<ParamSpec> make_run_schema() {
  std::vector<ParamSpec> schema;
  auto evaluations =
      steps_between("eval_interval", "Evaluate every", 5000, 0,
                    "Steps between evaluations of the policy in the simulator; 0 evaluates only at "
                    "the end. The last policy is always evaluated.",
                    "the points of the return curve, and which policy is the best");
  evaluations.tier = ParamTier::basic;
  evaluations.reference = "IQL, TD3+BC";
  schema.push_back(evaluations);

  ParamSpec episodes;
  episodes.key = "eval_episodes";
  episodes.label = "Episodes per evaluation";
  episodes.help = "How many episodes are averaged in each evaluation; 0 turns evaluation off.";
  episodes.type = ParamType::integer;
  episodes.default_value = int64_t{10};
  episodes.min = 0;
  episodes.max = 10000;
  episodes.warn_max = 200;
  episodes.tier = ParamTier::basic;
  episodes.group = "Run";
  episodes.unit = "episodes";
  episodes.affects = "the noise of the return curve";
  episodes.reference = "IQL, TD3+BC";
  schema.push_back(episodes);

  ParamSpec final_episodes = episodes;
  final_episodes.key = "final_episodes";
  final_episodes.label = "Episodes of the last evaluation";
  final_episodes.help =
      "How many episodes the last policy is evaluated over at the end of the run; 0 takes as many as before. "
      "Where one episode of ten fails now and then, ten say little: a hundred make the score's own error three "
      "times smaller.";
  final_episodes.default_value = int64_t{0};
  final_episodes.warn_max = 1000;
  final_episodes.affects = "the noise of the last score, which reports compare";
  final_episodes.reference = "our choice";
  schema.push_back(final_episodes);

  schema.push_back(steps_between("log_interval", "Log every", 500, 1,
                                 "Steps over which the training scalars are averaged "
                                 "into one line of metrics.jsonl.",
                                 "how fine the training curves are"));
  schema.push_back(
      steps_between("diagnostics_interval", "Weight diagnostics every", 2500, 0,
                    "Steps between looks at the weights of the whole dataset: histogram, correlation "
                    "with returns, effective sample size. 0 looks only at the end of each phase.",
                    "the weight plots; each look costs a pass over the dataset"));
  schema.push_back(
      steps_between("checkpoint_interval", "Checkpoint every", 10000, 0,
                    "Steps between checkpoints, from which a run that was killed goes on bit for bit. "
                    "0 saves only at a new best score, when stopped and at the end.",
                    "how much work a crash can cost"));

  ParamSpec normalize;
  normalize.key = "normalize_observations";
  normalize.label = "Normalize observations";
  normalize.help =
      "Feed (s - mean) / (std + 0.001) to the networks, with statistics of the whole dataset. They are "
      "saved with the policy.";
  normalize.type = ParamType::boolean;
  normalize.default_value = true;
  normalize.group = "Data";
  normalize.affects = "what all networks see";
  normalize.reference = "TD3+BC";
  schema.push_back(normalize);

  ParamSpec scaling;
  scaling.key = "reward_scaling";
  scaling.label = "Reward scaling";
  scaling.help =
      "return_range multiplies rewards by 1000 / (highest - lowest trajectory return); "
      "antmaze subtracts 1; auto takes return_range for locomotion, antmaze for AntMaze, else none. "
      "Returns that are shown are always raw.";
  scaling.type = ParamType::choice;
  scaling.default_value = std::string("auto");
  scaling.choices = {"auto", "none", "return_range", "antmaze"};
  scaling.group = "Data";
  scaling.affects = "the size of the learned values";
  scaling.reference = "IQL";
  schema.push_back(scaling);
  return schema;
}

}  // namespace

Result<std::vector<ParamSpec>> full_schema(const std::string& algorithm) {
  if (algorithm == kOnlineTd3) return online_schema();
  const auto info = find_algorithm(algorithm);
  if (!info) return info.error();
  static const std::vector<ParamSpec> run_schema = make_run_schema();
  std::vector<ParamSpec> schema = (*info)->schema;
  schema.insert(schema.end(), run_schema.begin(), run_schema.end());
  return schema;
}

}  // namespace vaco
