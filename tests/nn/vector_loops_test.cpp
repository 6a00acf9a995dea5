// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/vector_loops.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

namespace vaco {
namespace {

TEST(VectorLoops, Bfloat16RoundsAsTorchDoes) {
  at::manual_seed(1);
  auto values = at::randn({1003}) * at::exp(20.0 * at::randn({1003}));
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float special[] = {0.0f, -0.0f, 1.00390625f, 1.01171875f, kInfinity, -kInfinity, 3.4e38f};
  for (size_t i = 0; i < std::size(special); ++i) values[static_cast<int64_t>(i)] = special[i];
  std::vector<uint16_t> ours(1003);
  bfloat16_loop(values.data_ptr<float>(), ours.data(), 1003);
  const auto theirs = values.to(at::kBFloat16);
  const auto* bits = reinterpret_cast<const uint16_t*>(theirs.data_ptr());
  for (size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(ours[i], bits[i]) << values[static_cast<int64_t>(i)];
}

TEST(VectorLoops, Bfloat16KeepsNotANumber) {
  const uint32_t patterns[] = {0x7f800001u, 0x7fffffffu, 0xffffffffu, 0xff800001u};
  for (const uint32_t pattern : patterns) {
    float value;
    __builtin_memcpy(&value, &pattern, sizeof value);
    uint16_t rounded = 0;
    bfloat16_loop(&value, &rounded, 1);
    EXPECT_GT(rounded & 0x7fff, 0x7f80) << pattern;
  }
}

}  // namespace
}  // namespace vaco
