// SPDX-License-Identifier: GPL-3.0-or-later
// TD3 and TD3+BC against the same updates written the usual way: libtorch autograd and torch's Adam.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>

#include "core/learn/online_learner.h"
#include "core/nn/mlp.h"
#include "tests/learn/toy_data.h"

namespace vaco {
namespace {

using testing::make_params;
using testing::relative_difference;
using torch::autograd::grad;

at::Tensor read(const StateDict& state, const std::string& name) {
  const auto& array = state.at(name);
  return at::tensor(std::get<std::vector<float>>(array.values)).view(array.shape);
}

StateArray written(const at::Tensor& tensor) {
  const auto host = tensor.detach().contiguous();
  return {host.sizes().vec(),
          std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel())};
}

/// The independent truth. Starts from an engine's parameters; batches are drawn as the engine draws them.
class Reference {
 public:
  Reference(const ParamSet& params, const TrainingData& data, const StateDict& start, uint64_t seed)
      : params_(params),
        data_(data),
        seed_(seed),
        rng_(seed, 2),
        critic_(read(start, "critic/parameters").requires_grad_()),
        critic_target_(read(start, "critic/target")),
        policy_(read(start, "policy/parameters").requires_grad_()),
        policy_target_(read(start, "policy/target")),
        critic_adam_({critic_}, torch::optim::AdamOptions(params.real("value_lr"))),
        policy_adam_({policy_}, torch::optim::AdamOptions(params.real("policy_lr"))) {}

  void step() {
    const auto rows = draw();
    const auto take = [&](const std::vector<float>& column, int64_t width) {
      return at::tensor(column).view({-1, width}).index_select(0, rows);
    };
    const auto s = take(data_.observations, data_.obs_dim), a = take(data_.actions, data_.action_dim);
    const auto next = take(data_.next_observations, data_.obs_dim);

    auto generator =
        at::make_generator<at::CPUGeneratorImpl>(Rng(seed_, 0x746433 + static_cast<uint64_t>(steps_)).next());
    const double c = params_.real("noise_clip");
    const auto noise =
        at::zeros_like(a).normal_(0.0, params_.real("policy_noise"), generator).clamp(-c, c) * half();
    const auto smoothed = at::max(at::min(pi(policy_target_, next) + noise, high()), low());
    const auto next_q = at::minimum(q(critic_target_, 0, next, smoothed), q(critic_target_, 1, next, smoothed));
    const auto y = (take(data_.rewards, 1) + params_.real("discount") * take(data_.masks, 1) * next_q).detach();
    const auto critic_loss = at::mse_loss(q(critic_, 0, s, a), y) + at::mse_loss(q(critic_, 1, s, a), y);
    descend(critic_adam_, critic_, grad({critic_loss}, {critic_})[0]);

    if (++steps_ % params_.integer("policy_delay") != 0) return;
    const auto actions = pi(policy_, s);
    const auto value = q(critic_.detach(), 0, s, actions);
    auto loss = -value.mean();
    if (params_.contains("bc_alpha"))
      loss = params_.real("bc_alpha") / value.abs().mean().detach() * loss + at::mse_loss(actions, a);
    descend(policy_adam_, policy_, grad({loss}, {policy_})[0]);
    const double rate = params_.real("target_update_rate");
    critic_target_.lerp_(critic_.detach(), rate);
    policy_target_.lerp_(policy_.detach(), rate);
  }

  [[nodiscard]] StateDict save() const {
    return {{"critic/parameters", written(critic_)},
            {"critic/target", written(critic_target_)},
            {"policy/parameters", written(policy_)},
            {"policy/target", written(policy_target_)}};
  }

 private:
  at::Tensor draw() {
    auto rows = at::empty({params_.integer("batch_size")}, at::kLong);
    for (int64_t i = 0; i < rows.numel(); ++i)
      rows[i] = static_cast<int64_t>(rng_.index(static_cast<uint64_t>(data_.rows)));
    return rows;
  }
  static void descend(torch::optim::Adam& adam, at::Tensor& parameters, const at::Tensor& gradient) {
    parameters.mutable_grad() = gradient;
    adam.step();
  }
  at::Tensor network(const at::Tensor& flat, at::Tensor h, int64_t outputs) const {
    const MlpShape s{.inputs = h.size(1),
                     .outputs = outputs,
                     .width = params_.integer("hidden_width"),
                     .hidden_layers = params_.integer("hidden_layers"),
                     .copies = 1};
    for (int64_t l = 0; l < s.layers(); ++l) {
      const auto weight =
          flat.narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l)).view({s.fan_in(l), s.fan_out(l)});
      h = at::addmm(flat.narrow(0, s.bias_at(l), s.fan_out(l)), h, weight);
      if (l < s.hidden_layers) h = at::relu(h);
    }
    return h;
  }
  at::Tensor q(const at::Tensor& theta, int64_t twin, const at::Tensor& s, const at::Tensor& a) const {
    return network(theta[twin], at::cat({s, a}, 1), 1);
  }
  at::Tensor pi(const at::Tensor& phi, const at::Tensor& s) const {
    return (high() + low()) / 2 + half() * at::tanh(network(phi[0], s, data_.action_dim));
  }
  at::Tensor low() const { return at::tensor(data_.action_low); }
  at::Tensor high() const { return at::tensor(data_.action_high); }
  at::Tensor half() const { return (high() - low()) / 2; }

  const ParamSet& params_;
  const TrainingData& data_;
  uint64_t seed_;
  Rng rng_;
  int64_t steps_ = 0;
  at::Tensor critic_, critic_target_, policy_, policy_target_;
  torch::optim::Adam critic_adam_, policy_adam_;
};

