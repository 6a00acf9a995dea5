// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/physics_name.h"

#include <gtest/gtest.h>

namespace vaco {
namespace {

TEST(PhysicsName, LegacyIsAnotherNameOfV2) {
  EXPECT_EQ(physics_name("legacy"), "v2");
  EXPECT_EQ(physics_name("legacy-v2"), "v2");
  for (const char* as_it_is : {"v2", "v4", "", "moon"}) EXPECT_EQ(physics_name(as_it_is), as_it_is);
}

}  // namespace
}  // namespace vaco
