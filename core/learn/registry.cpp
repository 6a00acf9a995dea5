// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/learn/algorithms/awac.h"
#include "core/learn/algorithms/bc.h"
#include "core/learn/algorithms/cql.h"
#include "core/learn/algorithms/edac.h"
#include "core/learn/algorithms/iql.h"
#include "core/learn/algorithms/rebrac.h"
#include "core/learn/algorithms/td3.h"
#include "core/learn/algorithms/vaco.h"
#include "core/learn/algorithms/weighted_bc.h"

namespace vaco {
namespace {

/// A new algorithm is a new file and a line here.
const std::vector<AlgorithmEntry>& entries() {
  static const std::vector<AlgorithmEntry> all{
      vaco_entry(), bc_entry(),     bc10_entry(), iql_entry(),  td3_bc_entry(),      td3_entry(),
      awac_entry(), rebrac_entry(), cql_entry(),  edac_entry(), weighted_bc_entry(),
  };
  return all;
}

/// Empty when data and parameters can be trained on, else what is wrong.
std::string problem_of(const TrainingData& data) {
  if (data.rows < 2) return "the dataset has fewer than two rows";
  if (data.obs_dim < 1 || data.action_dim < 1) return "the dataset has no observations or no actions";
  if (data.action_count > 0 && data.action_count != data.action_dim)
    return "discrete actions are not one column a choice";
  if (data.action_count == 1) return "there is only one action to choose";
  for (int64_t i = 0; i < data.action_dim; ++i)
    if (!(data.action_low[static_cast<size_t>(i)] < data.action_high[static_cast<size_t>(i)]))
      return "action " + std::to_string(i) + " never varies, so its bounds enclose nothing";
  return {};
}

}  // namespace

const std::vector<AlgorithmInfo>& algorithms() {
  static const std::vector<AlgorithmInfo> infos = [] {
    std::vector<AlgorithmInfo> list;
    for (const auto& entry : entries()) list.push_back(entry.info);
    return list;
  }();
  return infos;
}

Result<std::unique_ptr<Algorithm>> make_algorithm(const std::string& key, const ParamSet& params,
                                                  const TrainingData& data, uint64_t seed,
                                                  const ComputeOptions& options) {
  const auto found = find_algorithm(key);
  if (!found) return found.error();
  if (auto can = check_actions(**found, params, data.action_count, "the dataset"); !can) return can.error();
  if (const auto problem = problem_of(data); !problem.empty()) return Error{ErrorCode::bad_data, problem};
  auto compute = Compute::make(options);
  if (!compute) return compute.error();
  const auto entry =
      std::find_if(entries().begin(), entries().end(), [&](const auto& e) { return e.info.key == key; });
  return entry->make({std::move(*compute), data, seed}, params);
}

}  // namespace vaco
