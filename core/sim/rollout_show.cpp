// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/rollout_show.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "core/sim/policy_fit.h"

namespace vaco {
namespace {

constexpr double kHoldSeconds = 0.7;  // how long the last picture of an episode stays

}  // namespace

RolloutShow::RolloutShow(Environment& env)
    : env_(env),
      observation_(static_cast<size_t>(env.info().obs_dim)),
      action_(static_cast<size_t>(env.info().action_dim)) {
  restart();
}

std::string RolloutShow::set_policy(std::shared_ptr<const PolicySnapshot> policy) {
  if (policy == policy_) return {};
  actor_.reset();
  policy_ = std::move(policy);
  if (!policy_) return {};
  if (const auto misfit = policy_misfit(*policy_, env_.info()); !misfit.empty()) return "the policy " + misfit;
  actor_.emplace(*policy_);
  return {};
}

void RolloutShow::set_values(std::shared_ptr<const ValueSnapshot> values) {
  const auto& info = env_.info();
  reader_.reset();
  values_ = std::move(values);
  if (values_ && !values_->critics.empty() && values_->obs_dim == info.obs_dim &&
      values_->action_dim == info.action_dim && values_->action_count == info.action_count)
    reader_.emplace(*values_);
}

double RolloutShow::next_value() {
  const auto unknown = std::numeric_limits<double>::quiet_NaN();
  if (!reader_) return unknown;
  env_.observe(std::span<float>(observation_));
  if (time_step_ < seen().length()) {
    const auto width = static_cast<size_t>(env_.info().action_dim);
    if (seen().action_dim != env_.info().action_dim) return unknown;
    return reader_->value(observation_,
                          std::span(seen().actions).subspan(static_cast<size_t>(time_step_) * width, width));
  }
  if (recording_ || over_ || !actor_) return unknown;
  actor_->act(observation_, action_);
  return reader_->value(observation_, action_);
}

std::string RolloutShow::set_recording(std::shared_ptr<const Recording> recording) {
  if (recording == recording_) return {};
  const auto& info = env_.info();
  const auto fits = [&](const Recording& one) {
    const auto rows = one.states();
    const auto width = static_cast<size_t>(one.action_dim);
    return one.length() > 0 && (rows == one.length() || rows == one.length() + 1) && one.nq == info.nq &&
           one.nv == info.nv && one.qpos.size() == static_cast<size_t>(rows * one.nq) &&
           one.qvel.size() == static_cast<size_t>(rows * one.nv) &&
           one.actions.size() == static_cast<size_t>(one.length()) * width;
  };
  std::string problem;
  if (recording && !fits(*recording)) {
    problem = "the trajectory was not recorded in " + info.label + ": its states have " +
              std::to_string(recording->nq) + " positions and " + std::to_string(recording->nv) +
              " velocities, not " + std::to_string(info.nq) + " and " + std::to_string(info.nv);
    recording.reset();
  }
  const bool was_shown = recording_ != nullptr;
  if (recording && !was_shown) file_live(RolledEnd::cut);
  recording_ = std::move(recording);
  if (recording_ || was_shown) restart();
  return problem;
}

void RolloutShow::show_row() {
  const auto row = static_cast<size_t>(time_step_), nq = static_cast<size_t>(seen().nq),
             nv = static_cast<size_t>(seen().nv);
  env_.set_state(std::span(seen().qpos).subspan(row * nq, nq), std::span(seen().qvel).subspan(row * nv, nv));
}

void RolloutShow::restart() {
  time_step_ = 0;
  total_ = reward_ = owed_ = hold_ = 0.0;
  falling_ = over_ = false;
  if (recording_) return show_row();
  file_live(RolledEnd::cut);
  begin_live();
}

void RolloutShow::begin_live() {
  ++episode_;
  Rng rng(0, static_cast<uint64_t>(episode_));
  env_.reset(rng);
  const auto& info = env_.info();
  live_ = {};
  live_.index = episode_;
  live_.nq = info.nq;
  live_.nv = info.nv;
  live_.action_dim = info.action_dim;
  filed_ = false;
  add_state();
}

void RolloutShow::add_state() {
  live_.qpos.insert(live_.qpos.end(), env_.qpos().begin(), env_.qpos().end());
  live_.qvel.insert(live_.qvel.end(), env_.qvel().begin(), env_.qvel().end());
}

void RolloutShow::file_live(RolledEnd end) {
  if (filed_ || live_.length() == 0) return;
  filed_ = true;
  live_.end = end;
  rolled_.push_back(std::make_shared<const Recording>(live_));
  if (rolled_.size() > kMostRolled) rolled_.pop_front();
  ++rolled_ever_;
}

void RolloutShow::step() {
  if (!can_act()) return;
  if (over_) restart();
  if (recording_ || time_step_ < live_.length())
    step_seen();
  else
    act();
  if (over_) hold_ = kHoldSeconds;
}

void RolloutShow::step_seen() {
  reward_ = seen().rewards[static_cast<size_t>(time_step_)];
  total_ += reward_;
  const bool moves = time_step_ < last_row();
  if (moves) {
    ++time_step_;
    show_row();
  }
  over_ = (!moves || time_step_ == seen().length()) && (recording_ || filed_);
  falling_ = over_ && seen().end == RolledEnd::terminated;
}

void RolloutShow::act() {
  const auto& info = env_.info();
  env_.observe(std::span<float>(observation_));
  actor_->act(observation_, action_);
  const auto result = env_.step(action_);
  ++time_step_;
  reward_ = result.reward;
  total_ += reward_;
  live_.policy_step = policy_->step;
  live_.rewards.push_back(reward_);
  live_.actions.insert(live_.actions.end(), action_.begin(), action_.end());
  add_state();
  falling_ = result.terminated;
  // Going through the episode again has restarted the environment's own count of steps.
  const bool timed_out = result.truncated || time_step_ == info.max_episode_steps;
  over_ = falling_ || timed_out;
  if (over_) file_live(falling_ ? RolledEnd::terminated : RolledEnd::time_limit);
}

void RolloutShow::step_back() {
  seek(time_step_ - 1);
}

void RolloutShow::seek(int64_t row) {
  time_step_ = static_cast<int>(std::clamp<int64_t>(row, 0, last_row()));
  const auto begin = seen().rewards.begin();
  total_ = std::accumulate(begin, begin + time_step_, 0.0);
  reward_ = time_step_ > 0 ? seen().rewards[static_cast<size_t>(time_step_ - 1)] : 0.0;
  owed_ = hold_ = 0.0;
  over_ = time_step_ > 0 && time_step_ == seen().length() && (recording_ || filed_);
  if (over_) hold_ = kHoldSeconds;
  falling_ = over_ && seen().end == RolledEnd::terminated;
  show_row();
}

void RolloutShow::advance(double wall_seconds, double speed) {
  if (!can_act()) return;
  if (waits()) return;
  if (over_) {
    hold_ -= wall_seconds;
    if (hold_ <= 0.0) restart();
    return;
  }
  owed_ += wall_seconds * speed;
  const double dt = env_.info().dt;
  for (; owed_ >= dt && !over_; owed_ -= dt) step();
}

void RolloutShow::describe(RolloutFrame& frame) {
  frame.next_value = next_value();
  frame.values_step = reader_ ? values_->step : -1;
  frame.policy_step = recording_ ? recording_->policy_step : actor_ ? policy_->step : -1;
  frame.replayed = recording_ != nullptr;
  frame.trajectory = recording_ && recording_->policy_step < 0 ? recording_->index : -1;
  frame.episode = recording_ && recording_->policy_step >= 0 ? static_cast<int>(recording_->index) : episode_;
  frame.time_step = time_step_;
  frame.last_row = static_cast<int>(last_row());
  frame.return_so_far = total_;
  frame.reward = reward_;
  const auto& info = env_.info();
  const auto width = static_cast<size_t>(info.action_dim);
  frame.action_low = info.action_low;
  frame.action_high = info.action_high;
  frame.rewards = seen().rewards;
  // At its end a recording without a state after the last step stays in the row of that step.
  const int steps = over_ ? static_cast<int>(seen().length()) : time_step_;
  if (steps > 0 && seen().action_dim == info.action_dim)
    frame.action.assign(seen().actions.begin() + static_cast<std::ptrdiff_t>(width) * (steps - 1),
                        seen().actions.begin() + static_cast<std::ptrdiff_t>(width) * steps);
  frame.falling = falling_;
  frame.over = over_;
  frame.rolled_ever = rolled_ever_;
  if (!recording_ && live_.length() > 0 &&
      (!told_ || told_->index != live_.index || told_->length() != live_.length() || told_->end != live_.end))
    told_ = std::make_shared<const Recording>(live_);
  frame.shown = recording_ ? recording_ : live_.length() > 0 ? told_ : nullptr;
}

}  // namespace vaco
