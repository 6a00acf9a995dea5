// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/mujoco_environment.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace vaco {

void append_observation(const EnvironmentRules& rules, const Scene& scene, std::vector<double>& observation) {
  if (rules.observe) return rules.observe(scene, observation);
  const auto& [model, data, physics] = scene;
  observation.insert(observation.end(), data.qpos + rules.hidden_positions, data.qpos + model.nq);
  for (int i = 0; i < model.nv; ++i)
    observation.push_back(rules.clip_velocity ? std::clamp(data.qvel[i], -10.0, 10.0) : data.qvel[i]);
}

EnvironmentInfo describe(const EnvironmentRules& rules, Physics physics, const mjModel& model) {
  EnvironmentInfo info;
  info.name = rules.name;
  info.nq = static_cast<int>(model.nq);
  info.nv = static_cast<int>(model.nv);
  info.action_dim = static_cast<int>(model.nu);
  info.action_count = rules.choices;
  info.dt = model.opt.timestep * rules.frame_skip;
  for (int i = 0; i < info.action_dim; ++i) {
    info.action_low.push_back(static_cast<float>(model.actuator_ctrlrange[2 * i]));
    info.action_high.push_back(static_cast<float>(model.actuator_ctrlrange[2 * i + 1]));
  }
  const DataPtr data = make_data(model);
  mj_forward(&model, data.get());
  std::vector<double> observation;
  append_observation(rules, {model, *data, physics}, observation);
  info.obs_dim = static_cast<int>(observation.size());
  return info;
}

MujocoEnvironment::MujocoEnvironment(std::shared_ptr<const EnvironmentSetup> setup)
    : setup_(std::move(setup)),
      rules_(setup_->rules),
      info_(setup_->info),
      model_(setup_->model),
      data_(make_data(*model_)),
      qpos_before_(static_cast<size_t>(info_.nq)),
      qvel_before_(static_cast<size_t>(info_.nv)),
      action_(static_cast<size_t>(info_.action_dim)) {
  mj_forward(model_.get(), data_.get());
}

void MujocoEnvironment::reset(Rng& rng) {
  StartState start;
  start.qpos.assign(model_->qpos0, model_->qpos0 + info_.nq);
  start.qvel.resize(static_cast<size_t>(info_.nv));
  start.mocap.assign(data_->mocap_pos, data_->mocap_pos + 3 * model_->nmocap);
  if (rules_.reset) {
    rules_.reset(*model_, rng, start);
  } else {
    for (auto& q : start.qpos) q += rng.uniform(-rules_.position_noise, rules_.position_noise);
    for (auto& v : start.qvel)
      v = rules_.gaussian_velocity ? rules_.velocity_noise * rng.normal()
                                   : rng.uniform(-rules_.velocity_noise, rules_.velocity_noise);
  }
  std::copy(start.mocap.begin(), start.mocap.end(), data_->mocap_pos);
  set_state(start.qpos, start.qvel);
}

void MujocoEnvironment::set_state(std::span<const double> qpos, std::span<const double> qvel) {
  assert(qpos.size() == qpos_before_.size() && qvel.size() == qvel_before_.size());
  write_state({qpos.begin(), qpos.end()}, {qvel.begin(), qvel.end()});
  steps_ = 0;
}

void MujocoEnvironment::write_state(const std::vector<double>& qpos, const std::vector<double>& qvel) {
  // Goals belong to the episode, not to the state.
  const std::vector<double> mocap(data_->mocap_pos, data_->mocap_pos + 3 * model_->nmocap);
  mj_resetData(model_.get(), data_.get());
  std::copy(mocap.begin(), mocap.end(), data_->mocap_pos);
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
  const double before = watched();
  StepResult result;
  ++steps_;
  if (!advance(action)) {
    result.terminated = true;
    return result;
  }
  result.terminated = rules_.healthy && !rules_.healthy(scene());
  const StepView view{scene(), action, info_.dt, before, qpos_before_, qvel_before_, result.terminated};
  result.reward = rules_.reward ? rules_.reward(view) : reward_of(view);
  if (!std::isfinite(result.reward)) {
    // A user's formula may divide by zero; a NaN would spread over every weight that learns from it.
    result.reward = 0.0;
    result.terminated = true;
  }
  result.truncated = !result.terminated && steps_ >= info_.max_episode_steps;
  return result;
}

double MujocoEnvironment::watched() const {
  return rules_.watch ? rules_.watch(scene()) : data_->qpos[0];
}

double MujocoEnvironment::reward_of(const StepView& step) const {
  double squares = 0.0;
  for (const double a : step.action) squares += a * a;
  const double forward = (watched() - step.watched) / step.dt;
  const bool pays = !step.terminated || setup_->physics != Physics::v5;
  const double reward = forward + (pays ? rules_.alive_bonus : 0.0) - rules_.control_cost * squares;
  return rules_.extra_cost ? reward - rules_.extra_cost(step.scene) : reward;
}

bool MujocoEnvironment::advance(std::span<const double> action) {
  if (!std::all_of(action.begin(), action.end(), [](double a) { return std::isfinite(a); })) return false;
  std::copy_n(data_->qpos, qpos_before_.size(), qpos_before_.begin());
  std::copy_n(data_->qvel, qvel_before_.size(), qvel_before_.begin());
  std::copy(action.begin(), action.end(), data_->ctrl);
  if (rules_.speed_limit > 0.0)
    for (int i = 0; i < info_.nv; ++i)
      data_->qvel[i] = std::clamp(data_->qvel[i], -rules_.speed_limit, rules_.speed_limit);
  try {
    if (rules_.equations) {
      rules_.equations(action, info_.dt, {data_->qpos, qpos_before_.size()},
                       {data_->qvel, qvel_before_.size()});
      mj_forward(model_.get(), data_.get());
      if (!diverged()) return true;
      write_state(qpos_before_, qvel_before_);
      return false;
    }
    for (int i = 0; i < rules_.frame_skip; ++i) mj_step(model_.get(), data_.get());
    if (rules_.contact_forces && rules_.contact_forces(setup_->physics))
      mj_rnePostConstraint(model_.get(), data_.get());
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
  observed_.clear();
  append_observation(rules_, scene(), observed_);
  assert(observation.size() == observed_.size());
  std::copy(observed_.begin(), observed_.end(), observation.begin());
}

void MujocoEnvironment::observe(std::span<float> observation) const {
  observed_.clear();
  append_observation(rules_, scene(), observed_);
  assert(observation.size() == observed_.size());
  std::transform(observed_.begin(), observed_.end(), observation.begin(),
                 [](double value) { return static_cast<float>(value); });
}

std::span<const double> MujocoEnvironment::qpos() const {
  return {data_->qpos, qpos_before_.size()};
}
std::span<const double> MujocoEnvironment::qvel() const {
  return {data_->qvel, qvel_before_.size()};
}

}  // namespace vaco
