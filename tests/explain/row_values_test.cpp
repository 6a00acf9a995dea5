// SPDX-License-Identifier: GPL-3.0-or-later
// What the networks say of rows, held against networks written out here in double precision and differentiated
// by central differences.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

#include "core/explain/influence.h"
#include "core/explain/nearest.h"
#include "core/learn/explanation.h"
#include "tests/learn/ball_throw.h"

namespace vaco {
namespace {
using testing::Settings;

constexpr int64_t kObs = 2, kWidth = 5;

using Parameters = std::vector<double>;

/// One hidden layer with ReLU and one output: weights [in, width], biases, weights [width, 1], bias.
double network(const double* p, std::span<const double> input) {
  const size_t inputs = input.size();
  double out = p[(inputs + 1) * kWidth + kWidth];
  for (size_t k = 0; k < kWidth; ++k) {
    double h = p[inputs * kWidth + k];
    for (size_t i = 0; i < inputs; ++i) h += input[i] * p[i * kWidth + k];
    out += std::max(0.0, h) * p[(inputs + 1) * kWidth + k];
  }
  return out;
}

Parameters parameters_of(const StateDict& state, const std::string& name) {
  const auto& values = std::get<std::vector<float>>(state.at(name).values);
  return {values.begin(), values.end()};
}

Parameters gradient(const std::function<double(const Parameters&)>& f, Parameters at) {
  constexpr double kStep = 1e-5;
  Parameters slope(at.size());
  for (size_t i = 0; i < at.size(); ++i) {
    const double before = at[i];
    at[i] = before + kStep;
    const double up = f(at);
    at[i] = before - kStep;
    slope[i] = (up - f(at)) / (2 * kStep);
    at[i] = before;
  }
  return slope;
}

double dot(const Parameters& a, const Parameters& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Solves the symmetric positive definite A x = b.
Parameters solved(std::vector<Parameters> a, Parameters b) {
  const size_t n = b.size();
  for (size_t k = 0; k < n; ++k)
    for (size_t i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      for (size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  for (size_t k = n; k-- > 0;) {
    for (size_t j = k + 1; j < n; ++j) b[k] -= a[k][j] * b[j];
    b[k] /= a[k][k];
  }
  return b;
}

class RowValuesOfVaco : public ::testing::Test {
 protected:
  void SetUp() override {
    const Settings settings{{"hidden_width", "5"},   {"hidden_layers", "1"}, {"batch_size", "16"},
                            {"value_steps", "30"},   {"warmup_steps", "10"}, {"bilevel_steps", "40"},
                            {"cloning_steps", "0"},  {"value_lr", "0.01"},   {"policy_lr", "0.01"},
                            {"policy_average", "0"}, {"meta_lr", "0.03"}};
    algorithm_ = std::move(*make_algorithm("vaco", testing::make_params("vaco", settings), data_, 1,
                                           {.device = "cpu", .threads = 1}));
    while (algorithm_->step() < 80) algorithm_->update();
    before_ = algorithm_->save();
    auto& explains = dynamic_cast<Explains&>(*algorithm_);
    auto asked = explains.row_values({}, {});
    ASSERT_TRUE(asked.ok());
    values_ = std::move(*asked);
    features_ = explains.trajectory_features();
    weights_ = *algorithm_->row_weights();
    phi_ = parameters_of(before_, "policy/parameters");
    theta_ = parameters_of(before_, "critic/parameters");
  }
  [[nodiscard]] std::array<double, kObs> observation(size_t row) const {
    return {data_.observations[kObs * row], data_.observations[kObs * row + 1]};
  }
  [[nodiscard]] double policy(const Parameters& phi, size_t row) const {
    const auto s = observation(row);
    return std::tanh(network(phi.data(), s));
  }
  [[nodiscard]] double q(size_t row, double action) const {
    const auto s = observation(row);
    const std::array<double, kObs + 1> input{s[0], s[1], action};
    return std::min(network(theta_.data(), input), network(theta_.data() + theta_.size() / 2, input));
  }
  [[nodiscard]] Parameters loss_gradient(size_t row) const {
    return gradient([&](const Parameters& phi) { return std::pow(policy(phi, row) - data_.actions[row], 2); },
                    phi_);
  }
  [[nodiscard]] Parameters value_gradient() const {
    double scale = 0.0;
    for (size_t i = 0; i < rows(); ++i) scale += std::abs(q(i, policy(phi_, i)));
    return gradient(
        [&](const Parameters& phi) {
          double sum = 0.0;
          for (size_t i = 0; i < rows(); ++i) sum -= q(i, policy(phi, i));
          return sum / scale;
        },
        phi_);
  }
  [[nodiscard]] size_t rows() const { return static_cast<size_t>(data_.rows); }

  TrainingData data_ = testing::random_data(kObs, 1, 6, 10);
  std::unique_ptr<Algorithm> algorithm_;
  StateDict before_;
  RowValues values_;
  TrajectoryFeatures features_;
  std::vector<float> weights_;
  Parameters phi_, theta_;
};

TEST_F(RowValuesOfVaco, ValuesAreThoseOfTheNetworks) {
  const auto v = parameters_of(before_, "value/parameters");
  ASSERT_EQ(values_.q.size(), rows());
  for (size_t i = 0; i < rows(); ++i) {
    EXPECT_NEAR(values_.q[i], q(i, data_.actions[i]), 1e-5);
    EXPECT_NEAR(values_.v[i], network(v.data(), observation(i)), 1e-5);
  }
}

TEST_F(RowValuesOfVaco, AlignmentIsTheProductOfTheTwoGradients) {
  const auto v = value_gradient();
  double size = 0.0;
  for (size_t i = 0; i < rows(); ++i) size = std::max(size, std::abs(dot(loss_gradient(i), v)));
  ASSERT_GT(size, 0.0);
  for (size_t i = 0; i < rows(); ++i)
    EXPECT_NEAR(values_.alignment[i], dot(loss_gradient(i), v), 2e-3 * size) << "row " << i;
}

TEST_F(RowValuesOfVaco, ResponseDividesByTheCurvatureOfTheWeightedLoss) {
  double mean = 0.0;
  for (const float w : weights_) mean += w / static_cast<double>(rows());
  std::vector<Parameters> h(phi_.size(), Parameters(phi_.size()));
  for (size_t i = 0; i < rows(); ++i) {
    const auto j = gradient([&](const Parameters& phi) { return policy(phi, i); }, phi_);
    for (size_t a = 0; a < j.size(); ++a)
      for (size_t b = 0; b < j.size(); ++b)
        h[a][b] += 2.0 / static_cast<double>(rows()) * weights_[i] / mean * j[a] * j[b];
  }
  const auto v = value_gradient();
  double along = 0.0;
  for (size_t a = 0; a < v.size(); ++a) along += v[a] * dot(h[a], v);
  for (size_t a = 0; a < v.size(); ++a) h[a][a] += 0.01 * along / dot(v, v);
  const auto solution = solved(h, v);
  double off = 0.0, size = 0.0;
  for (size_t i = 0; i < rows(); ++i) {
    const double truth = dot(loss_gradient(i), solution);
    off += std::pow(values_.response[i] - truth, 2);
    size += truth * truth;
  }
  EXPECT_LT(std::sqrt(off / size), 0.1);
}

TEST_F(RowValuesOfVaco, SomeRowsAreToldAsAmongAll) {
  const std::vector<int64_t> some = {3, 17, 18, 59};
  const auto told = dynamic_cast<Explains&>(*algorithm_).values_of(some);
  ASSERT_EQ(told.q.size(), some.size());
  ASSERT_EQ(told.v.size(), some.size());
  ASSERT_EQ(told.alignment.size(), some.size());
  for (size_t i = 0; i < some.size(); ++i) {
    const auto row = static_cast<size_t>(some[i]);
    EXPECT_NEAR(told.q[i], values_.q[row], 1e-5);
    EXPECT_NEAR(told.v[i], values_.v[row], 1e-5);
    EXPECT_NEAR(told.alignment[i], values_.alignment[row], 1e-5);
  }
  EXPECT_TRUE(dynamic_cast<Explains&>(*algorithm_).values_of({}).q.empty());
}

TEST_F(RowValuesOfVaco, AskingChangesNothing) {
  EXPECT_EQ(algorithm_->save(), before_);
}

TEST_F(RowValuesOfVaco, TrajectoriesHaveTheMeansOfTheScoringNetworksLastLayer) {
  ASSERT_EQ(features_.width, kWidth);
  ASSERT_EQ(features_.values.size(), 6u * kWidth);
  const auto alpha = parameters_of(before_, "scoring/parameters");
  const auto q_column = parameters_of(before_, "scoring/q");
  for (size_t t = 0; t < 6; ++t)
    for (size_t k = 0; k < kWidth; ++k) {
      double sum = 0.0;
      for (size_t i = 10 * t; i < 10 * t + 10; ++i) {
        const auto s = observation(i);
        const std::array<double, 4> input{s[0], s[1], data_.actions[i], q_column[i]};
        double unit = alpha[4 * kWidth + k];
        for (size_t n = 0; n < 4; ++n) unit += input[n] * alpha[n * kWidth + k];
        sum += std::max(0.0, unit) / 10;
      }
      EXPECT_NEAR(features_.values[t * kWidth + k], sum, 1e-4);
    }
}

TEST(RowValues, AStopIsAnswered) {
  const auto data = testing::random_data(2, 1, 4, 10);
  auto algorithm = std::move(*make_algorithm("iql", testing::make_params("iql", {{"hidden_width", "8"}}), data,
                                             1, {.device = "cpu", .threads = 1}));
  algorithm->update();
  std::stop_source stop;
  stop.request_stop();
  const auto asked = dynamic_cast<Explains&>(*algorithm).row_values({}, stop.get_token());
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().code, ErrorCode::stopped);
}

ExplainedRun three_trajectories() {
  ExplainedRun run;
  run.table.episodes.first = {0, 2, 3};
  run.table.episodes.length = {2, 1, 1};
  run.table.sources = {"bad", "good"};
  run.table.trajectory_source = {0, 1, 0};
  run.weight = {1.0f, 3.0f, 2.0f, 2.0f};
  run.rows.alignment = {0.5f, 0.5f, -1.0f, 1.0f};
  run.rows.response = {1.0f, 1.0f, -2.0f, 0.0f};
  run.rows.mean_absolute_q = 10.0;
  return run;
}

TEST(Influence, IsTheWeightedSumOfWhatIsLeftOut) {
  const InfluenceSums sums(three_trajectories());
  ASSERT_TRUE(sums.known());
  const int64_t second = 1;
  const auto influence = sums.of({&second, 1});
  EXPECT_EQ(influence.rows, 1);
  EXPECT_DOUBLE_EQ(influence.weight_share, 0.25);
  EXPECT_DOUBLE_EQ(influence.alignment, -1.0);
  // Σw = 8, Σ w c = 2, Σ_S w c = −2: −10 (−2/8 − 0.25 · 2/8) / 0.75
  EXPECT_NEAR(influence.per_step, 10.0 * (0.25 + 0.0625) / 0.75, 1e-12);
  // Σ w r = 0
  EXPECT_NEAR(influence.change, 10.0 * 0.5 / 0.75, 1e-12);
}

TEST(Influence, LeavingAProportionalPartOutChangesNothing) {
  auto run = three_trajectories();
  run.rows.response.assign(4, 0.7f);
  const InfluenceSums sums(run);
  for (int64_t t = 0; t < 3; ++t) EXPECT_NEAR(sums.of({&t, 1}).change, 0.0, 1e-6);
}

TEST(Influence, SourcesAreTheirTrajectories) {
  const auto groups = trajectories_by_source(three_trajectories().table);
  EXPECT_EQ(groups, (std::vector<std::vector<int64_t>>{{0, 2}, {1}}));
  EXPECT_FALSE(InfluenceSums(ExplainedRun{}).known());
}

TEST(Nearest, AreTheClosestFeaturesByNumberWhereAlike) {
  const TrajectoryFeatures features{2, {0, 0, 3, 4, 0, 1, 0, 1}};
  const auto near = nearest_trajectories(features, 0, 3);
  ASSERT_EQ(near.size(), 3u);
  EXPECT_EQ(near[0].trajectory, 2);
  EXPECT_EQ(near[1].trajectory, 3);
  EXPECT_EQ(near[2].trajectory, 1);
  EXPECT_DOUBLE_EQ(near[2].distance, 5.0);
  EXPECT_TRUE(nearest_trajectories({}, 0, 3).empty());
}

}  // namespace
}  // namespace vaco
