// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/nearest_word.h"

#include <gtest/gtest.h>

namespace vaco {
namespace {

TEST(NearestWord, IsTheOneWithTheFewestEdits) {
  const std::vector<std::string> known{"train", "report", "resume", "mix"};
  EXPECT_EQ(nearest_word("trian", known), "train");
  EXPECT_EQ(nearest_word("resumee", known), "resume");
  EXPECT_EQ(nearest_word("fly", known), "");
  EXPECT_EQ(nearest_word("train", {}), "");
}

}  // namespace
}  // namespace vaco
