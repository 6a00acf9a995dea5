// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/online_training.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/collect/online_sets.h"
#include "core/learn/online_learner.h"
#include "core/records/append_file.h"
#include "core/records/events.h"
#include "core/records/online_schema.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

std::vector<EvaluationDone> evaluations_of(const fs::path& run) {
  std::vector<EvaluationDone> all;
  read_json_lines(run / "eval.jsonl", 0, [&](const Json& line) {
    auto done = evaluation_from_json(line);
    if (done) all.push_back(std::move(*done));
    return done.ok();
  });
  return all;
}

}  // namespace

bool learns_online(const RunConfig& config) {
  return config.algorithm == kOnlineTd3;
}

Result<void> check_online(const RunConfig& config) {
  const auto physics = parse_physics(config.physics);
  if (!physics) return physics.error();
  const auto environment = environment_info(config.environment, *physics);
  if (!environment) return environment.error();
  if (environment->action_count > 0)
    return Error{ErrorCode::usage, "the actions of " + environment->label +
                                       " are choices, and TD3 learns continuous ones: collect with policies "
                                       "(--policy) instead"};
  const auto params = config.param_set();
  const int64_t steps = params.integer("online_steps"), random = params.integer("random_steps");
  if (steps > random) return {};
  return Error{ErrorCode::usage, std::to_string(steps) + " steps are too few: the first " +
                                     std::to_string(random) +
                                     " act at random, so nothing would be learned. Ask for more (--steps), or "
                                     "set random_steps lower"};
}

fs::path online_policy_path(const fs::path& run, int64_t step) {
  char name[40];
  std::snprintf(name, sizeof name, "step_%09lld.h5", static_cast<long long>(step));
  return run / "policies" / name;
}

Result<void> keep_policies_up_to(const fs::path& run, int64_t step) {
  if (auto made = make_folder(run / "policies"); !made) return made;
  std::error_code ignored;
  for (const auto& entry : entries_of(run / "policies"))
    if (entry > online_policy_path(run, step) || entry.filename().string().find(".tmp-") != std::string::npos)
      fs::remove(entry, ignored);
  return {};
}

Result<Json> make_sets_of_run(const fs::path& run, const RunConfig& config, const PolicyOrigin& origin,
                              const CollectedRows& rows, const ProgressFn& progress,
                              const std::stop_token& stop) {
  const auto physics = parse_physics(config.physics);
  if (!physics) return physics.error();
  const auto chosen = choose_policies(evaluations_of(run));
  if (!chosen) return chosen.error();
  const auto open = [&](const EvaluationDone& done,
                        const char* name) -> Result<std::shared_ptr<const PolicySnapshot>> {
    auto policy = read_policy(online_policy_path(run, done.result.step));
    if (!policy) return policy.error();
    if (auto written = write_policy(run / "policies" / name, *policy, origin); !written) return written.error();
    return std::make_shared<const PolicySnapshot>(std::move(*policy));
  };
  const auto medium = open(chosen->medium, "medium.h5");
  if (!medium) return medium.error();
  const auto expert = open(chosen->expert, "expert.h5");
  if (!expert) return expert.error();
  const auto params = config.param_set();
  auto sets = make_online_sets({.folder = run,
                                .environment = config.environment,
                                .physics = *physics,
                                .seed = config.seed,
                                .rows = params.integer("set_rows"),
                                .action_noise = params.real("set_noise"),
                                .random_steps = read_params<ExplorationParams>(params).random_steps,
                                .medium = *medium,
                                .expert = *expert,
                                .chosen = *chosen},
                               rows, progress, stop);
  if (!sets) return sets.error();
  return Json{
      {"medium", to_json(chosen->medium)}, {"expert", to_json(chosen->expert)}, {"datasets", std::move(*sets)}};
}

}  // namespace vaco
