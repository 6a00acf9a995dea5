// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/episode_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/base/rng.h"

namespace vaco {
namespace {
using ::testing::HasSubstr;

std::string parsed(const std::string& text) {
  const auto list = EpisodeList::parse(text);
  return list ? list->text() : list.error().message;
}

TEST(EpisodeList, IsNumbersAndRangesInAnyOrder) {
  EXPECT_EQ(parsed("3,17,20-25"), "3,17,20-25");
  EXPECT_EQ(parsed("20-25 17\n3"), "3,17,20-25");
  EXPECT_EQ(parsed("5,4,3,3-4"), "3-5");
  EXPECT_EQ(parsed("0"), "0");
  EXPECT_EQ(parsed(" ;\t,\r\n"), "");
  EXPECT_EQ(parsed("# fell at once\n12 # twice\n# 13\n14-14"), "12,14");
  EXPECT_EQ(parsed(parsed("1-3,9,7")), "1-3,7,9") << "its own text is one";
}

TEST(EpisodeList, WhatIsNoneIsNamedWithItsLine) {
  for (const char* wrong : {"1\n2,x", "1\n-3", "1\n5-2", "1\n1.5", "1\n2-", "1\n99999999999999999999"})
    EXPECT_THAT(parsed(wrong), HasSubstr("in line 2 of the list")) << wrong;
  EXPECT_EQ(EpisodeList::parse("x").error().code, ErrorCode::usage);
}

TEST(EpisodeList, KnowsItsEpisodesAsASetDoes) {
  Rng rng(5);
  for (int round = 0; round < 50; ++round) {
    std::set<int64_t> truth;
    std::vector<int64_t> given;
    for (int i = 0; i < round; ++i) {
      given.push_back(static_cast<int64_t>(rng.index(60)));
      truth.insert(given.back());
    }
    const auto list = EpisodeList::of(given);
    EXPECT_EQ(list.size(), static_cast<int64_t>(truth.size()));
    EXPECT_EQ(list.empty(), truth.empty());
    EXPECT_EQ(list.last(), truth.empty() ? -1 : *truth.rbegin());
    int64_t left = 0;
    for (int64_t e = 0; e < 70; ++e) {
      EXPECT_EQ(list.contains(e), truth.contains(e)) << e;
      if (!truth.contains(e)) {
        EXPECT_EQ(list.nth_left(left++), e);
      }
    }
    EXPECT_EQ(EpisodeList::parse(list.text())->text(), list.text());
  }
}

TEST(EpisodeList, GrowsByAnother) {
  auto list = EpisodeList::of({1, 2, 9});
  list.add(EpisodeList::of({3, 8, 20}));
  EXPECT_EQ(list.text(), "1-3,8-9,20");
  EXPECT_EQ(list.short_text(2), "1-3,8-9, … (6 episodes)");
  EXPECT_EQ(list.short_text(3), list.text());
}

TEST(EpisodeList, ComesFromAFileToo) {
  const auto file = std::filesystem::temp_directory_path() / "vaco-episode-list.txt";
  std::ofstream(file) << "# by hand\n4\n1-2\n";
  EXPECT_EQ(EpisodeList::read(file.string())->text(), "1-2,4");
  std::ofstream(file) << "4\nfive\n";
  const auto wrong = EpisodeList::read(file.string());
  EXPECT_THAT(wrong.error().message, HasSubstr("'five' in line 2"));
  EXPECT_THAT(wrong.error().message, HasSubstr(file.string()));
  std::filesystem::remove(file);
  EXPECT_THAT(EpisodeList::read(file.string()).error().message, HasSubstr("is neither a file nor a list"));
  EXPECT_EQ(EpisodeList::read("7, 8")->text(), "7-8");
}

TEST(EpisodeList, AHugeRangeTakesNoMemory) {
  const auto list = EpisodeList::parse("0-999999999999");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->size(), 1'000'000'000'000);
}

}  // namespace
}  // namespace vaco
