// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/rng.h"

namespace vaco {
namespace {

using ::testing::ElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Statistics, MeanAndDeviation) {
  EXPECT_DOUBLE_EQ(mean(std::vector<double>{1, 2, 3, 4}), 2.5);
  EXPECT_TRUE(std::isnan(mean({})));
  EXPECT_DOUBLE_EQ(standard_deviation(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9}), std::sqrt(32.0 / 7.0));
  EXPECT_EQ(standard_deviation(std::vector<double>{3}), 0.0);
  // A large offset costs no digits.
  EXPECT_NEAR(standard_deviation(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3}), 1.0, 1e-12);
}

TEST(Statistics, QuantilesInterpolateAsNumpyDoes) {
  const std::vector<double> values{15, 20, 35, 40, 50};
  EXPECT_DOUBLE_EQ(quantile(values, 0.0), 15);
  EXPECT_DOUBLE_EQ(quantile(values, 0.4), 29);  // 20 + 0.6 · 15
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 35);
  EXPECT_DOUBLE_EQ(quantile(values, 1.0), 50);
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2, 4}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile({7}, 0.3), 7);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
  EXPECT_TRUE(std::isnan(quantile({1, kNan}, 0.5)));
}

TEST(Statistics, InterquartileMean) {
  EXPECT_DOUBLE_EQ(interquartile_mean({100, 1, 2, 3, 4, 5, 6, -100}), (2 + 3 + 4 + 5) / 4.0);
  // Five values: the stretch from 1.25 to 3.75 takes 0.75 of the second and fourth and all of the third.
  EXPECT_DOUBLE_EQ(interquartile_mean({1, 2, 4, 8, 16}), (0.75 * 2 + 4 + 0.75 * 8) / 2.5);
  EXPECT_DOUBLE_EQ(interquartile_mean({5}), 5);
  EXPECT_TRUE(std::isnan(interquartile_mean({})));
}

TEST(Statistics, PearsonInClosedForm) {
  const std::vector<double> x{1, 2, 3, 4, 5}, line{3, 5, 7, 9, 11}, y{2, 1, 4, 3, 5};
  EXPECT_NEAR(pearson(x, line), 1.0, 1e-15);
  EXPECT_NEAR(pearson(x, std::vector<double>{5, 4, 3, 2, 1}), -1.0, 1e-15);
  EXPECT_NEAR(pearson(x, y), 0.8, 1e-15);  // Σ dx dy = 8, Σ dx² = Σ dy² = 10
  EXPECT_TRUE(std::isnan(pearson(x, std::vector<double>(5, 2.0))));
  EXPECT_TRUE(std::isnan(pearson(std::vector<double>{1}, std::vector<double>{1})));
  EXPECT_TRUE(std::isnan(pearson(x, std::vector<double>{1, 2, kNan, 3, 4})));
  const std::vector<double> far{1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4, 1e9 + 5};
  EXPECT_NEAR(pearson(far, y), 0.8, 1e-9);
}

TEST(Statistics, SpearmanWithTies) {
  EXPECT_THAT(average_ranks(std::vector<double>{10, 20, 20, 5}), ElementsAre(2, 3.5, 3.5, 1));
  EXPECT_THAT(average_ranks(std::vector<double>{1, 1, 1}), ElementsAre(2, 2, 2));
  const std::vector<double> x{1, 2, 3, 4, 5};
  EXPECT_NEAR(spearman(x, std::vector<double>{1, 8, 27, 64, 125}), 1.0, 1e-15);
  EXPECT_NEAR(spearman(x, std::vector<double>{2, 1, 4, 3, 5}), 1.0 - 6.0 * 4.0 / (5.0 * 24.0), 1e-15);
  // Ranks 1, 2.5, 2.5, 4 against 1..4: Σ = 4.5, Σ dx² = 4.5, Σ dy² = 5.
  EXPECT_NEAR(spearman(std::vector<double>{1, 2, 2, 3}, std::vector<double>{1, 2, 3, 4}), 4.5 / std::sqrt(22.5),
              1e-15);
  EXPECT_TRUE(std::isnan(spearman(x, std::vector<double>{1, 2, kNan, 3, 4})));
}

