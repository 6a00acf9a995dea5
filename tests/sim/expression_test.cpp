// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace vaco {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<ExpressionName> kNames = {{"qpos", 3}, {"qvel", 2}, {"site.tip", 3}, {"dt", 1}};

std::vector<double> worked_out(const std::string& text, Rng* rng = nullptr, size_t draws = 1) {
  const auto formula = Expression::parse(text, kNames, draws);
  if (!formula) {
    ADD_FAILURE() << text << ": " << formula.error().message;
    return {};
  }
  static const std::vector<std::vector<double>> kValues = {{1, -2, 3}, {0.5, 4}, {7, 8, 9}, {0.1}};
  ExpressionValues values;
  values.at = [](size_t name) { return std::span<const double>(kValues[name]); };
  values.rng = rng;
  const auto numbers = formula->evaluate(values);
  EXPECT_EQ(numbers.size(), formula->size()) << text;
  return numbers;
}

double number(const std::string& text) {
  const auto numbers = worked_out(text);
  return numbers.size() == 1 ? numbers[0] : NAN;
}

TEST(Expressions, BindAsInMathematics) {
  EXPECT_EQ(number("1 + 2 * 3"), 7);
  EXPECT_EQ(number("(1 + 2) * 3"), 9);
  EXPECT_EQ(number("10 - 3 - 2"), 5);
  EXPECT_EQ(number("12 / 3 / 2"), 2);
  EXPECT_EQ(number("-2 ^ 2"), -4);
  EXPECT_EQ(number("2 ^ 3 ^ 2"), 512);
  EXPECT_EQ(number("2 ^ -1"), 0.5);
  EXPECT_EQ(number("1e-3 * 2.5"), 0.0025);
  EXPECT_EQ(number("1 < 2 && 2 < 1 || 3 >= 3"), 1);
  EXPECT_EQ(number("!(1 == 2) && 1 != 2"), 1);
  EXPECT_EQ(number("!0 + !5"), 1);
}

TEST(Expressions, WorkOverVectorsAndSlices) {
  EXPECT_THAT(worked_out("qpos[1:]"), ElementsAre(-2, 3));
  EXPECT_THAT(worked_out("qpos[:2] * 2"), ElementsAre(2, -4));
  EXPECT_THAT(worked_out("qpos[1:] + qvel"), ElementsAre(-1.5, 7));
  EXPECT_THAT(worked_out("clip(qpos, -1, 1)"), ElementsAre(1, -1, 1));
  EXPECT_EQ(number("qpos[2]"), 3);
  EXPECT_EQ(number("sum(qpos ^ 2)"), 14);
  EXPECT_EQ(number("norm(qvel[:1])"), 0.5);
  EXPECT_EQ(number("all(qpos > -3)"), 1);
  EXPECT_EQ(number("any(abs(qpos) > 3)"), 0);
  EXPECT_EQ(number("finite(qvel / 0)"), 0);
  EXPECT_EQ(number("site.tip[2] / dt"), 9 / 0.1);
  EXPECT_DOUBLE_EQ(number("atan2(sin(0.3), cos(0.3))"), 0.3);
}

TEST(Expressions, DrawAsManyNumbersAsTheirPlaceAsksFor) {
  Rng rng(4), same(4);
  const auto drawn = worked_out("qpos + uniform(-0.5, 0.5)", &rng, 3);
  ASSERT_EQ(drawn.size(), 3u);
  EXPECT_EQ(drawn[0], 1 + same.uniform(-0.5, 0.5));
  EXPECT_EQ(worked_out("0.1 * normal()", &rng, 5).size(), 5u);
}

TEST(Expressions, AFaultNamesItsColumnAndTheWayToMendIt) {
  const auto fault = [](const std::string& text) {
    const auto formula = Expression::parse(text, kNames, 2);
    EXPECT_FALSE(formula) << text;
    return formula ? std::string() : formula.error().message;
  };
  EXPECT_THAT(fault("1 + qpoz[1]"), HasSubstr("column 5: there is no name 'qpoz'; did you mean 'qpos'?"));
  EXPECT_THAT(fault("sin(1"), HasSubstr("column 6: ')' is missing"));
  EXPECT_THAT(fault("1 +"), HasSubstr("column 4: the formula ends too early"));
  EXPECT_THAT(fault(""), HasSubstr("column 1: the formula ends too early"));
  EXPECT_THAT(fault("1 2"), HasSubstr("column 3: '2' is not expected"));
  EXPECT_THAT(fault("qpos + qvel"), HasSubstr("column 6: vectors of 3 and 2 numbers do not go together"));
  EXPECT_THAT(fault("qpos[3]"), HasSubstr("qpos has 3 numbers, counted from 0"));
  EXPECT_THAT(fault("qpos[2:1]"), HasSubstr("counted from 0"));
  EXPECT_THAT(fault("clip(1, 2)"), HasSubstr("clip takes 3 values, not 2"));
  EXPECT_THAT(fault("sinus(1)"), HasSubstr("there is no function 'sinus'"));
  EXPECT_THAT(fault("uniform(qpos, 1)"), HasSubstr("uniform gives 2 numbers here, not 3"));
  EXPECT_THAT(fault(std::string(5000, '(')), HasSubstr("nested too deeply"));
  EXPECT_THAT(fault("1 # 2"), HasSubstr("'#' is not expected"));
}

}  // namespace
}  // namespace vaco
