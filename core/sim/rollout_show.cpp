// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/rollout_show.h"

#include <algorithm>
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

std::string RolloutShow::set_recording(std::shared_ptr<const Recording> recording) {
  if (recording == recording_) return {};
  const auto& info = env_.info();
  const auto fits = [&](const Recording& one) {
    const auto rows = static_cast<size_t>(one.length());
    return rows > 0 && one.nq == info.nq && one.nv == info.nv && one.qpos.size() == rows * one.nq &&
           one.qvel.size() == rows * one.nv;
  };
  std::string problem;
  if (recording && !fits(*recording)) {
    problem = "the trajectory was not recorded in " + info.label + ": its states have " +
              std::to_string(recording->nq) + " positions and " + std::to_string(recording->nv) +
              " velocities, not " + std::to_string(info.nq) + " and " + std::to_string(info.nv);
    recording.reset();
  }
  const bool was_shown = recording_ != nullptr;
  recording_ = std::move(recording);
  if (recording_ || was_shown) restart();
  return problem;
}

void RolloutShow::show_row() {
  const auto row = static_cast<size_t>(time_step_), nq = static_cast<size_t>(recording_->nq),
             nv = static_cast<size_t>(recording_->nv);
  env_.set_state(std::span(recording_->qpos).subspan(row * nq, nq),
                 std::span(recording_->qvel).subspan(row * nv, nv));
}

void RolloutShow::restart() {
  if (recording_) {
    time_step_ = 0;
    total_ = reward_ = owed_ = hold_ = 0.0;
    falling_ = over_ = false;
    return show_row();
  }
  ++episode_;
  Rng rng(0, static_cast<uint64_t>(episode_));
  env_.reset(rng);
  time_step_ = 0;
  total_ = reward_ = owed_ = hold_ = 0.0;
  falling_ = over_ = false;
}

void RolloutShow::step() {
  if (!can_act()) return;
  if (over_) restart();
  if (recording_) {
    reward_ = recording_->rewards[static_cast<size_t>(time_step_)];
    total_ += reward_;
    over_ = time_step_ + 1 >= recording_->length();
    if (over_) hold_ = kHoldSeconds;
    if (over_) return;
    ++time_step_;
    return show_row();
  }
  env_.observe(std::span<float>(observation_));
  actor_->act(observation_, action_);
  const auto result = env_.step(action_);
  ++time_step_;
  reward_ = result.reward;
  total_ += result.reward;
  falling_ = result.terminated;
  over_ = result.terminated || result.truncated;
  if (over_) hold_ = kHoldSeconds;
}

void RolloutShow::seek(int64_t row) {
  if (!recording_) return;
  time_step_ = static_cast<int>(std::clamp<int64_t>(row, 0, recording_->length() - 1));
  const auto begin = recording_->rewards.begin();
  total_ = std::accumulate(begin, begin + time_step_, 0.0);
  reward_ = time_step_ > 0 ? recording_->rewards[static_cast<size_t>(time_step_ - 1)] : 0.0;
  owed_ = hold_ = 0.0;
  falling_ = over_ = false;
  show_row();
}

void RolloutShow::advance(double wall_seconds, double speed) {
  if (!can_act()) return;
  if (over_) {
    hold_ -= wall_seconds;
    if (hold_ <= 0.0) restart();
    return;
  }
  owed_ += wall_seconds * speed;
  const double dt = env_.info().dt;
  for (; owed_ >= dt && !over_; owed_ -= dt) step();
}

void RolloutShow::describe(RolloutFrame& frame) const {
  frame.policy_step = actor_ && !recording_ ? policy_->step : -1;
  frame.trajectory = recording_ ? recording_->index : -1;
  frame.episode = episode_;
  frame.time_step = time_step_;
  frame.return_so_far = total_;
  frame.reward = reward_;
  frame.falling = falling_;
}

}  // namespace vaco
