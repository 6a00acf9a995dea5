// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cassert>

#include "core/base/rng_streams.h"
#include "core/learn/algorithms/td3_learner.h"
#include "core/learn/online_learner.h"

namespace vaco {
namespace {

const char* const kOnlineGroup = "Online learning";

}  // namespace

void ExplorationParams::list(ParamFields& fields) {
  fields.add(random_steps,
             {.key = "random_steps",
              .symbol = "",
              .label = "Random steps",
              .help = "Steps of uniformly random actions at the start; learning begins after them.",
              .min = 1,
              .max = 1e8,
              .warn_min = 1000,
              .warn_max = 50000,
              .scale = ParamScale::logarithmic,
              .tier = ParamTier::basic,
              .group = kOnlineGroup,
              .unit = "steps",
              .affects = "what the first values are learned from",
              .reference = "TD3 (1,000 to 25,000)"});
  fields.add(exploration_noise,
             {.key = "exploration_noise",
              .symbol = "σ",
              .label = "Exploration noise",
              .help = "Standard deviation of the Gaussian noise on the actions, in halves of the action range.",
              .min = 0.0,
              .max = 2.0,
              .warn_max = 0.5,
              .tier = ParamTier::basic,
              .group = kOnlineGroup,
              .affects = "exploration",
              .reference = "TD3"});
}

namespace {

struct OnlineTd3Params {
  OnlineTd3Params() {
    // Small networks and large steps: good policies after minutes of one core's time, instead of an hour.
    update.policy.hidden_width = update.policy.batch_size = 128;
    update.policy.policy_lr = update.td.value_lr = 1e-3;
  }
  ExplorationParams exploration;
  int64_t replay_capacity = 1000000;
  Td3UpdateParams update;
  void list(ParamFields& fields) {
    exploration.list(fields);
    fields.add(replay_capacity, {.key = "replay_capacity",
                                 .symbol = "",
                                 .label = "Replay capacity",
                                 .help = "Transitions that the learner remembers, the newest ones.",
                                 .min = 1,
                                 .max = 1e8,
                                 .warn_min = 100000,
                                 .scale = ParamScale::logarithmic,
                                 .group = kOnlineGroup,
                                 .unit = "transitions",
                                 .affects = "memory",
                                 .reference = "TD3"});
    update.list(fields);
    for (auto* spec : {&fields.of(update.policy.hidden_width), &fields.of(update.policy.batch_size),
                       &fields.of(update.policy.policy_lr), &fields.of(update.td.value_lr)})
      spec->reference = "our choice; TD3 has larger networks and batches";
  }
};

}  // namespace

std::vector<ParamSpec> online_td3_schema() {
  return schema_of<OnlineTd3Params>();
}

namespace {

/// Empty columns of the buffer's size; observations are not normalized.
TrainingData empty_buffer(const OnlineSpace& space, int64_t capacity) {
  TrainingData data;
  data.rows = capacity;
  data.obs_dim = space.obs_dim;
  data.action_dim = static_cast<int64_t>(space.action_low.size());
  const auto zeros = [&](int64_t width) { return std::vector<float>(static_cast<size_t>(capacity * width)); };
  data.observations = zeros(data.obs_dim);
  data.actions = zeros(data.action_dim);
  data.rewards = zeros(1);
  data.next_observations = zeros(data.obs_dim);
  data.masks = zeros(1);
  data.observation_mean.assign(static_cast<size_t>(data.obs_dim), 0.0f);
  data.observation_scale.assign(static_cast<size_t>(data.obs_dim), 1.0f);
  data.action_low = space.action_low;
  data.action_high = space.action_high;
  return data;
}

class OnlineTd3 final : public OnlineLearner {
 public:
  OnlineTd3(std::unique_ptr<Compute> compute, TrainingData buffer, const Td3UpdateParams& params, uint64_t seed)
      : compute_(std::move(compute)),
        space_(std::move(buffer)),
        buffer_(space_, *compute_),
        capacity_(space_.rows),
        smoothing_(params.smoothing),
        init_(seed, streams::kInitialization),
        sampling_(seed, streams::kBatches),
        learner_(*compute_, space_, buffer_, params, seed, init_),
        sampler_(*compute_, params.policy.batch_size, 1, {}, seed),
        acting_(learner_.policy().network().make_tape(1)) {
    // The columns live in buffer_ from here on.
    for (auto* column :
         {&space_.observations, &space_.actions, &space_.rewards, &space_.next_observations, &space_.masks})
      std::vector<float>().swap(*column);
    kept_.keep(kTd3Updates, updates_);
    kept_.keep("sampling", sampling_);
    kept_.keep(learner_);
  }

