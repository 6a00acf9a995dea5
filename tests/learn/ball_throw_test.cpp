// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/learn/ball_throw.h"

namespace vaco {
namespace {
using namespace testing::ball_throw;

TEST(BallThrow, ValueAlignedWeightsPullThePolicyToTheBestAngle) {
  const auto data = throws(4000);
  const testing::Settings network{{"hidden_width", "64"}, {"policy_lr", "0.001"}, {"policy_average", "0"}};
  auto for_bc = network, for_vaco = network;
  for_bc.push_back({"bc_steps", "3000"});
  for_vaco.insert(for_vaco.end(), {{"value_steps", "4000"},
                                   {"value_lr", "0.001"},
                                   {"warmup_steps", "1000"},
                                   {"bilevel_steps", "4000"},
                                   {"cloning_steps", "1000"},
                                   {"meta_lr", "0.001"},
                                   {"weight_level", "sample"},
                                   {"weight_normalization", "batch"},
                                   {"ess_floor", "0.2"}});
  const double bc_error = mean_error(train(data, "bc", for_bc)->policy());
  const auto vaco = train(data, "vaco", for_vaco);
  const double vaco_error = mean_error(vaco->policy());
  RecordProperty("bc_error_mrad", static_cast<int>(1000 * bc_error));
  RecordProperty("vaco_error_mrad", static_cast<int>(1000 * vaco_error));
  EXPECT_GT(bc_error, 0.2);  // the data is biased: plain cloning cannot do it
  EXPECT_LT(vaco_error, 0.25 * bc_error) << "BC is off by " << bc_error << " rad";

  const auto weights = *vaco->row_weights();
  double good = 0.0, steep = 0.0;
  for (size_t i = 0; i < weights.size(); ++i) (i % 2 == 0 ? good : steep) += weights[i];
  EXPECT_GT(good, 4.0 * steep);
}

}  // namespace
}  // namespace vaco
