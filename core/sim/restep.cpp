// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/restep.h"

#include <algorithm>
#include <cmath>

#include "core/sim/mujoco_environment.h"

namespace vaco {
namespace {

template <class T>
bool all_finite(std::span<const T> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](T v) { return std::isfinite(v); });
}

double relative_error(double made, double recorded) {
  return std::abs(made - recorded) / std::max(1.0, std::abs(recorded));
}

// The part of an observation that shows the state: positions but the hidden ones, then velocities.
bool recover_plainly(const EnvironmentRules& rules, std::span<const float> observation, StartState& state) {
  const auto hidden = static_cast<size_t>(rules.hidden_positions), nq = state.qpos.size(),
             nv = state.qvel.size();
  if (observation.size() < nq - hidden + nv) return false;
  std::fill_n(state.qpos.begin(), hidden, 0.0);
  std::copy_n(observation.begin(), nq - hidden, state.qpos.begin() + static_cast<std::ptrdiff_t>(hidden));
  std::copy_n(observation.begin() + static_cast<std::ptrdiff_t>(nq - hidden), nv, state.qvel.begin());
  return true;
}

std::optional<StartState> recover(const MujocoEnvironment& env, std::span<const float> observation) {
  const auto& rules = env.rules();
  StartState state;
  state.qpos.assign(env.model().qpos0, env.model().qpos0 + env.info().nq);
  state.qvel.resize(static_cast<size_t>(env.info().nv));
  if (!(rules.recover ? rules.recover(observation, state) : recover_plainly(rules, observation, state)))
    return std::nullopt;
  return state;
}

}  // namespace

bool set_state_from(Environment& environment, std::span<const float> observation) {
  auto& env = static_cast<MujocoEnvironment&>(environment);
  if (static_cast<int>(observation.size()) < env.info().obs_dim || !all_finite(observation)) return false;
  const auto state = recover(env, observation);
  if (state) env.set_state(state->qpos, state->qvel);
  return state.has_value();
}

std::optional<double> restep_error(Environment& environment, std::span<const float> observation,
                                   std::span<const float> action, std::span<const float> next_observation) {
  auto& env = static_cast<MujocoEnvironment&>(environment);
  const auto& info = env.info();
  const auto& rules = env.rules();
  if (observation.size() != next_observation.size() || static_cast<int>(action.size()) != info.action_dim ||
      static_cast<int>(observation.size()) < info.obs_dim)
    return std::nullopt;
  if (!all_finite(observation) || !all_finite(next_observation) || !all_finite(action)) return std::nullopt;
  const auto recovered = recover(env, observation);
  if (!recovered) return std::nullopt;
  const StartState& state = *recovered;
  if (rules.clip_velocity)
    for (const double v : state.qvel)
      if (std::abs(v) >= 10.0) return std::nullopt;
  env.set_state(state.qpos, state.qvel);
  env.step(action);
  std::vector<double> made(static_cast<size_t>(info.obs_dim));
  environment.observe(std::span<double>(made));
  const size_t shown = rules.shown > 0 ? static_cast<size_t>(rules.shown)
                                       : static_cast<size_t>(info.nq - rules.hidden_positions + info.nv);
  double worst = 0.0;
  for (size_t i = 0; i < std::min(shown, made.size()); ++i)
    worst = std::max(worst, relative_error(made[i], next_observation[i]));
  return worst;
}

std::optional<double> restep_error_of_states(Environment& environment, std::span<const double> qpos,
                                             std::span<const double> qvel, std::span<const float> action,
                                             std::span<const double> next_qpos,
                                             std::span<const double> next_qvel) {
  const auto& info = environment.info();
  const auto positions = static_cast<size_t>(info.nq), velocities = static_cast<size_t>(info.nv);
  if (qpos.size() != positions || next_qpos.size() != positions || qvel.size() != velocities ||
      next_qvel.size() != velocities || static_cast<int>(action.size()) != info.action_dim)
    return std::nullopt;
  if (!all_finite(qpos) || !all_finite(qvel) || !all_finite(action) || !all_finite(next_qpos) ||
      !all_finite(next_qvel))
    return std::nullopt;
  environment.set_state(qpos, qvel);
  environment.step(action);
  double worst = 0.0;
  for (size_t i = 0; i < positions; ++i)
    worst = std::max(worst, relative_error(environment.qpos()[i], next_qpos[i]));
  for (size_t i = 0; i < velocities; ++i)
    worst = std::max(worst, relative_error(environment.qvel()[i], next_qvel[i]));
  return worst;
}

}  // namespace vaco
