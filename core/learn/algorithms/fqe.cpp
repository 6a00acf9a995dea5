// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/fqe.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "core/base/rng_streams.h"
#include "core/device/step_graph.h"
#include "core/learn/parts/action_bounds.h"
#include "core/learn/parts/critic_ensemble.h"
#include "core/learn/parts/dataset_pass.h"
#include "core/learn/parts/formula.h"

namespace vaco {
namespace {

/// A snapshot as tensors, acting on many of the dataset's normalized observations at once.
class BatchActor {
 public:
  BatchActor(const PolicySnapshot& policy, const TrainingData& data, const Compute& compute)
      : data_mean_(compute.upload(data.observation_mean, {data.obs_dim})),
        data_scale_(compute.upload(data.observation_scale, {data.obs_dim})),
        mean_(compute.upload(policy.observation_mean, {data.obs_dim})),
        scale_(compute.upload(policy.observation_scale, {data.obs_dim})),
        bounds_(compute, policy.action_low, policy.action_high),
        choices_(policy.action_count) {
    for (const auto& layer : policy.layers) {
      weights_.push_back(compute.upload(layer.weight, {layer.outputs, layer.inputs}).t());
      biases_.push_back(compute.upload(layer.bias, {layer.outputs}));
    }
  }

  [[nodiscard]] at::Tensor act(const at::Tensor& observations) const {
    const int64_t width = choices_ > 0 ? choices_ : bounds_.half.size(0);
    auto actions = at::zeros({observations.size(0), width}, observations.options());
    for (int64_t begin = 0; begin < observations.size(0); begin += kDatasetChunk) {
      const int64_t rows = std::min(kDatasetChunk, observations.size(0) - begin);
      auto h = observations.narrow(0, begin, rows) * data_scale_ + data_mean_;
      h = (h - mean_) / scale_;
      for (size_t l = 0; l < weights_.size(); ++l) {
        h = at::addmm(biases_[l], h, weights_[l]);
        if (l + 1 < weights_.size()) h.relu_();
      }
      if (choices_ > 0)
        actions.narrow(0, begin, rows).scatter_(1, h.argmax(1, true), 1.0);
      else
        actions.narrow(0, begin, rows).copy_(bounds_.middle + bounds_.half * h.tanh());
    }
    return actions;
  }

 private:
  at::Tensor data_mean_, data_scale_, mean_, scale_;  ///< [obs_dim]
  ActionBounds bounds_;
  int64_t choices_;                           ///< of discrete actions, or 0
  std::vector<at::Tensor> weights_, biases_;  ///< [in, out], [out]
};

class Fqe final : public FittedQEvaluation {
 public:
  Fqe(std::unique_ptr<Compute> compute, const PolicySnapshot& policy, const TrainingData& data,
      const FqeOptions& options)
      : compute_(std::move(compute)),
        device_data_(data, *compute_),
        reward_scale_(device_data_.rewards.square().mean().sqrt().item<double>()),
        init_(options.seed, streams::kFqeInitialization),
        sampling_(options.seed, streams::kFqeBatches),
        sampler_(*compute_, options.batch_size, data.rows, data.td_rows, options.seed, streams::kFqeBatches),
        critics_(*compute_, device_data_,
                 {.discount = options.discount,
                  .target_update_rate = options.target_update_rate,
                  .value_lr = options.learning_rate},
                 {.batch_size = options.batch_size,
                  .hidden_width = options.hidden_width,
                  .hidden_layers = options.hidden_layers},
                 options.critics, init_, options.layer_norm),
        batch_observations_(compute_->zeros({options.batch_size, data.obs_dim})),
        batch_actions_(compute_->zeros({options.batch_size, data.action_dim})),
        graph_(make_step_graph(compute_->device())) {
    kept_.keep("sampling", sampling_);
    kept_.keep(critics_);
    if (!(reward_scale_ > 0.0)) reward_scale_ = 1.0;
    device_data_.rewards.div_(reward_scale_);
    const BatchActor actor(policy, data, *compute_);
    next_actions_ = actor.act(device_data_.next_observations);
    const auto firsts = at::tensor(data.trajectory_first).to(compute_->device());
    const auto observations = device_data_.observations.index_select(0, firsts);
    initial_ = at::cat({observations, actor.act(observations)}, 1);
  }