TEST(Statistics, BootstrapOfTheMeanMatchesTheNormalInterval) {
  Rng rng(1);
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(rng.normal());
  const Estimate e = bootstrap_mean(values, 4000, 7);
  const double half = 1.959964 * standard_deviation(values) / 20.0;
  EXPECT_DOUBLE_EQ(e.value, mean(values));
  EXPECT_NEAR(e.low, e.value - half, 0.1 * half);
  EXPECT_NEAR(e.high, e.value + half, 0.1 * half);
}

TEST(Statistics, BootstrapOfPearsonMatchesFishersInterval) {
  Rng rng(2);
  std::vector<double> x, y;
  for (int i = 0; i < 500; ++i) {
    x.push_back(rng.normal());
    y.push_back(0.8 * x.back() + 0.6 * rng.normal());
  }
  const Estimate e = bootstrap_pearson(x, y, 3000, 7);
  const double z = std::atanh(e.value), half = 1.959964 / std::sqrt(497.0);
  EXPECT_NEAR(e.low, std::tanh(z - half), 0.01);
  EXPECT_NEAR(e.high, std::tanh(z + half), 0.01);
  const Estimate again = bootstrap_pearson(x, y, 3000, 7), other = bootstrap_pearson(x, y, 3000, 8);
  EXPECT_EQ(again.low, e.low);
  EXPECT_EQ(again.high, e.high);
  EXPECT_NE(other.low, e.low);
}

TEST(Statistics, BootstrapOfSpearmanRefusesNanBeforeItSorts) {
  std::vector<double> x(400), y(400);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = i % 3 == 0 ? kNan : static_cast<double>((i * 37) % 101);
    y[i] = static_cast<double>(i);
  }
  for (const auto& [a, b] : {std::pair{x, y}, {y, x}}) {
    const Estimate e = bootstrap_spearman(a, b, 100, 3);
    EXPECT_TRUE(std::isnan(e.value) && std::isnan(e.low) && std::isnan(e.high));
  }
}

TEST(Statistics, BootstrapOfSpearmanIsSpearmanOfTheResamples) {
  // The fast ranks must agree with ranking every resample anew, ties and all.
  Rng rng(3);
  std::vector<double> x, y;
  for (int i = 0; i < 60; ++i) {
    x.push_back(std::floor(4 * rng.normal()));
    y.push_back(std::floor(x.back() + 3 * rng.normal()));
  }
  constexpr int kResamples = 200;
  Rng draws(11);
  std::vector<double> values;
  for (int r = 0; r < kResamples; ++r) {
    std::vector<double> some_x, some_y;
    for (size_t i = 0; i < x.size(); ++i) {
      const auto at = static_cast<size_t>(draws.index(x.size()));
      some_x.push_back(x[at]);
      some_y.push_back(y[at]);
    }
    values.push_back(spearman(some_x, some_y));
  }
  const Estimate e = bootstrap_spearman(x, y, kResamples, 11);
  EXPECT_DOUBLE_EQ(e.value, spearman(x, y));
  EXPECT_NEAR(e.low, quantile(values, 0.025), 1e-12);
  EXPECT_NEAR(e.high, quantile(values, 0.975), 1e-12);
}

