// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/collector.h"

#include <algorithm>
#include <optional>

#include "core/base/append.h"
#include "core/sim/mazes.h"
#include "core/sim/policy_fit.h"
#include "resources/resources.h"

namespace vaco {
namespace {

Result<void> check(const BehaviorPolicy& policy, const EnvironmentInfo& info, int64_t steps) {
  if (steps < 1) return Error{ErrorCode::usage, "collecting needs at least 1 step"};
  if (!(policy.action_noise >= 0.0 && policy.action_noise <= 10.0))
    return Error{ErrorCode::usage, "the action noise of '" + policy.name + "' must be between 0 and 10"};
  if (policy.waypoint && !Maze::of_task(info.name))
    return Error{ErrorCode::usage, "the policy 'waypoint' walks through mazes, but " + info.label +
                                       " is none: use random, a shipped policy, a policy file or a run folder"};
  if (info.action_count > 0 && policy.action_noise > 1.0)
    return Error{ErrorCode::usage, "the actions of " + info.label + " are choices, so the noise of '" +
                                       policy.name + "' is the share of them drawn at random: between 0 and 1"};
  if (!policy.snapshot) return {};
  if (const auto misfit = policy_misfit(*policy.snapshot, info); !misfit.empty())
    return Error{ErrorCode::usage, "the policy '" + policy.name + "' " + misfit};
  return {};
}

// Chooses actions and keeps what that needs.
class Actor {
 public:
  Actor(const BehaviorPolicy& policy, const EnvironmentInfo& info) : policy_(policy), info_(info) {
    if (policy.snapshot) actor_.emplace(*policy.snapshot);
    if (policy.waypoint) walker_.emplace(*Maze::of_task(info.name));
  }

  void begin_episode() {
    if (walker_) walker_->begin_episode();
  }

  void act(std::span<const float> observation, Rng& rng, std::span<float> action) {
    if (actor_) actor_->act(observation, action);
    if (walker_) walker_->act(observation, rng, action);
    if (info_.action_count > 0) return choose(rng, action);
    for (size_t i = 0; i < action.size(); ++i) {
      const float low = info_.action_low[i], high = info_.action_high[i];
      if (!actor_ && !walker_) action[i] = static_cast<float>(rng.uniform(low, high));
      if (policy_.action_noise > 0.0) action[i] += static_cast<float>(policy_.action_noise * rng.normal());
      action[i] = std::clamp(action[i], low, high);
    }
  }

 private:
  void choose(Rng& rng, std::span<float> action) const {
    const bool at_random =
        !actor_ || (policy_.action_noise > 0.0 && rng.uniform(0.0, 1.0) < policy_.action_noise);
    if (at_random) action[0] = static_cast<float>(rng.index(static_cast<uint64_t>(info_.action_count)));
  }

  const BehaviorPolicy& policy_;
  const EnvironmentInfo& info_;
  std::optional<PolicyActor> actor_;
  std::optional<WaypointActor> walker_;
};

}  // namespace

Result<CollectedRows> collect(const BehaviorPolicy& policy, const CollectOptions& options,
                              const ProgressFn& progress, std::stop_token stop) {
  auto made = make_environment(options.environment, options.physics);
  if (!made) return made.error();
  Environment& env = **made;
  const auto& info = env.info();
  if (auto checked = check(policy, info, options.steps); !checked) return checked.error();

  Actor actor(policy, info);
  std::vector<float> observation(static_cast<size_t>(info.obs_dim)),
      action(static_cast<size_t>(info.action_dim));
  CollectedRows out;
  const std::string doing = "collecting with " + policy.name;
  for (uint64_t episode = 0; out.rows < options.steps; ++episode) {
    Rng rng(options.seed, episode);
    env.reset(rng);
    actor.begin_episode();
    env.observe(observation);
    for (bool over = false; !over; ++out.rows) {
      if (out.rows % 1000 == 0) {
        if (stop.stop_requested())
          return Error{ErrorCode::stopped, doing + " was stopped; nothing was written"};
        if (progress) progress(static_cast<double>(out.rows) / static_cast<double>(options.steps), doing);
      }
      append(out.qpos, env.qpos());
      append(out.qvel, env.qvel());
      append(out.observations, observation);
      actor.act(observation, rng, action);
      const auto result = env.step(action);
      env.observe(observation);
      append(out.actions, action);
      append(out.next_observations, observation);
      out.rewards.push_back(static_cast<float>(result.reward));
      const bool last = out.rows + 1 == options.steps;
      out.terminals.push_back(result.terminated);
      out.timeouts.push_back(!result.terminated && (result.truncated || last));
      over = result.terminated || result.truncated || last;
    }
  }
  if (progress) progress(1.0, doing);
  return out;
}

std::vector<ShippedPolicy> shipped_policies(const std::string& environment) {
  const std::string prefix = "policies/" + environment + "_", suffix = ".h5";
  std::vector<ShippedPolicy> found;
  for (const auto& path : list_resources(prefix)) {
    if (!path.ends_with(suffix)) continue;
    found.push_back(
        {environment, path.substr(prefix.size(), path.size() - prefix.size() - suffix.size()), path});
  }
  // Weakest first, as the names say; any other name follows in alphabetical order.
  const auto rank = [](const ShippedPolicy& p) {
    if (p.name.starts_with("replay_")) return 0;
    return p.name == "medium" ? 1 : p.name == "expert" ? 2 : 3;
  };
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return found;
}

}  // namespace vaco
