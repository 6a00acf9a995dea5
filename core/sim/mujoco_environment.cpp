// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/mujoco_environment.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace vaco {

MujocoEnvironment::MujocoEnvironment(const EnvironmentRules& rules, const EnvironmentInfo& info,
                                     Physics physics, std::shared_ptr<const mjModel> model)
    : rules_(rules),
      info_(info),
      physics_(physics),
      model_(std::move(model)),
      data_(mj_makeData(model_.get())),
      qpos_before_(static_cast<size_t>(info.nq)),
      qvel_before_(static_cast<size_t>(info.nv)),
      action_(static_cast<size_t>(info.action_dim)) {
  if (!data_) throw MujocoError("out of memory");
  mj_forward(model_.get(), data_.get());
}

void MujocoEnvironment::reset(Rng& rng) {
  std::vector<double> qpos(model_->qpos0, model_->qpos0 + info_.nq);
  std::vector<double> qvel(static_cast<size_t>(info_.nv));
  for (auto& q : qpos) q += rng.uniform(-rules_.position_noise, rules_.position_noise);
  for (auto& v : qvel)
    v = rules_.gaussian_velocity ? rules_.velocity_noise * rng.normal()
                                 : rng.uniform(-rules_.velocity_noise, rules_.velocity_noise);
  set_state(qpos, qvel);
}

void MujocoEnvironment::set_state(std::span<const double> qpos, std::span<const double> qvel) {
  assert(qpos.size() == qpos_before_.size() && qvel.size() == qvel_before_.size());
  write_state({qpos.begin(), qpos.end()}, {qvel.begin(), qvel.end()});
  steps_ = 0;
}

void MujocoEnvironment::write_state(const std::vector<double>& qpos, const std::vector<double>& qvel) {
  mj_resetData(model_.get(), data_.get());
  std::copy(qpos.begin(), qpos.end(), data_->qpos);
  std::copy(qvel.begin(), qvel.end(), data_->qvel);
  try {
    mj_forward(model_.get(), data_.get());
  } catch (const MujocoError&) {
    // The state stays written; the next step fails the same way and terminates the episode.
  }
}

StepResult MujocoEnvironment::step(std::span<const float> action) {
  std::copy(action.begin(), action.end(), action_.begin());
  return step(std::span<const double>(action_));
}

StepResult MujocoEnvironment::step(std::span<const double> action) {
  assert(static_cast<int>(action.size()) == info_.action_dim);
  const double x_before = data_->qpos[0];
  StepResult result;
  ++steps_;
  if (!advance(action)) {
    result.terminated = true;
    return result;
  }
  double squares = 0.0;
  for (const double a : action) squares += a * a;
  const double forward = (data_->qpos[0] - x_before) / info_.dt;
  result.reward = forward + rules_.alive_bonus - rules_.control_cost * squares;
  result.terminated = rules_.healthy && !rules_.healthy(data_->qpos, data_->qvel, info_.nq, info_.nv);
  result.truncated = !result.terminated && steps_ >= info_.max_episode_steps;
  return result;
}

bool MujocoEnvironment::advance(std::span<const double> action) {
  if (!std::all_of(action.begin(), action.end(), [](double a) { return std::isfinite(a); })) return false;
  std::copy_n(data_->qpos, qpos_before_.size(), qpos_before_.begin());
  std::copy_n(data_->qvel, qvel_before_.size(), qvel_before_.begin());
  std::copy(action.begin(), action.end(), data_->ctrl);
  try {
    for (int i = 0; i < rules_.frame_skip; ++i) mj_step(model_.get(), data_.get());
    if (!diverged()) return true;
  } catch (const MujocoError&) {
    // Out of stack or contacts: as bad as a NaN.
  }
  write_state(qpos_before_, qvel_before_);
  return false;
}

bool MujocoEnvironment::diverged() const {
  // MuJoCo resets the state by itself when it sees a NaN or a huge number, and only counts that here.
  for (const int kind : {mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC, mjWARN_BADCTRL})
    if (data_->warning[kind].number > 0) return true;
  const auto finite = [](double v) { return std::isfinite(v); };
  return !std::all_of(data_->qpos, data_->qpos + info_.nq, finite) ||
         !std::all_of(data_->qvel, data_->qvel + info_.nv, finite);
}

void MujocoEnvironment::observe(std::span<double> observation) const {
  assert(static_cast<int>(observation.size()) == info_.obs_dim);
  auto out = std::copy(data_->qpos + rules_.hidden_positions, data_->qpos + info_.nq, observation.begin());
  for (int i = 0; i < info_.nv; ++i)
    *out++ = rules_.clip_velocity ? std::clamp(data_->qvel[i], -10.0, 10.0) : data_->qvel[i];
}

void MujocoEnvironment::observe(std::span<float> observation) const {
  assert(static_cast<int>(observation.size()) == info_.obs_dim);
  auto out = observation.begin();
  for (int i = rules_.hidden_positions; i < info_.nq; ++i) *out++ = static_cast<float>(data_->qpos[i]);
  for (int i = 0; i < info_.nv; ++i)
    *out++ =
        static_cast<float>(rules_.clip_velocity ? std::clamp(data_->qvel[i], -10.0, 10.0) : data_->qvel[i]);
}

std::span<const double> MujocoEnvironment::qpos() const {
  return {data_->qpos, qpos_before_.size()};
}
std::span<const double> MujocoEnvironment::qvel() const {
  return {data_->qvel, qvel_before_.size()};
}

}  // namespace vaco
