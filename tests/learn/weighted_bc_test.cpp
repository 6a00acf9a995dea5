// SPDX-License-Identifier: GPL-3.0-or-later
// The fixed weightings against their formulas, and the weighted cloning step against libtorch autograd.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/learn/algorithm.h"
#include "tests/learn/autograd.h"

namespace vaco {
namespace {

using testing::Columns;
using testing::minimum;
using testing::read;
using testing::Settings;

constexpr int kValueSteps = 5;

Settings settings_of(Settings more) {
  more.insert(more.begin(), {{"value_steps", std::to_string(kValueSteps)}, {"bc_steps", "100"}});
  return more;
}

/// What the formula of the weighting gives from the saved networks, before it is divided by its mean.
std::vector<double> weights_by_formula(const std::string& weighting, const TrainingData& data,
                                       const ParamSet& params, const StateDict& state) {
  const Columns c(data, params);
  const auto q = minimum(c.q(read(state, "critic/target"), c.s, c.a)).to(at::kDouble).view(-1);
  const auto v = c.v(read(state, "value/parameters"), c.s).to(at::kDouble).view(-1);
  auto sorted = std::vector<double>(q.data_ptr<double>(), q.data_ptr<double>() + q.numel());
  std::sort(sorted.begin(), sorted.end());
  const double q05 = sorted[static_cast<size_t>(0.05 * (data.rows - 1))];
  const double q95 = sorted[static_cast<size_t>(0.95 * (data.rows - 1))];
  std::vector<double> weights;
  for (int64_t row = 0; row < data.rows; ++row) {
    const double value = q.data_ptr<double>()[row];
    const double x = std::clamp((value - q05) / (q95 - q05), 0.0, 1.0);
    const double short_by = (6.0 - data.trajectory_return[static_cast<size_t>(row / 50)]) / 6.0;
    if (weighting == "advantage")
      weights.push_back(std::min(1.2, std::exp(3.0 * (value - v.data_ptr<double>()[row]))));
    else if (weighting == "positive_advantage")
      weights.push_back(value > v.data_ptr<double>()[row] ? 1.0 : 0.0);
    else if (weighting == "return")
      weights.push_back(std::exp(-short_by / 0.1));
    else
      weights.push_back(1.0 / (0.1 + (weighting == "reciprocal_value" ? x : 1.0 - x)));
  }
  return weights;
}

class FixedWeights : public ::testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(FixedWeights, AreTheFormulasAndCloneAsAutogradDoes) {
  const std::string weighting = std::get<0>(GetParam()), level = std::get<1>(GetParam());
  const auto data = testing::random_data(11, 3);
  const auto params = testing::make_params(
      "weighted_bc",
      settings_of({{"weighting", weighting}, {"fixed_weight_level", level}, {"weight_clip", "1.2"}}));
  const auto engine = std::move(*make_algorithm("weighted_bc", params, data, 3, {.device = "cpu"}));
  if (weighting != "return")
    for (int step = 0; step < kValueSteps; ++step) engine->update();
  EXPECT_FALSE(engine->row_weights().has_value());
  const auto start = engine->save();
  engine->update();

  auto expected = weights_by_formula(weighting, data, params, start);
  const double mean = std::accumulate(expected.begin(), expected.end(), 0.0) / static_cast<double>(data.rows);
  for (auto& weight : expected) weight /= mean;
  if (level == "trajectory")
    for (auto first = expected.begin(); first != expected.end(); first += 50)
      std::fill_n(first, 50, std::accumulate(first, first + 50, 0.0) / 50.0);
  const auto weights = *engine->row_weights();
  for (size_t row = 0; row < weights.size(); ++row)
    ASSERT_NEAR(weights[row], expected[row], 1e-3 * (1.0 + expected[row])) << "row " << row;

  const Columns c(data, params);
  auto rng = testing::read_rng(start, "sampling");
  const auto policy = testing::leaf(start, "policy/parameters");
  testing::TorchAdam adam(policy, 3e-4);
  for (int step = 1; step <= 10; ++step) {
    adam.set_learning_rate(3e-4 * 0.5 * (1.0 + std::cos(std::numbers::pi * (step - 1) / 100.0)));
    const auto rows = c.draw(rng);
    const auto w = at::tensor(weights).view({-1, 1}).index_select(0, rows);
    const auto error = c.pi(policy, c.s.index_select(0, rows)) - c.a.index_select(0, rows);
    adam.descend((w * error.square()).sum(1).mean());
    testing::expect_close(engine->save(), "policy/parameters", policy, step);
    engine->update();
  }
}

INSTANTIATE_TEST_SUITE_P(Weightings, FixedWeights,
                         ::testing::Combine(::testing::Values("advantage", "return", "reciprocal_value",
                                                              "reciprocal_shortfall", "positive_advantage"),
                                            ::testing::Values("sample", "trajectory")),
                         [](const auto& case_info) {
                           return std::string(std::get<0>(case_info.param)) + "_" +
                                  std::get<1>(case_info.param);
                         });

/// AW of Hong et al. (2306.13085): a row of trajectory τ is drawn with p ∝ exp(A / T), A = R − V(s_0) scaled to
/// lie between 0 and 1, V the regression of returns on first observations.
TEST(AdvantageWeighting, DrawsTrajectoriesByTheirReturnLessItsRegression) {
  auto data = testing::random_data(2, 1, 30, 10);
  for (size_t t = 0; t < data.trajectory_return.size(); ++t) {
    const float* first = &data.observations[t * 10 * 2];
    data.trajectory_return[t] = 3.0f * first[0] - 2.0f * first[1] + 5.0f +
                                (t == 7  ? 4.0f
                                 : t % 2 ? 1.0f
                                         : 0.0f);
  }
  // Normal equations, by hand: [Σ x xᵀ] β = Σ x R for x = (s_0, 1).
  double gram[3][4] = {};
  for (size_t t = 0; t < 30; ++t) {
    const double x[3] = {data.observations[t * 20], data.observations[t * 20 + 1], 1.0};
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) gram[i][j] += x[i] * x[j];
      gram[i][3] += x[i] * data.trajectory_return[t];
    }
  }
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 3; ++k) {
      if (k == i) continue;
      const double factor = gram[k][i] / gram[i][i];
      for (int j = 0; j < 4; ++j) gram[k][j] -= factor * gram[i][j];
    }
  std::vector<double> left;
  for (size_t t = 0; t < 30; ++t)
    left.push_back(data.trajectory_return[t] - gram[0][3] / gram[0][0] * data.observations[t * 20] -
                   gram[1][3] / gram[1][1] * data.observations[t * 20 + 1] - gram[2][3] / gram[2][2]);
  const auto [low, high] = std::minmax_element(left.begin(), left.end());
  double mean = 0.0;
  std::vector<double> expected;
  for (const double a : left) {
    expected.push_back(std::exp((a - *low) / (*high - *low) / 0.1));
    mean += expected.back() / 30.0;
  }
  for (const char* draws : {"uniform", "by_weight"}) {
    const auto params = testing::make_params(
        "weighted_bc", {{"weighting", "return_advantage"}, {"bc_steps", "10"}, {"cloning_draws", draws}});
    const auto engine = std::move(*make_algorithm("weighted_bc", params, data, 3, {.device = "cpu"}));
    engine->update();
    const auto weights = *engine->row_weights();
    for (size_t t = 0; t < 30; ++t)
      ASSERT_NEAR(weights[t * 10 + 3], expected[t] / mean, 1e-4 * (1.0 + expected[t] / mean))
          << "trajectory " << t;
  }
}

}  // namespace
}  // namespace vaco
