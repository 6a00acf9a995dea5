// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/replay.h"

#include <algorithm>
#include <span>
#include <vector>

#include "core/records/recorded_trajectory.h"
#include "core/sim/environment.h"
#include "core/sim/policy_fit.h"
#include "core/sim/restep.h"

namespace vaco {
namespace {

Result<std::unique_ptr<Environment>> environment_for(const std::string& name, const std::string& physics) {
  if (name.empty()) return Error{ErrorCode::unavailable, "the environment of the data is not known"};
  const auto kind = physics.empty() ? Physics::v2 : parse_physics(physics);
  if (!kind) return kind.error();
  auto made = make_environment(name, *kind);
  if (!made) return Error{ErrorCode::unavailable, made.error().message};
  return made;
}

void append_state(const Environment& env, Recording& recording) {
  const auto qpos = env.qpos(), qvel = env.qvel();
  recording.qpos.insert(recording.qpos.end(), qpos.begin(), qpos.end());
  recording.qvel.insert(recording.qvel.end(), qvel.begin(), qvel.end());
}

Result<std::shared_ptr<const Recording>> rebuilt(const EpisodeRows& rows, const std::string& environment,
                                                 const std::string& physics) {
  auto env = environment_for(environment, physics);
  if (!env) return env.error();
  auto recording = std::make_shared<Recording>();
  recording->index = rows.index;
  recording->nq = (*env)->info().nq;
  recording->nv = (*env)->info().nv;
  const auto width = static_cast<size_t>(rows.obs_dim);
  for (size_t i = 0; i < rows.rewards.size(); ++i) {
    if (!set_state_from(**env, std::span(rows.observations).subspan(i * width, width)))
      return Error{ErrorCode::unavailable, "the observations do not tell the state of " + (*env)->info().label +
                                               " in row " +
                                               std::to_string(rows.first + static_cast<int64_t>(i))};
    append_state(**env, *recording);
    recording->rewards.push_back(rows.rewards[i]);
  }
  return std::shared_ptr<const Recording>(std::move(recording));
}

}  // namespace

EpisodeRows episode_rows(const Dataset& dataset, int64_t episode) {
  const auto e = static_cast<size_t>(episode);
  const int64_t first = dataset.episodes.first[e], end = first + dataset.episodes.length[e];
  const auto observations = dataset.observations.begin(), rewards = dataset.rewards.begin();
  return {dataset.source.path,
          episode,
          dataset.episodes.in_file()[e],
          dataset.obs_dim,
          {observations + first * dataset.obs_dim, observations + end * dataset.obs_dim},
          {rewards + first, rewards + end}};
}

EpisodeRows episode_rows(const ExplainedRun& run, int64_t trajectory) {
  const auto t = static_cast<size_t>(trajectory);
  const int64_t first = run.table.episodes.first[t], end = first + run.table.episodes.length[t];
  const auto observations = run.observations.begin(), rewards = run.rewards.begin();
  EpisodeRows rows{run.config.dataset,
                   trajectory,
                   run.table.episodes.in_file()[t],
                   run.obs_dim,
                   {observations + first * run.obs_dim, observations + end * run.obs_dim},
                   {rewards + first, rewards + end}};
  const auto width = static_cast<size_t>(run.obs_dim);
  for (size_t i = 0; i < rows.observations.size(); ++i)
    rows.observations[i] =
        rows.observations[i] * run.observation_scale[i % width] + run.observation_mean[i % width];
  return rows;
}

Result<EpisodeStates> episode_states(const EpisodeRows& rows, const std::string& environment,
                                     const std::string& physics) {
  auto stored =
      read_episode_states(rows.dataset, rows.index, rows.first, static_cast<int64_t>(rows.rewards.size()));
  if (stored) return EpisodeStates{std::move(*stored), false};
  auto made = rebuilt(rows, environment, physics);
  if (made) return EpisodeStates{std::move(*made), true};
  return Error{ErrorCode::unavailable, stored.error().message + ", and " + made.error().message};
}

Result<std::shared_ptr<const Recording>> act_from(const PolicySnapshot& policy, const std::string& environment,
                                                  const std::string& physics, const Recording& recording,
                                                  int64_t row, int64_t steps) {
  auto made = environment_for(environment, physics);
  if (!made) return made.error();
  auto& env = **made;
  const auto& info = env.info();
  if (const auto misfit = policy_misfit(policy, info); !misfit.empty())
    return Error{ErrorCode::usage, "the policy " + misfit};
  if (recording.nq != info.nq || recording.nv != info.nv || row < 0 || row >= recording.length())
    return Error{ErrorCode::usage, "the recording has no such state of " + info.label};
  const auto nq = static_cast<size_t>(info.nq), nv = static_cast<size_t>(info.nv),
             at = static_cast<size_t>(row);
  env.set_state(std::span(recording.qpos).subspan(at * nq, nq), std::span(recording.qvel).subspan(at * nv, nv));
  auto done = std::make_shared<Recording>();
  done->index = recording.index;
  done->policy_step = policy.step;
  done->nq = info.nq;
  done->nv = info.nv;
  done->action_dim = info.action_dim;
  PolicyActor actor(policy);
  std::vector<float> observation(static_cast<size_t>(info.obs_dim)),
      action(static_cast<size_t>(info.action_dim));
  for (int64_t i = 0; i < steps; ++i) {
    append_state(env, *done);
    env.observe(std::span<float>(observation));
    actor.act(observation, action);
    for (size_t k = 0; k < action.size(); ++k)
      action[k] = std::clamp(action[k], info.action_low[k], info.action_high[k]);
    const auto result = env.step(action);
    done->rewards.push_back(result.reward);
    done->actions.insert(done->actions.end(), action.begin(), action.end());
    if (result.terminated || result.truncated) {
      done->end = result.terminated ? RolledEnd::terminated : RolledEnd::time_limit;
      break;
    }
  }
  return std::shared_ptr<const Recording>(std::move(done));
}

Result<std::shared_ptr<const Recording>> episode_start(const std::string& environment,
                                                       const std::string& physics, int64_t number,
                                                       uint64_t seed) {
  auto made = environment_for(environment, physics);
  if (!made) return made.error();
  auto& env = **made;
  Rng rng(seed, static_cast<uint64_t>(number));
  env.reset(rng);
  auto start = std::make_shared<Recording>();
  start->index = number;
  start->nq = env.info().nq;
  start->nv = env.info().nv;
  append_state(env, *start);
  start->rewards.push_back(0.0);
  return std::shared_ptr<const Recording>(std::move(start));
}

std::shared_ptr<const Recording> recording_from(const Recording& recording, int64_t row) {
  auto rest = std::make_shared<Recording>(recording);
  const auto cut = [row](auto& values, int64_t width) {
    const auto count = std::min<int64_t>(static_cast<int64_t>(values.size()), row * width);
    values.erase(values.begin(), values.begin() + count);
  };
  cut(rest->qpos, rest->nq);
  cut(rest->qvel, rest->nv);
  cut(rest->rewards, 1);
  cut(rest->actions, rest->action_dim);
  return rest;
}

}  // namespace vaco
