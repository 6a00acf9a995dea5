// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/demo.h"

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/data/policy_file.h"
#include "core/data/writer.h"
#include "core/run/manifest.h"
#include "core/sim/collector.h"
#include "resources/resources.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr const char* kEnvironment = "hopper";
constexpr int64_t kStepsPerPolicy = 20000;
constexpr uint64_t kSeed = 1;
constexpr const char* kFileName = "hopper_mixed_demo-v2.hdf5";

/// Random behavior first, then the shipped policies in their order.
Result<std::vector<BehaviorPolicy>> demo_policies() {
  std::vector<BehaviorPolicy> policies;
  policies.push_back({.name = "random", .snapshot = nullptr, .action_noise = 0.0});
  for (const auto& shipped : shipped_policies(kEnvironment)) {
    const auto content = find_resource(shipped.resource);
    auto policy = read_policy(std::as_bytes(std::span(content)), shipped.resource);
    if (!policy) return policy.error();
    policies.push_back({.name = shipped.name,
                        .snapshot = std::make_shared<const PolicySnapshot>(std::move(*policy)),
                        .action_noise = 0.0});
  }
  if (policies.size() < 2)
    return Error{ErrorCode::unavailable,
                 "this build of the program ships no behavior policies, so the demo data cannot be made"};
  return policies;
}

DatasetColumns columns_of(CollectedRows rows, const EnvironmentInfo& info, const std::string& policy) {
  DatasetColumns columns;
  columns.rows = rows.rows;
  columns.obs_dim = info.obs_dim;
  columns.action_dim = info.action_dim;
  columns.qpos_dim = info.nq;
  columns.qvel_dim = info.nv;
  columns.observations = std::move(rows.observations);
  columns.actions = std::move(rows.actions);
  columns.rewards = std::move(rows.rewards);
  columns.next_observations = std::move(rows.next_observations);
  columns.terminals = std::move(rows.terminals);
  columns.timeouts = std::move(rows.timeouts);
  columns.qpos = std::move(rows.qpos);
  columns.qvel = std::move(rows.qvel);
  columns.policy_ids.assign(static_cast<size_t>(rows.rows), 0);
  columns.policy_names = {policy};
  columns.environment = info.name;
  columns.physics = to_text(Physics::v2);
  return columns;
}

Result<DatasetColumns> collect_demo(const ProgressFn& progress, std::stop_token stop) {
  const auto policies = demo_policies();
  if (!policies) return policies.error();
  const auto environment = make_environment(kEnvironment, Physics::v2);
  if (!environment) return environment.error();
  DatasetColumns all;
  for (size_t i = 0; i < policies->size(); ++i) {
    const auto& policy = (*policies)[i];
    CollectOptions options;
    options.environment = kEnvironment;
    options.steps = kStepsPerPolicy;
    options.seed = Rng(kSeed, i).next();
    const auto tell = [&](double fraction, std::string_view) {
      const double done = (static_cast<double>(i) + fraction) / static_cast<double>(policies->size());
      if (progress) progress(done, "Rolling out " + policy.name + " behavior");
    };
    auto rows = collect(policy, options, tell, stop);
    if (!rows) return rows.error();
    auto columns = columns_of(std::move(*rows), (*environment)->info(), policy.name);
    if (i == 0)
      all = std::move(columns);
    else if (auto added = all.append(columns); !added)
      return added.error();
  }
  all.provenance =
      to_line({{"program", "vaco-workbench " + program_version()},
               {"what", "demo data: the behavior policies shipped with the program, in equal parts"},
               {"steps_per_policy", kStepsPerPolicy},
               {"seed", kSeed}});
  return all;
}

}  // namespace

Result<fs::path> demo_dataset(const ProgressFn& progress, std::stop_token stop) {
  const fs::path folder = program_data_folder() / "datasets";
  const fs::path path = folder / kFileName;
  if (fs::is_regular_file(path)) return path;  // written atomically, so if it is there it is whole
  if (auto made = make_folder(folder); !made) return made.error();
  const auto columns = collect_demo(progress, stop);
  if (!columns) return columns.error().within("making the demo data");
  if (progress) progress(1.0, "Writing the demo data");
  if (auto written = write_dataset(path, *columns); !written) return written.error();
  return path;
}

Result<RunConfig> demo_config(const std::string& algorithm, const fs::path& dataset) {
  auto config = make_config(algorithm, "demo");
  if (!config) return config.error();
  config->dataset = dataset;
  config->environment = kEnvironment;
  return config;
}

}  // namespace vaco