TEST(Statistics, TooLittleHasNoInterval) {
  const Estimate one = bootstrap_mean(std::vector<double>{4}, 100, 0);
  EXPECT_EQ(one.value, 4.0);
  EXPECT_FALSE(one.has_interval());
  EXPECT_TRUE(bootstrap_mean(std::vector<double>{4, 5}, 100, 0).has_interval());
  const std::vector<double> x{1, 2, 3, 4, 5}, y{1, 3, 2, 5, 4};
  const std::span<const double> all_x(x), all_y(y);
  for (const auto bootstrap : {bootstrap_pearson, bootstrap_spearman}) {
    const Estimate four = bootstrap(all_x.first(4), all_y.first(4), 100, 0);
    EXPECT_TRUE(std::isfinite(four.value));
    EXPECT_FALSE(four.has_interval());
    EXPECT_TRUE(bootstrap(all_x, all_y, 100, 0).has_interval());
  }
  const std::vector<double> flat{1, 1, 1};
  EXPECT_TRUE(std::isnan(bootstrap_pearson(flat, flat, 100, 0).value));
}

TEST(Statistics, TextsLeaveOutWhatIsNotThere) {
  EXPECT_EQ(to_text(Estimate{0.85, 0.8, 0.904}, 2), "0.85 [0.80, 0.90]");
  EXPECT_EQ(to_text(Estimate{1.8, NAN, NAN}, 1), "1.8");
  EXPECT_EQ(to_text(Estimate{NAN, NAN, NAN}, 3), "–");
}

TEST(Statistics, EffectiveSampleSize) {
  EXPECT_DOUBLE_EQ(effective_sample_size(std::vector<float>{1, 1, 1, 1}), 1.0);
  EXPECT_DOUBLE_EQ(effective_sample_size(std::vector<float>{1, 0, 0, 0}), 0.25);
  EXPECT_DOUBLE_EQ(effective_sample_size(std::vector<float>{1, 3}), 16.0 / 20.0);
  EXPECT_EQ(effective_sample_size(std::vector<float>{0, 0}), 0.0);
  EXPECT_EQ(effective_sample_size({}), 0.0);
}

TEST(Statistics, HistogramIsExact) {
  const auto edges = linear_edges(0.0, 1.0, 4);
  EXPECT_THAT(edges, ElementsAre(0.0, 0.25, 0.5, 0.75, 1.0));
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values{
      0.0f, 0.24f, 0.25f, 0.5f, 0.99f, 1.0f, -3.0f, 7.0f, static_cast<float>(kNan), kInfinity, -kInfinity};
  const Histogram h = histogram(values, edges);
  EXPECT_THAT(h.counts, ElementsAre(4, 1, 1, 4));
  EXPECT_EQ(h.not_a_number, 1);
  const Histogram uneven = histogram(std::vector<float>{0.5f, 1.0f, 5.0f, 99.0f}, {0, 1, 10, 100});
  EXPECT_THAT(uneven.counts, ElementsAre(1, 2, 1));
  // Every value on an edge belongs to the bin that begins there, for steps that binary fractions cannot hold.
  const auto tenths = linear_edges(0.0, 1.0, 10);
  for (size_t i = 0; i < 10; ++i) {
    const auto on_edge = static_cast<float>(tenths[i]);
    const size_t expected = static_cast<double>(on_edge) >= tenths[i] ? i : i - 1;
    EXPECT_EQ(histogram(std::vector<float>{on_edge}, tenths).counts[expected], 1) << i;
  }
}

TEST(Statistics, SmoothingHasNoStartBias) {
  EXPECT_THAT(debiased_smoothing(std::vector<double>{5, 5, 5}, 0.9),
              ElementsAre(::testing::DoubleNear(5, 1e-12), ::testing::DoubleNear(5, 1e-12),
                          ::testing::DoubleNear(5, 1e-12)));
  const auto smooth = debiased_smoothing(std::vector<double>{1, kNan, 3}, 0.5);
  EXPECT_DOUBLE_EQ(smooth[0], 1.0);
  EXPECT_TRUE(std::isnan(smooth[1]));
  EXPECT_DOUBLE_EQ(smooth[2], (0.25 * 1 + 0.5 * 3) / 0.75);
  EXPECT_THAT(debiased_smoothing(std::vector<double>{1, 2}, 0.0), ElementsAre(1, 2));
}

}  // namespace
}  // namespace vaco
