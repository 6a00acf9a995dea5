// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/param_fields.h"

#include <gtest/gtest.h>

namespace vaco {
namespace {

enum class Colour { red, green, blue };

struct Part {
  double rate = 0.1;
  int64_t rows = 7;
  void list(ParamFields& fields) {
    fields.add(rate, {.key = "rate", .symbol = "", .label = "Rate", .help = "", .max = 1.0});
    fields.add(rows, {.key = "rows", .symbol = "", .label = "Rows", .help = ""});
  }
};

struct Whole {
  Whole() { part.rate = 0.5; }
  bool loud = true;
  Colour colour = Colour::green;
  Part part;
  void list(ParamFields& fields) {
    fields.add(loud, {.key = "loud", .symbol = "", .label = "Loud", .help = ""});
    fields.add(
        colour,
        {.key = "colour", .symbol = "", .label = "Colour", .help = "", .choices = {"red", "green", "blue"}});
    part.list(fields);
    fields.of(part.rate).reference = "here";
  }
};

struct Shorter : Whole {
  void list(ParamFields& fields) {
    Whole::list(fields);
    fields.leave_out(part.rows);
  }
};

TEST(ParamFields, MakeASchemaWithTheFieldsTypesAndValues) {
  const auto schema = schema_of<Whole>();
  ASSERT_EQ(schema.size(), 4u);
  EXPECT_EQ(schema[0].key, "loud");
  EXPECT_EQ(schema[0].type, ParamType::boolean);
  EXPECT_EQ(schema[0].default_value, ParamValue(true));
  EXPECT_EQ(schema[1].type, ParamType::choice);
  EXPECT_EQ(schema[1].default_value, ParamValue(std::string("green")));
  EXPECT_EQ(schema[2].type, ParamType::real);
  EXPECT_EQ(schema[2].default_value, ParamValue(0.5)) << "what the whole says, not the part";
  EXPECT_EQ(schema[2].max, 1.0);
  EXPECT_EQ(schema[2].reference, "here");
  EXPECT_EQ(schema[3].type, ParamType::integer);
  EXPECT_EQ(schema[3].default_value, ParamValue(int64_t{7}));
}

TEST(ParamFields, AreReadFromASet) {
  ParamSet set(schema_of<Whole>());
  set.set("loud", false);
  set.set("colour", std::string("blue"));
  set.set("rows", int64_t{12});
  const auto whole = read_params<Whole>(set);
  EXPECT_FALSE(whole.loud);
  EXPECT_EQ(whole.colour, Colour::blue);
  EXPECT_EQ(whole.part.rate, 0.5);
  EXPECT_EQ(whole.part.rows, 12);
}

TEST(ParamFields, ThatAreLeftOutKeepTheirValue) {
  const auto schema = schema_of<Shorter>();
  EXPECT_EQ(schema.size(), 3u);
  EXPECT_EQ(find_spec(schema, "rows"), nullptr);
  EXPECT_EQ(read_params<Shorter>(ParamSet(schema)).part.rows, 7);
}

TEST(ParamFields, AnIncompleteSetIsABug) {
  EXPECT_THROW((void)read_params<Part>(ParamSet()), std::out_of_range);
}

}  // namespace
}  // namespace vaco
