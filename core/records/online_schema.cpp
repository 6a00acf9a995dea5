// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/online_schema.h"

#include <iterator>

#include "core/learn/online_learner.h"

namespace vaco {
namespace {

ParamSpec whole_number(const std::string& key, const std::string& label, int64_t by_default, double min,
                       const std::string& unit, const std::string& help, const std::string& affects) {
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
  spec.unit = unit;
  spec.affects = affects;
  spec.reference = "our choice";
  return spec;
}

std::vector<ParamSpec> make_schema() {
  auto schema = online_td3_schema();
  std::vector<ParamSpec> run{
      whole_number("online_steps", "Steps", 300000, 1, "steps", "Steps in the environment.",
                   "how good the expert is; time"),
      whole_number("eval_interval", "Evaluate every", 5000, 1, "steps",
                   "Steps between evaluations; medium and expert policy are chosen among the evaluated ones.",
                   "how finely the medium policy can be chosen; time"),
      whole_number("eval_episodes", "Episodes per evaluation", 10, 1, "episodes",
                   "How many episodes are averaged in each evaluation.", "the noise of the learning curve"),
      whole_number("log_interval", "Log every", 1000, 1, "steps",
                   "Steps over which the training scalars are averaged into one line of metrics.jsonl.",
                   "how fine the training curves are"),
      whole_number("checkpoint_interval", "Checkpoint every", 25000, 0, "steps",
                   "Steps between checkpoints, which hold every transition; 0 saves only when stopped and at "
                   "the end.",
                   "how much work a crash can cost"),
      whole_number("set_rows", "Rows of a dataset", 200000, 1, "rows",
                   "Transitions of the random, medium and expert datasets.", "size of the datasets; time"),
  };
  ParamSpec noise;
  noise.key = "set_noise";
  noise.label = "Action noise of the datasets";
  noise.help =
      "Standard deviation of the noise on the actions of the medium and expert datasets, so that they have "
      "the spread of recorded data.";
  noise.default_value = 0.1;
  noise.min = 0.0;
  noise.max = 2.0;
  noise.warn_max = 0.5;
  noise.group = "Run";
  noise.affects = "the spread of actions in the datasets";
  noise.reference = "our choice";
  run.push_back(noise);
  schema.insert(schema.end(), std::make_move_iterator(run.begin()), std::make_move_iterator(run.end()));
  return schema;
}

}  // namespace

const std::vector<ParamSpec>& online_schema() {
  static const std::vector<ParamSpec> schema = make_schema();
  return schema;
}

}  // namespace vaco
