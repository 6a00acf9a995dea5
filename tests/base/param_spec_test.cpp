// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/param_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/json.h"

namespace vaco {
namespace {

using ::testing::HasSubstr;

ParamSpec make(const char* key, ParamType type, ParamValue value, double low = -INFINITY,
               double high = INFINITY) {
  ParamSpec spec;
  spec.key = key;
  spec.type = type;
  spec.default_value = std::move(value);
  spec.min = low;
  spec.max = high;
  return spec;
}
ParamSpec real(double low, double high) {
  return make("expectile", ParamType::real, 0.7, low, high);
}
const ParamSpec kSteps = make("steps", ParamType::integer, int64_t{10}, 1, 1e9);
const ParamSpec kFlag = make("flag", ParamType::boolean, true);
const ParamSpec kUnit = [] {
  ParamSpec spec = make("unit", ParamType::choice, std::string("a"));
  spec.choices = {"a", "b"};
  return spec;
}();

TEST(ParamSpec, TextRoundTripsExactly) {
  for (const double value : {0.1, 1.0 / 3.0, 3e-4, 1e300, 5e-324, -0.0}) {
    const auto parsed = parse_value(real(-INFINITY, INFINITY), to_text(ParamValue(value)));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(std::get<double>(*parsed), value);
  }
  EXPECT_EQ(to_text(ParamValue(int64_t{-5})), "-5");
  EXPECT_EQ(to_text(ParamValue(true)), "true");
}

TEST(ParamSpec, ChecksTypesAndHardRanges) {
  EXPECT_TRUE(parse_value(real(0, 1), "0").ok());
  EXPECT_TRUE(parse_value(real(0, 1), "1").ok()) << "the range is inclusive";
  for (const char* text : {"1.0001", "-0.1", "nan", "inf", "", "abc", "0.5x", " 0.5"}) {
    const auto parsed = parse_value(real(0, 1), text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::usage);
    EXPECT_THAT(parsed.error().message, HasSubstr("expectile"));
  }
  EXPECT_EQ(std::get<int64_t>(*parse_value(kSteps, "1e6")), 1000000);
  for (const char* text : {"0", "1.5", "1e10", "true", "9223372036854775808"})
    EXPECT_FALSE(parse_value(kSteps, text).ok()) << text;
  EXPECT_THAT(parse_value(kUnit, "c").error().message, HasSubstr("a, b"));
  EXPECT_TRUE(std::get<bool>(*parse_value(kFlag, "yes")));
  EXPECT_FALSE(parse_value(kFlag, "maybe").ok());
  EXPECT_FALSE(check_value(kSteps, 1.0).ok()) << "a value of another type";
  EXPECT_EQ(parse_value(kSteps, "2e9").error().message,
            "steps = 2,000,000,000 is outside its range, 1 to 1,000,000,000");
}

TEST(ParamSpec, JsonTakesWhatTheTypeTakes) {
  EXPECT_EQ(std::get<int64_t>(*from_json_value(kSteps, Json(20))), 20);
  EXPECT_EQ(std::get<int64_t>(*from_json_value(kSteps, Json(20.0))), 20);
  EXPECT_EQ(std::get<double>(*from_json_value(real(0, 1), Json(1))), 1.0);
  EXPECT_FALSE(from_json_value(kSteps, Json::array({1})).ok());
  EXPECT_FALSE(from_json_value(kSteps, Json(nullptr)).ok());
}

TEST(ParamSpec, WarnsOutsideTheKnownRange) {
  ParamSpec spec = real(0, 1);
  spec.warn_min = 0.5;
  spec.warn_max = 0.95;
  EXPECT_TRUE(warning_for(spec, 0.7).empty());
  EXPECT_THAT(warning_for(spec, 0.2), HasSubstr("unusual"));
  EXPECT_TRUE(warning_for(kUnit, std::string("a")).empty());
  ParamSpec steps = kSteps;
  steps.warn_min = 1000;
  steps.warn_max = 3e6;
  EXPECT_EQ(warning_for(steps, int64_t{4000000}),
            "steps = 4,000,000 is unusual: 1,000 to 3,000,000 is what is known to work");
}

TEST(ParamSpec, NamesTheNearestKey) {
  const std::vector<ParamSpec> schema{real(0, 1), kSteps};
  EXPECT_TRUE(require_spec(schema, "steps").ok());
  EXPECT_THAT(require_spec(schema, "expectil").error().message, HasSubstr("did you mean 'expectile'"));
  EXPECT_THAT(require_spec(schema, "something_else_entirely").error().message,
              ::testing::Not(HasSubstr("did you mean")));
  EXPECT_EQ(find_spec(schema, "nope"), nullptr);
  const ParamSet values(schema);
  EXPECT_EQ(values.real("expectile"), 0.7);
  EXPECT_EQ(values.integer("steps"), 10);
}

}  // namespace
}  // namespace vaco
