// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "core/catalogue/catalogue_json.h"
#include "core/learn/online_learner.h"

namespace vaco {
namespace {

void expect_same(const std::vector<ParamSpec>& a, const std::vector<ParamSpec>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    SCOPED_TRACE(b[i].key);
    const auto fields = [](const ParamSpec& s) {
      return std::tie(s.key, s.symbol, s.label, s.help, s.type, s.default_value, s.choices, s.min, s.max,
                      s.warn_min, s.warn_max, s.scale, s.tier, s.group, s.unit, s.affects, s.reference);
    };
    EXPECT_TRUE(fields(a[i]) == fields(b[i]));
  }
}

TEST(Catalogue, IsTheRegistryAgainAfterJson) {
  const auto read = catalogue_from_json(Json::parse(to_line(to_json({algorithms(), online_td3_schema()}))));
  ASSERT_TRUE(read) << read.error().message;
  expect_same(read->online_td3, online_td3_schema());
  ASSERT_EQ(read->algorithms.size(), algorithms().size());
  for (size_t i = 0; i < algorithms().size(); ++i) {
    const auto &a = read->algorithms[i], &b = algorithms()[i];
    SCOPED_TRACE(b.key);
    EXPECT_TRUE(std::tie(a.key, a.label, a.summary) == std::tie(b.key, b.label, b.summary));
    expect_same(a.schema, b.schema);
    ASSERT_EQ(a.metrics.size(), b.metrics.size());
    for (size_t m = 0; m < a.metrics.size(); ++m) {
      EXPECT_STREQ(a.metrics[m].get().key, b.metrics[m].get().key);
      EXPECT_EQ(display_name(a.metrics[m]), display_name(b.metrics[m]));
    }
  }
}

TEST(Catalogue, RefusesWhatIsNone) {
  for (const char* text : {"{}", "[]", R"({"algorithms": [{"key": "vaco"}], "online_td3": []})",
                           R"({"algorithms": [], "online_td3": [{"key": 3}]})"})
    EXPECT_FALSE(catalogue_from_json(Json::parse(text))) << text;
}

/// What the command line's start is quick by.
TEST(Catalogue, TheProgramVacoDoesNotAskForLibtorch) {
  std::ifstream file(VACO_BIN_DIR "/vaco", std::ios::binary);
  const std::string program{std::istreambuf_iterator<char>(file), {}};
  ASSERT_EQ(program.substr(1, 3), "ELF");
  EXPECT_NE(program.find("libmujoco.so"), std::string::npos)
      << "the names of libraries do not stand there as text";
  EXPECT_EQ(program.find("libtorch"), std::string::npos);
}

}  // namespace
}  // namespace vaco
