// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/evaluator.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "core/base/guard.h"
#include "core/base/threads.h"
#include "core/sim/policy_fit.h"
#include "core/stats/statistics.h"
#include "core/tasks/reference_scores.h"

namespace vaco {
namespace {

struct Episode {
  double total = 0.0;
  int length = 0;
};

// One episode; returns false when stopped on the way.
bool roll_episode(Environment& env, PolicyActor& actor, Rng rng, const std::stop_token& stop,
                  Episode& episode) {
  const auto& info = env.info();
  std::vector<float> observation(static_cast<size_t>(info.obs_dim)),
      action(static_cast<size_t>(info.action_dim));
  env.reset(rng);
  for (;;) {
    if (stop.stop_requested()) return false;
    env.observe(observation);
    actor.act(observation, action);
    for (size_t i = 0; i < action.size(); ++i)
      action[i] = std::clamp(action[i], info.action_low[i], info.action_high[i]);
    const auto result = env.step(action);
    episode.total += result.reward;
    ++episode.length;
    if (result.terminated || result.truncated) return true;
  }
}

void summarize(const std::string& environment, EvaluationResult& result) {
  result.mean_return = mean(result.returns);
  result.std_return = standard_deviation(result.returns);
  if (const auto reference = reference_scores(environment)) {
    result.has_reference = true;
    result.normalized_mean = reference->normalized(result.mean_return);
    result.normalized_std = reference->normalized_spread(result.std_return);
  }
}

}  // namespace

Result<EvaluationResult> evaluate_policy(const PolicySnapshot& policy, const EvaluationOptions& options,
                                         std::stop_token stop) {
  if (options.episodes < 1) return Error{ErrorCode::usage, "an evaluation needs at least 1 episode"};
  const int workers = std::clamp(options.threads, 1, options.episodes);
  std::vector<std::unique_ptr<Environment>> environments;
  for (int i = 0; i < workers; ++i) {
    auto env = make_environment(options.environment, options.physics);
    if (!env) return env.error();
    environments.push_back(std::move(env).value());
  }
  if (const auto misfit = policy_misfit(policy, environments[0]->info()); !misfit.empty())
    return Error{ErrorCode::usage, "the policy " + misfit};

  std::vector<Episode> episodes(static_cast<size_t>(options.episodes));
  std::atomic<int> next = 0;
  std::atomic<bool> stopped = false;
  std::vector<Result<void>> outcomes(environments.size());
  const auto work = [&](size_t worker) {
    outcomes[worker] = guarded("the evaluation", [&] {
      PolicyActor actor(policy);
      for (int i = next++; i < options.episodes && !stopped; i = next++)
        if (!roll_episode(*environments[worker], actor, Rng(options.seed, static_cast<uint64_t>(i)), stop,
                          episodes[static_cast<size_t>(i)]))
          stopped = true;
    });
    if (!outcomes[worker]) stopped = true;
  };
  std::vector<std::jthread> threads;
  threads.reserve(environments.size());
  for (size_t i = 1; i < environments.size(); ++i) {
    auto thread = start_thread([&work, i](const std::stop_token&) { work(i); });
    if (!thread) break;  // the episodes are shared out among those that there are
    threads.push_back(std::move(*thread));
  }
  work(0);
  const int worked = static_cast<int>(threads.size()) + 1;
  threads.clear();
  for (const auto& outcome : outcomes)
    if (!outcome) return outcome.error();
  if (stopped) return Error{ErrorCode::stopped, "the evaluation was stopped"};

  EvaluationResult result;
  result.step = policy.step;
  result.threads = worked;
  for (const auto& episode : episodes) {
    result.returns.push_back(episode.total);
    result.lengths.push_back(episode.length);
  }
  summarize(options.environment, result);
  return result;
}

}  // namespace vaco
