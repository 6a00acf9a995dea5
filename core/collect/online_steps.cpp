// SPDX-License-Identifier: GPL-3.0-or-later
// The loop of online training: episodes, and what is done between two steps.
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/append.h"
#include "core/base/rng_streams.h"
#include "core/collect/online_rows.h"
#include "core/collect/online_training.h"
#include "core/data/policy_file.h"
#include "core/records/manifest.h"

namespace vaco {
namespace {

using Clock = ProgressMeter::Clock;

constexpr uint64_t kEvaluationSeed = 0x6576616c;

}  // namespace

void OnlineTraining::tell_progress() {
  const auto now = Clock::now();
  if (now - told_ < std::chrono::milliseconds(100)) return;
  told_ = now;
  publish(meter_->at(rows_.rows, now));
}

Result<void> OnlineTraining::train(const std::stop_token& stop) {
  const int64_t steps = params_.integer("online_steps");
  const int64_t interval = params_.integer("checkpoint_interval");
  meter_->start_clock(rows_.rows, Clock::now());
  while (rows_.rows < steps) {
    if (auto r = episode(); !r) return r;
    const bool stopping = stop.stop_requested();
    const bool due = interval > 0 && rows_.rows / interval > saved_step_ / interval;
    if (due || stopping || rows_.rows == steps)
      if (auto r = save(); !r) return r;
    if (stopping && rows_.rows < steps)
      return Error{ErrorCode::stopped, "stopped at step " + std::to_string(rows_.rows) +
                                           "; go on with vaco collect --resume " + folder_.path().string()};
  }
  meter_->stop_clock(rows_.rows, Clock::now());
  return {};
}

Result<void> OnlineTraining::episode() {
  auto& env = *environment_;
  const auto& info = env.info();
  const int64_t steps = params_.integer("online_steps");
  const auto number = static_cast<uint64_t>(episodes_);
  // Generators by episode: nothing of them needs to be saved.
  Rng reset(config_.seed, streams::kOnlineReset + number), rng(config_.seed, streams::kOnlineNoise + number);
  std::vector<float> observation(static_cast<size_t>(info.obs_dim)), next(observation.size()),
      action(static_cast<size_t>(info.action_dim)), in_units;
  env.reset(reset);
  env.observe(observation);
  double total = 0.0;
  for (bool over = false; !over;) {
    const bool random = rows_.rows < exploration_.random_steps;
    if (!random) {
      learner_->act(observation, action);
      unit_->from_unit(action);
    }
    for (size_t i = 0; i < action.size(); ++i) {
      const double low = info.action_low[i], high = info.action_high[i];
      const double wanted = random
                                ? rng.uniform(low, high)
                                : action[i] + exploration_.exploration_noise * (high - low) / 2 * rng.normal();
      action[i] = static_cast<float>(std::clamp(wanted, low, high));
    }
    append(rows_.qpos, env.qpos());
    append(rows_.qvel, env.qvel());
    append(rows_.observations, observation);
    append(rows_.actions, action);
    const auto result = env.step(action);
    env.observe(next);
    append(rows_.next_observations, next);
    const auto reward = static_cast<float>(result.reward);
    total += static_cast<double>(reward);
    rows_.rewards.push_back(reward);
    ++rows_.rows;
    over = result.terminated || result.truncated || rows_.rows == steps;
    rows_.terminals.push_back(result.terminated);
    rows_.timeouts.push_back(over && !result.terminated);
    in_units = action;
    unit_->to_unit(std::span(in_units));
    learner_->append({.observation = observation,
                      .action = in_units,
                      .next_observation = next,
                      .reward = reward,
                      .mask = result.terminated ? 0.0f : 1.0f});
    if (!random) learner_->update();
    std::swap(observation, next);
    if (over) {
      ++episodes_;
      last_return_ = total;
    }
    if (auto r = after_step(); !r) return r;
  }
  return {};
}

Result<void> OnlineTraining::after_step() {
  const int64_t step = rows_.rows;
  const bool last = step == params_.integer("online_steps");
  tell_progress();
  if (last || is_due(step, params_.integer("log_interval"))) {
    Metrics metrics{.step = step, .phase = "online", .values = learner_->take_metrics()};
    for (const auto& [key, value] : metrics.values)
      if (!std::isfinite(value))
        return Error{ErrorCode::failed, "step " + std::to_string(step) + ": " + key +
                                            " is no longer a finite number, so training has diverged. Start "
                                            "again with smaller learning rates or another seed"};
    metrics.values.push_back({"episode_return", last_return_});
    if (auto r = folder_.append_metrics(to_json(metrics)); !r) return r;
    publish(std::move(metrics));
  }
  if ((last || is_due(step, params_.integer("eval_interval"))) && learner_->updates() > 0) return evaluate();
  return {};
}

Result<void> OnlineTraining::evaluate() {
  meter_->stop_clock(rows_.rows, Clock::now());
  auto policy = learner_->policy();
  policy.step = rows_.rows;
  policy.algorithm = "td3";
  policy.environment = config_.environment;
  policy.action_low = unit_->low();
  policy.action_high = unit_->high();
  policy.note = "online TD3, physics " + config_.physics + ", seed " + std::to_string(config_.seed);
  const PolicyOrigin origin = this->origin();
  if (auto written = write_policy(online_policy_path(folder_.path(), policy.step), policy, origin); !written)
    return written;
  auto result = evaluate_policy(policy, {.environment = config_.environment,
                                         .physics = physics_,
                                         .episodes = static_cast<int>(params_.integer("eval_episodes")),
                                         .seed = kEvaluationSeed,
                                         .threads = std::max(1, config_.threads)});
  if (!result) return result.error();
  EvaluationDone done{.result = std::move(*result), .phase = "online"};
  if (auto written = write_policy(folder_.path() / "policy.h5", policy, origin); !written) return written;
  if (!best_score_ || score_of(done.result) > *best_score_) {
    if (auto written = write_policy(folder_.path() / "best_policy.h5", policy, origin); !written)
      return written;
    best_score_ = score_of(done.result);
  }
  Json line = to_json(done);
  line["physics"] = config_.physics;
  line["simulator"] = simulator_version();
  if (auto r = folder_.append_evaluation(line); !r) return r;
  publish(std::move(done));
  meter_->start_clock(rows_.rows, Clock::now());
  return {};
}

Result<void> OnlineTraining::save() {
  meter_->look(rows_.rows, Clock::now());
  Checkpoint checkpoint;
  checkpoint.step = rows_.rows;
  checkpoint.algorithm = kOnlineTd3;
  checkpoint.phase = "online";
  checkpoint.training_seconds = seconds_before_ + meter_->seconds();
  checkpoint.fingerprint = fingerprint_;
  checkpoint.state = learner_->save();
  rows_to_state(rows_, environment_->info(), checkpoint.state);
  auto saved = folder_.save_checkpoint(std::move(checkpoint), false);
  if (!saved) return saved.error();
  saved_step_ = rows_.rows;
  publish(CheckpointSaved{.step = rows_.rows, .path = *saved});
  return {};
}

}  // namespace vaco
