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
#include "core/learn/schemas.h"

namespace vaco {
namespace {

using Maker = std::unique_ptr<Algorithm> (*)(std::unique_ptr<Compute>, const ParamSet&, const TrainingData&,
                                             uint64_t);

struct Entry {
  AlgorithmInfo info;
  Maker make;
};

/// A new algorithm is a new file and a line here.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      {{"vaco", "VACO", "Value-aligned behavior cloning: weights learned by bi-level optimization",
        vaco_schema()},
       make_vaco},
      {{"bc", "BC", "Plain behavior cloning of all data", bc_schema(false)}, make_bc},
      {{"bc10", "10 % BC", "Behavior cloning of the trajectories of highest return", bc_schema(true)}, make_bc},
      {{"iql", "IQL", "Implicit Q-learning: advantage-weighted cloning with expectile values", iql_schema()},
       make_iql},
      {{"td3_bc", "TD3+BC", "TD3 whose policy is held near the data's actions by a cloning term",
        td3_schema(true)},
       make_td3},
      {{"td3", "TD3", "TD3 on the data alone, with nothing that holds the policy near it", td3_schema(false)},
       make_td3},
      {{"awac", "AWAC", "Advantage-weighted actor-critic: advantage-weighted cloning with TD critics",
        awac_schema()},
       make_awac},
      {{"rebrac", "ReBRAC", "TD3 with cloning penalties for policy and critics, and normalized critics",
        rebrac_schema()},
       make_rebrac},
      {{"cql", "CQL", "Conservative Q-learning: values outside the data are pushed down", cql_schema()},
       make_cql},
      {{"edac", "EDAC", "Soft actor-critic with an ensemble of critics whose action gradients differ",
        edac_schema()},
       make_edac},
      {{"weighted_bc", "Weighted BC",
        "Cloning with fixed weights from values or returns: VACO without learned weights",
        weighted_bc_schema()},
       make_weighted_bc},
  };
  return all;
}

/// Empty when data and parameters can be trained on, else what is wrong.
std::string problem_of(const TrainingData& data) {
  if (data.rows < 2) return "the dataset has fewer than two rows";
  if (data.obs_dim < 1 || data.action_dim < 1) return "the dataset has no observations or no actions";
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

Result<const AlgorithmInfo*> find_algorithm(const std::string& key) {
  std::string known;
  for (const auto& info : algorithms()) {
    if (info.key == key) return &info;
    known += (known.empty() ? "" : ", ") + info.key;
  }
  return Error{ErrorCode::usage, "there is no algorithm '" + key + "'; there are " + known};
}

Result<std::unique_ptr<Algorithm>> make_algorithm(const std::string& key, const ParamSet& params,
                                                  const TrainingData& data, uint64_t seed,
                                                  const ComputeOptions& options) {
  if (auto found = find_algorithm(key); !found) return found.error();
  if (const auto problem = problem_of(data); !problem.empty()) return Error{ErrorCode::bad_data, problem};
  auto compute = Compute::make(options);
  if (!compute) return compute.error();
  const auto entry =
      std::find_if(entries().begin(), entries().end(), [&](const auto& e) { return e.info.key == key; });
  return entry->make(std::move(*compute), params, data, seed);
}

}  // namespace vaco
