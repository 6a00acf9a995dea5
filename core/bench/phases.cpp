// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/phases.h"

namespace vaco {
namespace {

/// Phases of VACO, and other algorithms under their own names.
std::string algorithm_of(const std::string& phase) {
  return phase == "iql" || phase == "td3_bc" ? phase : "vaco";
}

}  // namespace

ParamSet params_for(const std::string& phase) {
  constexpr int64_t kForever = 1000000000;
  ParamSet params((*find_algorithm(algorithm_of(phase)))->schema);
  if (phase == "td3_bc") params.set("td3_steps", kForever);
  if (phase == "iql") {
    params.set("iql_steps", kForever);
    params.set("policy_type", std::string("deterministic"));
  }
  if (algorithm_of(phase) != "vaco") return params;
  params.set("value_steps", phase == "value" ? kForever : int64_t{1});
  params.set("warmup_steps", phase == "bc" ? kForever : int64_t{0});
  params.set("bilevel_steps", kForever);
  params.set("state_noise", 0.0);
  params.set("weight_budget", 0.0);
  return params;
}

std::unique_ptr<Algorithm> at_phase(const std::string& phase, const TrainingData& data,
                                    const ComputeOptions& compute, uint64_t seed) {
  auto made = make_algorithm(algorithm_of(phase), params_for(phase), data, seed, compute);
  if (!made) return nullptr;
  if (phase == "bilevel" || phase == "bc") (*made)->update();  // the single value step
  if (phase == "bilevel") (*made)->update();                   // scores Q over the dataset
  return std::move(*made);
}

}  // namespace vaco
