// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/policy_snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "core/base/rng.h"

namespace vaco {
namespace {

using ::testing::HasSubstr;

PolicySnapshot random_policy() {
  Rng rng(4);
  PolicySnapshot p;
  const std::array<int64_t, 4> widths{11, 37, 64, 3};  // not multiples of eight, and one that is
  for (size_t l = 0; l + 1 < widths.size(); ++l) {
    DenseLayer layer{widths[l], widths[l + 1], {}, {}};
    for (int64_t i = 0; i < layer.inputs * layer.outputs; ++i)
      layer.weight.push_back(static_cast<float>(0.2 * rng.normal()));
    for (int64_t i = 0; i < layer.outputs; ++i) layer.bias.push_back(static_cast<float>(0.1 * rng.normal()));
    p.layers.push_back(layer);
  }
  for (int i = 0; i < 11; ++i) {
    p.observation_mean.push_back(static_cast<float>(rng.normal()));
    p.observation_scale.push_back(static_cast<float>(0.5 + rng.uniform()));
  }
  p.action_low = {-1, -2, 0};
  p.action_high = {1, 3, 5};
  return p;
}

TEST(PolicyActor, IsThePlainFormula) {
  const PolicySnapshot p = random_policy();
  PolicyActor actor(p);
  Rng rng(9);
  for (int round = 0; round < 5; ++round) {
    std::vector<float> observation;
    for (int i = 0; i < 11; ++i) observation.push_back(static_cast<float>(rng.normal()));
    std::vector<double> x;
    for (size_t i = 0; i < 11; ++i)
      x.push_back((static_cast<double>(observation[i]) - p.observation_mean[i]) / p.observation_scale[i]);
    for (size_t l = 0; l < p.layers.size(); ++l) {
      const auto& layer = p.layers[l];
      std::vector<double> y;
      for (int64_t o = 0; o < layer.outputs; ++o) {
        double sum = layer.bias[static_cast<size_t>(o)];
        for (int64_t i = 0; i < layer.inputs; ++i)
          sum += static_cast<double>(layer.weight[static_cast<size_t>(o * layer.inputs + i)]) *
                 x[static_cast<size_t>(i)];
        y.push_back(l + 1 < p.layers.size() ? std::max(0.0, sum) : sum);
      }
      x = y;
    }
    std::array<float, 3> action{};
    actor.act(observation, action);
    for (size_t i = 0; i < 3; ++i) {
      const double middle = (p.action_high[i] + p.action_low[i]) / 2.0,
                   half = (p.action_high[i] - p.action_low[i]) / 2.0;
      EXPECT_NEAR(action[i], middle + half * std::tanh(x[i]), 1e-5);
    }
  }
}

TEST(PolicySnapshot, SaysWhatIsWrong) {
  EXPECT_TRUE(random_policy().problem().empty());
  const auto spoiled = [](auto change) {
    PolicySnapshot p = random_policy();
    change(p);
    return p.problem();
  };
  EXPECT_THAT(spoiled([](auto& p) { p.layers.clear(); }), HasSubstr("no layers"));
  EXPECT_THAT(spoiled([](auto& p) { p.layers[1].inputs = 36; }), HasSubstr("layer 1"));
  EXPECT_THAT(spoiled([](auto& p) { p.layers[2].bias.pop_back(); }), HasSubstr("layer 2"));
  EXPECT_THAT(spoiled([](auto& p) { p.layers[0].weight[3] = std::nanf(""); }), HasSubstr("NaN"));
  EXPECT_THAT(spoiled([](auto& p) { p.observation_scale[0] = 0; }), HasSubstr("positive"));
  EXPECT_THAT(spoiled([](auto& p) { p.action_low.pop_back(); }), HasSubstr("bounds"));
  EXPECT_THAT(spoiled([](auto& p) { p.layers.pop_back(); }), HasSubstr("last layer"));
  EXPECT_THAT(spoiled([](auto& p) { p.action_high[0] = std::numeric_limits<float>::infinity(); }),
              HasSubstr("infinity"));
}

}  // namespace
}  // namespace vaco
