// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithm.h"

namespace vaco {

std::string display_name(const Metric& metric) {
  const std::string symbol = metric.symbol;
  if (symbol.empty()) return metric.label;
  // What reads as a phrase of its own stands behind a comma.
  return metric.label + std::string(symbol.find('(') == std::string::npos ? " " : ", ") + symbol;
}

Result<const AlgorithmInfo*> find_algorithm(const std::string& key) {
  std::string known;
  for (const auto& info : algorithms()) {
    if (info.key == key) return &info;
    known += (known.empty() ? "" : ", ") + info.key;
  }
  return Error{ErrorCode::usage, "there is no algorithm '" + key + "'; there are " + known};
}

Result<void> check_actions(const AlgorithmInfo& algorithm, const ParamSet& params, int64_t action_count,
                           const std::string& dataset) {
  if (action_count == 0) return {};
  if (find_spec(algorithm.schema, "noise_on") && params.choice("noise_on") == "action")
    return Error{ErrorCode::usage,
                 dataset + " has discrete actions, which take no noise: set noise_on to state"};
  if (algorithm.discrete_actions) return {};
  std::string able;
  for (const auto& info : algorithms())
    if (info.discrete_actions) able += (able.empty() ? "" : ", ") + info.key;
  return Error{ErrorCode::bad_data,
               dataset + ": its actions are discrete choices (whole numbers), and " + algorithm.label +
                   " learns continuous ones, so nothing was trained; these learn choices: " + able};
}

}  // namespace vaco