  void act(std::span<const float> observation, std::span<float> action) override {
    const c10::InferenceMode no_autograd;
    write(acting_.observations(), 0, observation);
    learner_.policy().network().act(learner_.policy().parameters(), acting_);
    const auto host = acting_.actions.to(at::kCPU, at::kFloat);
    std::copy_n(host.data_ptr<float>(), action.size(), action.begin());
  }

  void append(const Transition& t) override {
    const c10::InferenceMode no_autograd;
    const int64_t row = appended_++ % capacity_;
    write(buffer_.observations, row, t.observation);
    write(buffer_.actions, row, t.action);
    joined_.assign(t.observation.begin(), t.observation.end());
    joined_.insert(joined_.end(), t.action.begin(), t.action.end());
    write(buffer_.observation_action, row, joined_);
    write(buffer_.next_observations, row, t.next_observation);
    write(buffer_.rewards, row, {&t.reward, 1});
    write(buffer_.masks, row, {&t.mask, 1});
  }

  void update() override {
    const c10::InferenceMode no_autograd;
    assert(appended_ > 0);
    sampler_.set_total(std::min(appended_, capacity_));
    compute_->begin_step(updates_);
    compute_->begin_step_on_device();
    learner_.update(sampler_.draw(sampling_), smoothing_.moves_policy(updates_));
    ++updates_;
  }

  int64_t updates() const override { return updates_; }
  PolicySnapshot policy() const override { return learner_.policy().snapshot(); }
  std::vector<MetricValue> take_metrics() override { return learner_.metrics().take(); }
  StateDict save() const override { return kept_.save(); }
  Result<void> load(const StateDict& state) override { return kept_.load(state); }

 private:
  static void write(at::Tensor& column, int64_t row, std::span<const float> values) {
    if (column.device().is_cpu() && column.scalar_type() == at::kFloat)
      std::copy(values.begin(), values.end(), column.data_ptr<float>() + row * column.size(1));
    else
      column.narrow(0, row, 1).copy_(
          at::from_blob(const_cast<float*>(values.data()), {1, static_cast<int64_t>(values.size())}));
  }

  std::unique_ptr<Compute> compute_;
  TrainingData space_;
  DeviceData buffer_;
  int64_t capacity_, appended_ = 0, updates_ = 0;
  const TargetSmoothingParams smoothing_;
  Rng init_, sampling_;
  Td3Learner learner_;
  RowSampler sampler_;
  PolicyTape acting_;
  std::vector<float> joined_;
  KeptState kept_;
};

}  // namespace

Result<std::unique_ptr<OnlineLearner>> make_online_td3(const OnlineSpace& space, const ParamSet& params,
                                                       uint64_t seed, const ComputeOptions& options) {
  auto compute = Compute::make(options);
  if (!compute) return compute.error();
  const auto own = read_params<OnlineTd3Params>(params);
  const int64_t capacity = std::max<int64_t>(1, std::min(space.steps, own.replay_capacity));
  return std::unique_ptr<OnlineLearner>(
      std::make_unique<OnlineTd3>(std::move(*compute), empty_buffer(space, capacity), own.update, seed));
}

}  // namespace vaco
