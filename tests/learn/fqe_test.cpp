// SPDX-License-Identifier: GPL-3.0-or-later
// Fitted Q evaluation against libtorch autograd, and against a problem whose values are known.
#include "core/learn/algorithms/fqe.h"

#include <cmath>
#include <numeric>

#include "tests/learn/autograd.h"

namespace vaco {
namespace {

using testing::leaf;

PolicySnapshot random_policy(int64_t obs_dim, int64_t action_dim) {
  Rng rng(8);
  PolicySnapshot policy;
  for (const auto& [in, out] :
       {std::pair{obs_dim, int64_t{24}}, {int64_t{24}, int64_t{7}}, {int64_t{7}, action_dim}}) {
    DenseLayer layer{.inputs = in, .outputs = out, .weight = {}, .bias = {}};
    for (int64_t i = 0; i < in * out; ++i) layer.weight.push_back(static_cast<float>(0.4 * rng.normal()));
    for (int64_t i = 0; i < out; ++i) layer.bias.push_back(static_cast<float>(0.1 * rng.normal()));
    policy.layers.push_back(layer);
  }
  for (int64_t i = 0; i < obs_dim; ++i) {
    policy.observation_mean.push_back(static_cast<float>(0.3 * rng.normal()));
    policy.observation_scale.push_back(static_cast<float>(0.5 + rng.uniform()));
  }
  policy.action_low.assign(static_cast<size_t>(action_dim), -1.0f);
  policy.action_high.assign(static_cast<size_t>(action_dim), 2.0f);
  return policy;
}

TEST(Fqe, StepsAgreeWithAutogradAndActionsAreThePolicys) {
  auto data = testing::random_data(5, 2);
  data.observation_mean.assign(5, 0.7f);
  data.observation_scale.assign(5, 1.9f);
  const auto policy = random_policy(5, 2);
  const FqeOptions options{.critics = 3,
                           .batch_size = 64,
                           .hidden_width = 32,
                           .layer_norm = false,
                           .seed = 4,
                           .compute = {.device = "cpu", .precision = "float32", .threads = 2}};
  const auto engine = std::move(*FittedQEvaluation::make(policy, data, options));

  PolicyActor actor(policy);
  std::vector<float> raw(5), action(2), all;
  for (int64_t row = 0; row < data.rows; ++row) {
    for (size_t d = 0; d < 5; ++d)
      raw[d] = data.next_observations[static_cast<size_t>(row) * 5 + d] * 1.9f + 0.7f;
    actor.act(raw, action);
    all.insert(all.end(), action.begin(), action.end());
  }
  const auto next_actions = engine->next_actions();
  ASSERT_EQ(next_actions.size(), all.size());
  for (size_t i = 0; i < all.size(); ++i) ASSERT_NEAR(next_actions[i], all[i], 1e-5);

  ParamSet params;
  params.set("batch_size", int64_t{64});
  params.set("hidden_width", int64_t{32});
  params.set("hidden_layers", int64_t{2});
  const testing::Columns c(data, params);
  const auto start = engine->save();
  auto rng = testing::read_rng(start, "sampling");
  const auto critic = leaf(start, "critic/parameters");
  auto target = testing::read(start, "critic/target");
  testing::TorchAdam adam(critic, 3e-4);
  const auto scale = c.r.square().mean().sqrt();
  const auto policys = at::tensor(all).view({-1, 2});
  for (int step = 1; step <= 10; ++step) {
    engine->update();
    const auto rows = c.draw(rng);
    const auto q_next = c.q(target, c.next.index_select(0, rows), policys.index_select(0, rows));
    const auto y = c.r.index_select(0, rows) / scale + 0.99 * c.mask.index_select(0, rows) * q_next;
    const auto q = c.q(critic, c.s.index_select(0, rows), c.a.index_select(0, rows));
    adam.descend((q - y).square().sum(0).mean());
    target.lerp_(critic.detach(), options.target_update_rate);
    testing::expect_close(engine->save(), "critic/parameters", critic, step);
    testing::expect_close(engine->save(), "critic/target", target, step);
  }
}

TEST(Fqe, FindsTheValueThatAFormulaGives) {
  // s' = s/2 + 0.3 a, r = s + a/2; the policy's action is always the same, so that values are a geometric
  // series.
  constexpr double kDiscount = 0.8, kAction = 0.4;
  auto data = testing::random_data(1, 1, 2000, 1);
  data.masks.assign(2000, 1.0f);
  Rng rng(3);
  for (size_t i = 0; i < 2000; ++i) {
    const double s = rng.uniform(-1.0, 1.0), a = rng.uniform(-1.0, 1.0);
    data.observations[i] = static_cast<float>(s);
    data.actions[i] = static_cast<float>(a);
    data.rewards[i] = static_cast<float>(s + 0.5 * a);
    data.next_observations[i] = static_cast<float>(0.5 * s + 0.3 * a);
  }
  PolicySnapshot policy = random_policy(1, 1);
  policy.action_low = {-1.0f};
  policy.action_high = {1.0f};
  policy.layers.back().weight.assign(policy.layers.back().weight.size(), 0.0f);
  policy.layers.back().bias = {static_cast<float>(std::atanh(kAction))};

  const auto value = [&](double s) {
    const double forever = 1.0 / (1.0 - kDiscount), fading = 1.0 / (1.0 - 0.5 * kDiscount);
    return s * fading + 0.6 * kAction * (forever - fading) + 0.5 * kAction * forever;
  };
  for (const bool layer_norm : {false, true}) {
    const FqeOptions options{.critics = 2,
                             .discount = kDiscount,
                             .learning_rate = 2e-3,
                             .target_update_rate = 0.05,
                             .batch_size = 128,
                             .hidden_width = 32,
                             .layer_norm = layer_norm,
                             .compute = {}};
    const auto fqe = std::move(*FittedQEvaluation::make(policy, data, options));
    for (int step = 0; step < 2500; ++step) fqe->update();
    const auto values = fqe->initial_values();
    ASSERT_EQ(values.size(), 2u);
    for (const auto& critic : values) {
      ASSERT_EQ(critic.size(), 2000u);
      for (size_t i = 0; i < 2000; i += 37) EXPECT_NEAR(critic[i], value(data.observations[i]), 0.12);
      EXPECT_NEAR(std::accumulate(critic.begin(), critic.end(), 0.0) / 2000.0, value(0.0), 0.06);
    }
  }
}

TEST(Fqe, InitialValuesDoNotDependOnTheChunksTheyAreComputedIn) {
  // Every row begins a trajectory, so that there are more first states than a chunk holds.
  constexpr int64_t kRows = 6000;
  auto data = testing::random_data(3, 1, kRows, 1);
  const auto policy = random_policy(3, 1);
  const FqeOptions options{.critics = 2, .hidden_width = 16, .seed = 6, .compute = {}};
  const auto all = std::move(*FittedQEvaluation::make(policy, data, options));
  auto few = data;
  few.trajectory_first.assign({0, 4095, 4096, kRows - 1});
  few.trajectory_length.assign(4, 1);
  few.trajectory_return.assign(4, 0.0f);
  const auto some = std::move(*FittedQEvaluation::make(policy, few, options));
  const auto values = all->initial_values(), picked = some->initial_values();
  ASSERT_EQ(values.size(), 2u);
  for (size_t k = 0; k < 2; ++k) {
    ASSERT_EQ(values[k].size(), static_cast<size_t>(kRows));
    for (size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(values[k][static_cast<size_t>(few.trajectory_first[i])], picked[k][i], 1e-5);
  }
}

TEST(Fqe, DrawsOtherBatchesThanTheTrainingOfThePolicy) {
  const auto data = testing::random_data(3, 1);
  const FqeOptions options{.hidden_width = 16, .seed = 6, .compute = {}};
  const auto fqe = std::move(*FittedQEvaluation::make(random_policy(3, 1), data, options));
  const auto bc =
      std::move(*make_algorithm("bc", ParamSet((*find_algorithm("bc"))->schema), data, options.seed, {}));
  auto of_fqe = testing::read_rng(fqe->save(), "sampling"), of_bc = testing::read_rng(bc->save(), "sampling");
  EXPECT_NE(of_fqe.next(), of_bc.next());
}

TEST(Fqe, RefusesAPolicyOfOtherDimensions) {
  const auto data = testing::random_data(4, 2);
  EXPECT_EQ(FittedQEvaluation::make(random_policy(5, 2), data, {}).error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace vaco
