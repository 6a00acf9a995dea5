// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/plan_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vaco {
namespace {

using ::testing::ElementsAre;

RunConfig config(const std::string& dataset, uint64_t seed, const std::string& expectile = "0.7") {
  auto made = *make_config("vaco", "demo");
  made.dataset = dataset;
  made.seed = seed;
  EXPECT_TRUE(set_param(made, "expectile", expectile, Origin::run).ok());
  return made;
}

TEST(PlanLabels, GroupsAreNamedAsTheirPlansDo) {
  const PlanLabel none, first{"one", "mixed", "VACO, ours"}, other{"two", "mixed", "VACO, ours"};
  const std::vector configs{config("a.hdf5", 0), config("a.hdf5", 1), config("a.hdf5", 0, "0.9")};
  const auto plain = group_by_plan(configs, std::vector{first, first, none});
  EXPECT_THAT(plain.names, ElementsAre("VACO, ours", "VACO, expectile 0.9"));
  EXPECT_THAT(plain.group_of, ElementsAre(0, 0, 1));
  EXPECT_THAT(group_by_plan(configs, std::vector{first, first, other}).names,
              ElementsAre("VACO, ours, one", "VACO, ours, two"));
  const std::vector two_datasets{config("a.hdf5", 0), config("b.hdf5", 0)};
  const PlanLabel expert{"one", "expert", "VACO, ours"};
  EXPECT_THAT(group_by_plan(two_datasets, std::vector{first, expert}).names,
              ElementsAre("VACO, ours, mixed", "VACO, ours, expert"));
}

}  // namespace
}  // namespace vaco
