// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/restep.h"

#include <algorithm>
#include <cmath>

#include "core/sim/mujoco_environment.h"

namespace vaco {
namespace {

bool all_finite(std::span<const float> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](float v) { return std::isfinite(v); });
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
  for (size_t i = 0; i < std::min(shown, made.size()); ++i) {
    const double recorded = next_observation[i];
    worst = std::max(worst, std::abs(made[i] - recorded) / std::max(1.0, std::abs(recorded)));
  }
  return worst;
}

}  // namespace vaco