  void update() override {
    const c10::InferenceMode no_autograd;
    compute_->begin_step(updates_++);
    graph_->run(0, [this] {
      compute_->begin_step_on_device();
      const auto& rows = sampler_.draw(sampling_);
      gather_rows(device_data_.next_observations, rows, batch_observations_);
      gather_rows(next_actions_, rows, batch_actions_);
      const auto& next = critics_.next_values(batch_observations_, batch_actions_);
      critics_.gather(rows);
      critics_.td_gradient(next);
      critics_.step();
    });
  }

  std::vector<std::vector<double>> initial_values() override {
    const c10::InferenceMode no_autograd;
    std::vector<std::vector<double>> values(static_cast<size_t>(critics_.copies()),
                                            std::vector<double>(static_cast<size_t>(initial_.size(0))));
    over_dataset(critics_.mlp(), critics_.parameters(), initial_, initial_tape_,
                 [&](int64_t begin, const at::Tensor& output) {
                   const auto host = output.to(at::kCPU, at::kDouble).mul(reward_scale_).contiguous();
                   const int64_t rows = host.size(1);
                   for (size_t k = 0; k < values.size(); ++k)
                     std::copy_n(host.data_ptr<double>() + static_cast<int64_t>(k) * rows, rows,
                                 values[k].begin() + begin);
                 });
    return values;
  }

  std::vector<float> next_actions() const override {
    const auto host = next_actions_.to(at::kCPU, at::kFloat).contiguous();
    return {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()};
  }

  StateDict save() const override { return kept_.save(); }

 private:
  std::unique_ptr<Compute> compute_;
  DeviceData device_data_;
  double reward_scale_;
  Rng init_, sampling_;
  RowSampler sampler_;
  CriticEnsemble critics_;
  at::Tensor next_actions_;             ///< [N, action_dim]
  at::Tensor initial_;                  ///< [T, obs_dim + action_dim]
  at::Tensor batch_observations_;       ///< [B, obs_dim]
  at::Tensor batch_actions_;            ///< [B, action_dim]
  std::unique_ptr<Tape> initial_tape_;  ///< of one chunk
  std::unique_ptr<StepGraph> graph_;
  int64_t updates_ = 0;
  KeptState kept_;
};

std::string actions_text(int64_t choices) {
  return choices > 0 ? std::to_string(choices) + " choices" : std::string("continuous actions");
}

}  // namespace

Result<std::unique_ptr<FittedQEvaluation>> FittedQEvaluation::make(const PolicySnapshot& policy,
                                                                   const TrainingData& data,
                                                                   const FqeOptions& options) {
  if (policy.action_count != data.action_count)
    return Error{ErrorCode::usage, "the policy has " + actions_text(policy.action_count) + ", the dataset " +
                                       actions_text(data.action_count) +
                                       "; choose a dataset of the policy's own environment"};
  if (policy.obs_dim() != data.obs_dim || (data.action_count == 0 && policy.action_dim() != data.action_dim))
    return Error{ErrorCode::usage, "the policy takes observations of " + std::to_string(policy.obs_dim()) +
                                       " numbers and gives actions of " + std::to_string(policy.action_dim()) +
                                       ", but the dataset has " + std::to_string(data.obs_dim) + " and " +
                                       std::to_string(data.action_dim) +
                                       "; choose a dataset of the policy's own environment"};
  auto compute = Compute::make(options.compute);
  if (!compute) return compute.error();
  const c10::InferenceMode no_autograd;
  return std::unique_ptr<FittedQEvaluation>(std::make_unique<Fqe>(std::move(*compute), policy, data, options));
}

}  // namespace vaco
