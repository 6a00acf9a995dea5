// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/row_draws.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vaco {
namespace {

TEST(Sharpen, IsTheSoftmaxOfScaledWeights) {
  std::vector<float> w{0.2f, 0.8f, 0.6f};
  sharpen(w, 0.5);
  EXPECT_NEAR(w[1], 1.0, 1e-6);
  EXPECT_NEAR(w[0], std::exp(-0.75 * 0.75 / 0.5), 1e-6);
  EXPECT_NEAR(w[2], std::exp(-0.75 * 0.25 / 0.5), 1e-6);
  std::vector<float> alike{0.300f, 0.270f}, none{0.0f, 0.0f};
  sharpen(alike, 0.03);
  EXPECT_NEAR(alike[1], std::exp(-0.1 * 0.1 / 0.03), 1e-5) << "what has hardly parted is hardly sharpened";
  sharpen(none, 0.1);
  EXPECT_EQ(none, (std::vector<float>{1.0f, 1.0f}));
}

TEST(TemperatureForRows, IsRaisedUntilEnoughRowsCount) {
  std::vector<float> w(1000);
  for (size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(i) / 999.0f;
  // Of a long row of weights that fall off exponentially, (Σe^{-i/a})² / Σe^{-2i/a} = 2a: a = 999 T.
  EXPECT_NEAR(temperature_for_rows(w, 0.01, 50.0), 25.0 / 999.0, 0.001);
  EXPECT_EQ(temperature_for_rows(w, 0.01, 10.0), 0.01);
  EXPECT_EQ(temperature_for_rows(w, 0.01, 1e6), 1e4);
}

TEST(ResampleRows, GivesEveryRowItsShareToWithinOne) {
  const std::vector<float> w{0.0f, 1.0f, 0.25f, 3.0f, 1e-8f, 0.75f};
  const auto rows = resample_rows(w);
  ASSERT_EQ(rows.size(), size_t{1} << 20U);
  std::vector<double> count(w.size());
  for (const auto row : rows) ++count.at(static_cast<size_t>(row));
  for (size_t i = 0; i < w.size(); ++i)
    EXPECT_NEAR(count[i], w[i] / (5.0 + 1e-8) * static_cast<double>(rows.size()), 1.0) << "row " << i;
}

TEST(ResampleRows, FillsItsPlacesForManyUnevenRows) {
  std::vector<float> w(2'000'000);
  for (size_t i = 0; i < w.size(); ++i) w[i] = i % 3 == 0 ? 0.1f : 1e-7f * static_cast<float>(i % 11);
  const auto rows = resample_rows(w);
  ASSERT_EQ(rows.size(), w.size());
  for (size_t k = 1; k < rows.size(); ++k) ASSERT_LE(rows[k - 1], rows[k]);
}

TEST(EffectiveRows, CountsWhatEqualWeightsWouldTell) {
  EXPECT_NEAR(effective_rows(std::vector<float>{2, 2, 2, 0}), 3.0, 1e-9);
  EXPECT_NEAR(effective_rows(std::vector<float>{3, 1}), 16.0 / 10.0, 1e-9);
  EXPECT_EQ(effective_rows(std::vector<float>{0, 0}), 0.0);
}

}  // namespace
}  // namespace vaco
