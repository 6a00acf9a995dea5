// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/online_algorithm.h"

#include <algorithm>
#include <utility>

#include "core/base/append.h"
#include "core/base/rng_streams.h"
#include "core/collect/online_rows.h"
#include "core/records/episode_ends.h"

namespace vaco {

Result<std::unique_ptr<OnlineAlgorithm>> OnlineAlgorithm::make(const RunConfig& config,
                                                               const ComputeOptions& options,
                                                               bool may_cut_episode) {
  const auto physics = parse_physics(config.physics);
  if (!physics) return physics.error();
  auto environment = make_environment(config.environment, *physics);
  if (!environment) return environment.error();
  const auto& info = (*environment)->info();
  ActionUnit unit(info.action_low, info.action_high);
  const auto params = config.param_set();
  auto learner = make_online_td3({.obs_dim = info.obs_dim,
                                  .action_low = unit.unit_low(),
                                  .action_high = unit.unit_high(),
                                  .steps = params.integer("online_steps")},
                                 params, config.seed, options);
  if (!learner) return learner.error();
  return std::unique_ptr<OnlineAlgorithm>(new OnlineAlgorithm(config, std::move(*environment), std::move(unit),
                                                              std::move(*learner), may_cut_episode));
}

OnlineAlgorithm::OnlineAlgorithm(const RunConfig& config, std::unique_ptr<Environment> environment,
                                 ActionUnit unit, std::unique_ptr<OnlineLearner> learner, bool may_cut_episode)
    : seed_(config.seed),
      steps_(config.param_set().integer("online_steps")),
      exploration_(read_params<ExplorationParams>(config.param_set())),
      may_cut_episode_(may_cut_episode),
      environment_(std::move(environment)),
      unit_(std::move(unit)),
      learner_(std::move(learner)),
      observation_(static_cast<size_t>(environment_->info().obs_dim)),
      next_(observation_.size()),
      action_(static_cast<size_t>(environment_->info().action_dim)) {}

std::vector<PhaseInfo> OnlineAlgorithm::phases() const {
  return {{"online", "Online TD3", steps_}};
}

void OnlineAlgorithm::begin_episode() {
  // Generators by episode: nothing of them needs to be saved.
  const auto number = static_cast<uint64_t>(episodes_++);
  Rng reset(seed_, streams::kOnlineReset + number);
  noise_ = Rng(seed_, streams::kOnlineNoise + number);
  environment_->reset(reset);
  environment_->observe(observation_);
  return_so_far_ = 0.0;
  in_episode_ = true;
}

void OnlineAlgorithm::choose_action() {
  const auto& info = environment_->info();
  const bool random = acts_at_random();
  if (!random) {
    learner_->act(observation_, action_);
    unit_.from_unit(action_);
  }
  for (size_t i = 0; i < action_.size(); ++i) {
    const double low = info.action_low[i], high = info.action_high[i];
    const double wanted =
        random ? noise_.uniform(low, high)
               : action_[i] + exploration_.exploration_noise * (high - low) / 2 * noise_.normal();
    action_[i] = static_cast<float>(std::clamp(wanted, low, high));
  }
}

void OnlineAlgorithm::keep_for_learning(const Transition& transition) {
  in_units_.assign(transition.action.begin(), transition.action.end());
  unit_.to_unit(std::span(in_units_));
  Transition learned = transition;
  learned.action = in_units_;
  learner_->append(learned);
}

void OnlineAlgorithm::update() {
  if (!in_episode_) begin_episode();
  const bool random = acts_at_random();
  choose_action();
  append(rows_.qpos, environment_->qpos());
  append(rows_.qvel, environment_->qvel());
  append(rows_.observations, observation_);
  append(rows_.actions, action_);
  const auto result = environment_->step(action_);
  environment_->observe(next_);
  append(rows_.next_observations, next_);
  const auto reward = static_cast<float>(result.reward);
  return_so_far_ += static_cast<double>(reward);
  rows_.rewards.push_back(reward);
  ++rows_.rows;
  const bool over = result.terminated || result.truncated || rows_.rows == steps_;
  rows_.terminals.push_back(result.terminated);
  rows_.timeouts.push_back(over && !result.terminated);
  keep_for_learning({.observation = observation_,
                     .action = action_,
                     .next_observation = next_,
                     .reward = reward,
                     .mask = result.terminated ? 0.0f : 1.0f});
  if (!random) learner_->update();
  std::swap(observation_, next_);
  if (over) {
    in_episode_ = false;
    last_return_ = return_so_far_;
  }
}

std::vector<MetricValue> OnlineAlgorithm::take_metrics() {
  auto metrics = learner_->take_metrics();
  metrics.push_back({"episode_return", last_return_});
  return metrics;
}

PolicySnapshot OnlineAlgorithm::policy() const {
  auto policy = learner_->policy();
  policy.note = "online TD3, physics " + to_text(environment_->physics()) + ", seed " + std::to_string(seed_);
  return policy;
}

StateDict OnlineAlgorithm::save() const {
  auto state = learner_->save();
  rows_to_state(rows_, environment_->info(), state);
  return state;
}

Result<void> OnlineAlgorithm::load(const StateDict& state) {
  const auto& info = environment_->info();
  auto rows = rows_from_state(state, info);
  if (!rows) return rows.error();
  rows_ = std::move(*rows);
  for (const auto& transition : transitions_of(rows_, info)) keep_for_learning(transition);
  if (auto loaded = learner_->load(state); !loaded) return loaded;
  const auto ends = episode_ends(rows_.terminals, rows_.timeouts);
  episodes_ = static_cast<int64_t>(ends.size());
  if (!ends.empty())
    last_return_ = return_between(rows_.rewards, ends.size() > 1 ? ends[ends.size() - 2] : 0, ends.back());
  const int64_t first = ends.empty() ? 0 : ends.back();
  if (first == rows_.rows || take_up_episode(static_cast<size_t>(first))) return {};
  if (!may_cut_episode_)
    return Error{
        ErrorCode::usage,
        "the simulator does not repeat the episode that the checkpoint lies in, as it did when that was "
        "saved. Go on with the version that the run's manifest names, or with --accept-changes, which "
        "ends the episode there"};
  in_episode_ = false;
  rows_.timeouts.back() = 1;
  last_return_ = return_between(rows_.rewards, first, rows_.rows);
  return {};
}

bool OnlineAlgorithm::take_up_episode(size_t first) {
  const auto width = observation_.size(), actions = action_.size();
  begin_episode();
  for (size_t row = first; row < rows_.rewards.size(); ++row) {
    // As many numbers as the actions have taken.
    for (size_t i = 0; i < actions; ++i)
      static_cast<int64_t>(row) < exploration_.random_steps ? noise_.uniform() : noise_.normal();
    const auto result = environment_->step({rows_.actions.data() + row * actions, actions});
    environment_->observe(observation_);
    const auto* known = rows_.next_observations.data() + row * width;
    if (result.terminated || result.truncated || !std::equal(observation_.begin(), observation_.end(), known))
      return false;
    return_so_far_ += static_cast<double>(rows_.rewards[row]);
  }
  return true;
}

}  // namespace vaco
