// SPDX-License-Identifier: GPL-3.0-or-later
// The size of a cloner that fits its rows, and how a final cloning begins.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/learn/parts/cloner.h"
#include "tests/learn/toy_data.h"

namespace vaco {
namespace {

TEST(FittedSize, FollowsTheEffectiveRows) {
  EXPECT_EQ(fitted_size(1e4, 256, 57000).width, 64);
  EXPECT_EQ(fitted_size(1e4, 256, 57000).steps, 15000);
  EXPECT_EQ(fitted_size(1e6, 256, 57000).width, 256) << "never more than the settings say";
  EXPECT_EQ(fitted_size(1e6, 256, 57000).steps, 57000);
  EXPECT_EQ(fitted_size(10, 256, 57000).width, 16);
  EXPECT_EQ(fitted_size(10, 256, 57000).steps, 1000);
  EXPECT_EQ(fitted_size(2e4, 256, 57000).width, std::llround(64 * std::pow(2.0, 0.6)));
  EXPECT_EQ(fitted_size(10, 8, 500).width, 8);
}

TEST(RateForRows, RisesThreefoldBetweenFiveAndFifteenThousand) {
  for (const auto& [rows, factor] : {std::pair{1.0, 1.0}, {5e3, 1.0}, {1e4, 2.0}, {1.5e4, 3.0}, {1e9, 3.0}})
    EXPECT_DOUBLE_EQ(rate_for_rows(rows), factor) << rows;
}

/// 10,000 rows double the rate, also of a run that goes on.
TEST(Cloner, LearnsFasterFromManyRows) {
  const auto data = testing::random_data(2, 1, 20, 500);
  const auto bc = [&](const char* rate, const char* by_rows) {
    const auto params = testing::make_params("bc", {{"bc_steps", "6"},
                                                    {"hidden_width", "16"},
                                                    {"batch_size", "32"},
                                                    {"policy_lr", rate},
                                                    {"policy_lr_schedule", "constant"},
                                                    {"rate_by_rows", by_rows}});
    return std::move(*make_algorithm("bc", params, data, 3, {.device = "cpu"}));
  };
  const auto raised = bc("0.001", "true"), twice = bc("0.002", "false"), once = bc("0.001", "false");
  for (int step = 0; step < 3; ++step)
    for (auto* engine : {raised.get(), twice.get(), once.get()}) engine->update();
  const auto resumed = bc("0.001", "true");
  ASSERT_TRUE(resumed->load(raised->save()));
  for (int step = 0; step < 3; ++step)
    for (auto* engine : {raised.get(), twice.get(), once.get(), resumed.get()}) engine->update();
  const auto parameters = [](const auto& engine) { return engine->save().at("policy/parameters"); };
  EXPECT_TRUE(parameters(raised) == parameters(twice));
  EXPECT_TRUE(parameters(resumed) == parameters(twice));
  EXPECT_FALSE(parameters(raised) == parameters(once));
}

/// 500 rows: the smallest size, whose rate falls to 0 within its own 1,000 steps; the rest is at rest.
TEST(Cloner, IsNarrowAndEndsEarlyOnFewRows) {
  const auto data = testing::random_data(5, 2, 10, 50);
  const auto params = testing::make_params(
      "bc", {{"bc_steps", "1010"}, {"hidden_width", "24"}, {"batch_size", "32"}, {"fit_to_rows", "true"}});
  const auto engine = std::move(*make_algorithm("bc", params, data, 3, {.device = "cpu"}));
  engine->update();
  EXPECT_EQ(engine->policy().layers[0].outputs, 16);
  for (int step = 1; step < 1000; ++step) engine->update();
  const auto ended = engine->save();
  for (int step = 1000; step < 1010; ++step) engine->update();
  EXPECT_TRUE(engine->save().at("policy/parameters") == ended.at("policy/parameters"));
  EXPECT_EQ(engine->step(), 1010);
  EXPECT_EQ(engine->policy().problem(), "");
}

/// Each step begins by φ ← (1 − η λ) φ with the rate η of that step: a learner without decay whose parameters
/// are shrunk from outside must go the same way.
TEST(Cloner, ShrinksItsWeightsByTheRateOfTheStep) {
  const auto data = testing::random_data(5, 2);
  const double rate = 1e-2, lambda = 0.7;
  constexpr int kSteps = 6;
  const auto learner = [&](const std::string& decay) {
    const auto params = testing::make_params("bc", {{"bc_steps", std::to_string(kSteps)},
                                                    {"hidden_width", "16"},
                                                    {"batch_size", "32"},
                                                    {"policy_lr", "0.01"},
                                                    {"weight_decay", decay}});
    return std::move(*make_algorithm("bc", params, data, 3, {.device = "cpu"}));
  };
  const auto decaying = learner("0.7"), shrunk = learner("0");
  for (int step = 0; step < kSteps; ++step) {
    auto state = shrunk->save();
    const double now = rate * 0.5 * (1.0 + std::cos(std::numbers::pi * step / kSteps));
    for (float& p : std::get<std::vector<float>>(state.at("policy/parameters").values))
      p = static_cast<float>(p * (1.0 - now * lambda));
    ASSERT_TRUE(shrunk->load(state));
    shrunk->update();
    decaying->update();
    EXPECT_LT(testing::relative_difference(decaying->save().at("policy/parameters"),
                                           shrunk->save().at("policy/parameters")),
              1e-6)
        << step;
  }
}

/// A run can be forked at the end of its bi-level phase with another final cloning, whose draws follow from the
/// learned weights: p ∝ exp((w / w_max − 1) / T).
TEST(FinalCloning, BeginsAnewFromALearnersWeights) {
  auto data = testing::random_data(5, 2);
  // The first two trajectories of 50 rows are one of 90 and one of 10.
  data.trajectory_length[0] = 90;
  data.trajectory_first[1] = 90;
  data.trajectory_length[1] = 10;
  const testing::Settings steps{{"hidden_width", "16"}, {"batch_size", "32"},   {"value_steps", "7"},
                                {"warmup_steps", "5"},  {"bilevel_steps", "9"}, {"cloning_steps", "6"}};
  const auto first =
      std::move(*make_algorithm("vaco", testing::make_params("vaco", steps), data, 3, {.device = "cpu"}));
  for (int step = 0; step < 21; ++step) first->update();
  const auto state = first->save();
  const auto learned = first->policy();

  auto other = steps;
  other.insert(other.end(), {{"cloning_draws", "by_weight"},
                             {"cloning_temperature", "0.0001"},
                             {"cloning_rows", "1"},
                             {"fit_to_rows", "true"}});
  const auto fork =
      std::move(*make_algorithm("vaco", testing::make_params("vaco", other), data, 3, {.device = "cpu"}));
  ASSERT_TRUE(fork->load(state));
  EXPECT_EQ(fork->policy().layers[0].weight, learned.layers[0].weight);
  fork->take_metrics();
  fork->update();
  EXPECT_EQ(fork->policy().layers[0].outputs, 16);

  auto weights = *fork->row_weights();
  // Short trajectories count as less certain: w ← m + (w − m) s(L)/s(90), s(L) = L / (L + 20).
  const double mean =
      std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    const double length = i < 90 ? 90.0 : i < 100 ? 10.0 : 50.0;
    weights[i] = static_cast<float>(mean + (weights[i] - mean) * (length / (length + 20.0)) / (90.0 / 110.0));
  }
  const auto [low, high] = std::minmax_element(weights.begin(), weights.end());
  const double parted = 1.0 - *low / *high;
  double sum = 0.0, squares = 0.0;
  for (const float w : weights) {
    const double p = std::exp(parted * (w / *high - 1.0) / 0.0001);
    sum += p;
    squares += p * p;
  }
  double share = 0.0;
  for (const auto& metric : fork->take_metrics())
    if (metric.key == "drawn_ess") share = metric.value;
  EXPECT_NEAR(share, sum * sum / squares / static_cast<double>(data.rows), 1e-3 * share);
}

/// Weights that have not parted leave all 10,000 rows effective; the high level, which would see another rate,
/// is as good as switched off.
TEST(FinalCloning, AFreshPolicyLearnsFasterFromManyRows) {
  const auto data = testing::random_data(2, 1, 20, 500);
  const auto end_of = [&](const char* rate, const char* by_rows, const char* fresh, int resumed_at) {
    const auto params = testing::make_params("vaco", {{"value_steps", "3"},
                                                      {"warmup_steps", "0"},
                                                      {"bilevel_steps", "1"},
                                                      {"cloning_steps", "6"},
                                                      {"hidden_width", "16"},
                                                      {"batch_size", "32"},
                                                      {"meta_lr", "1e-8"},
                                                      {"cloning_temperature", "10000"},
                                                      {"policy_lr", rate},
                                                      {"rate_by_rows", by_rows},
                                                      {"cloning_restart", fresh}});
    auto engine = std::move(*make_algorithm("vaco", params, data, 3, {.device = "cpu"}));
    for (int step = 0; step < 10; ++step) {
      if (step == resumed_at) {
        auto other = std::move(*make_algorithm("vaco", params, data, 3, {.device = "cpu"}));
        EXPECT_TRUE(other->load(engine->save()));
        engine = std::move(other);
      }
      engine->update();
    }
    return engine->save().at("policy/parameters");
  };
  EXPECT_LT(
      testing::relative_difference(end_of("0.001", "true", "true", 7), end_of("0.002", "false", "true", -1)),
      1e-3);
  EXPECT_GT(
      testing::relative_difference(end_of("0.001", "true", "true", -1), end_of("0.001", "false", "true", -1)),
      3e-3);
  EXPECT_TRUE(end_of("0.001", "true", "false", -1) == end_of("0.001", "false", "false", -1));
}

TEST(FinalCloning, BeginsWithAFreshPolicyOrGoesOnFromTheBilevelOne) {
  const auto data = testing::random_data(5, 2);
  for (const bool fresh : {true, false}) {
    const testing::Settings steps{{"hidden_width", "16"},    {"batch_size", "32"},
                                  {"value_steps", "3"},      {"warmup_steps", "2"},
                                  {"bilevel_steps", "4"},    {"cloning_steps", "2"},
                                  {"policy_average", "0.0"}, {"cloning_restart", fresh ? "true" : "false"}};
    const auto vaco =
        std::move(*make_algorithm("vaco", testing::make_params("vaco", steps), data, 3, {.device = "cpu"}));
    for (int step = 0; step < 9; ++step) vaco->update();
    const auto before = vaco->policy().layers[0].weight;
    vaco->update();
    const auto after = vaco->policy().layers[0].weight;
    float most = 0.0f;
    for (size_t i = 0; i < before.size(); ++i) most = std::max(most, std::abs(after[i] - before[i]));
    // A step of Adam moves each weight by the learning rate, 3e-4, at most; a fresh one by far more.
    EXPECT_EQ(most > 0.05f, fresh) << most;
    EXPECT_GT(most, 0.0f);
  }
}

}  // namespace
}  // namespace vaco