struct Case {
  const char* name;
  const char* algorithm;
  const char* device;
  int64_t obs_dim, action_dim;
};

class Td3Updates : public ::testing::TestWithParam<Case> {};

TEST_P(Td3Updates, AgreeWithAutogradOverTenSteps) {
  const auto& c = GetParam();
  auto data = testing::random_data(c.obs_dim, c.action_dim);
  data.action_low.back() = -0.5f;  // neither symmetric nor equal, so that a forgotten scale shows
  data.action_high.back() = 1.5f;
  const auto params = make_params(c.algorithm, {{"policy_noise", "0.4"}});
  constexpr uint64_t kSeed = 3;
  const auto engine = std::move(*make_algorithm(c.algorithm, params, data, kSeed,
                                                {.device = c.device, .precision = "auto", .threads = 2}));
  Reference reference(params, data, engine->save(), kSeed);
  for (int step = 1; step <= 10; ++step) {
    engine->update();
    reference.step();
    const auto ours = engine->save(), theirs = reference.save();
    for (const auto& [name, array] : theirs)
      EXPECT_LT(relative_difference(ours.at(name), array), 1e-5) << name << " after step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Td3Updates,
                         ::testing::Values(Case{"td3_cpu", "td3", "cpu", 11, 3},
                                           Case{"td3_bc_cpu", "td3_bc", "cpu", 17, 6},
                                           Case{"td3_bc_reference", "td3_bc", "reference", 11, 3}),
                         [](const auto& case_info) { return case_info.param.name; });

TEST(Td3Bc, SmallAlphaClones) {
  // With values that hardly count, the policy must learn the one action that the data holds.
  auto data = testing::random_data(3, 1);
  for (auto& action : data.actions) action = 0.4f;
  const auto params = make_params(
      "td3_bc", {{"bc_alpha", "0.001"}, {"hidden_width", "16"}, {"batch_size", "32"}, {"policy_lr", "0.003"}});
  const auto run = std::move(*make_algorithm("td3_bc", params, data, 0, {}));
  for (int i = 0; i < 1000; ++i) run->update();
  float action = 0.0f;
  const auto policy = run->policy();
  PolicyActor(policy).act(std::vector<float>{0.1f, -0.2f, 0.3f}, {&action, 1});
  EXPECT_NEAR(action, 0.4f, 0.03f);
}

/// A one-step problem with the known answer a* = 0.5: reward −(a − 0.5)², and the episode is over.
double learned_action(OnlineLearner& learner, int steps) {
  Rng rng(5);
  std::vector<float> observation{0.0f}, action{0.0f};
  for (int i = 0; i < steps; ++i) {
    observation[0] = static_cast<float>(rng.uniform(-1.0, 1.0));
    learner.act(observation, action);
    action[0] = static_cast<float>(std::clamp(action[0] + 0.5 * rng.normal(), -1.0, 1.0));
    const float error = action[0] - 0.5f;
    learner.append({.observation = observation,
                    .action = action,
                    .next_observation = observation,
                    .reward = -error * error,
                    .mask = 0.0f});
    learner.update();
  }
  observation[0] = 0.3f;
  learner.act(observation, action);
  return action[0];
}

ParamSet small_online() {
  ParamSet params(online_td3_schema());
  params.set("hidden_width", int64_t{32});
  params.set("batch_size", int64_t{32});
  params.set("policy_lr", 1e-3);
  params.set("value_lr", 1e-3);
  return params;
}

TEST(OnlineTd3, FindsTheBestActionOfAOneStepProblem) {
  const auto learner = std::move(*make_online_td3(
      {.obs_dim = 1, .action_low = {-1.0f}, .action_high = {1.0f}, .steps = 2000}, small_online(), 0, {}));
  EXPECT_NEAR(learned_action(*learner, 2000), 0.5, 0.05);
}

TEST(OnlineTd3, ForgetsTheOldestAndGoesOnBitForBit) {
  auto params = small_online();
  params.set("replay_capacity", int64_t{50});
  const auto make = [&] {
    return std::move(*make_online_td3(
        {.obs_dim = 2, .action_low = {-1.0f}, .action_high = {1.0f}, .steps = 1000}, params, 7, {}));
  };
  Rng rng(1);
  std::vector<std::vector<float>> rows;
  for (int i = 0; i < 300; ++i) {
    rows.emplace_back();
    for (int k = 0; k < 6; ++k) rows.back().push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
  }
  const auto append = [](OnlineLearner& learner, const std::vector<float>& row) {
    const std::span<const float> all(row);
    learner.append({.observation = all.first(2),
                    .action = all.subspan(2, 1),
                    .next_observation = all.subspan(3, 2),
                    .reward = row[5]});
  };
  const auto whole = make();
  StateDict middle;
  for (int i = 0; i < 300; ++i) {
    append(*whole, rows[static_cast<size_t>(i)]);
    whole->update();
    if (i == 119) middle = whole->save();
  }
  // Only the newest 50 matter, so those are enough; 70 transitions before them keep the places in the ring.
  const auto resumed = make();
  for (int i = 0; i < 120; ++i)
    append(*resumed, i < 70 ? std::vector<float>(6, 9.0f) : rows[static_cast<size_t>(i)]);
  ASSERT_TRUE(resumed->load(middle));
  for (int i = 120; i < 300; ++i) {
    append(*resumed, rows[static_cast<size_t>(i)]);
    resumed->update();
  }
  EXPECT_TRUE(resumed->save() == whole->save());
}

}  // namespace
}  // namespace vaco
