// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using vaco::testing::TemporaryFolder;

TEST(RunMarks, AreKeptInTheFolderAndGoneWhenNothingIsSaid) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_marks(folder.path()), RunMarks{});
  const RunMarks marks{"the good one", true, {"paper", "v2"}, "two\nlines \"quoted\""};
  ASSERT_TRUE(write_marks(folder.path(), marks).ok());
  EXPECT_EQ(read_marks(folder.path()), marks);
  ASSERT_TRUE(write_marks(folder.path(), {}).ok());
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "marks.json"));
  ASSERT_TRUE(write_marks(folder.path(), {}).ok());
  EXPECT_FALSE(write_marks(folder.path() / "gone", marks).ok());
}

TEST(RunMarks, WhatCannotBeReadSaysNothing) {
  const TemporaryFolder folder;
  for (const char* text : {"", "[1]", "{\"star\": 3, \"tags\": [1, {}], \"name\": null}", "{"}) {
    std::ofstream(folder.path() / "marks.json") << text;
    EXPECT_EQ(read_marks(folder.path()), RunMarks{}) << text;
  }
}

TEST(RunMarks, TagsAreReadAsPeopleWriteThem) {
  EXPECT_THAT(parse_tags(" v2,good ,, good"), ElementsAre("good", "v2"));
  EXPECT_THAT(parse_tags(" , "), IsEmpty());
  EXPECT_EQ(tags_text({"good", "v2"}), "good, v2");
}

}  // namespace
}  // namespace vaco
