// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/low_level_weights.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace vaco {
namespace {

at::Tensor scores() {
  return at::tensor({0.9f, 0.02f, 0.01f, 0.03f, 0.7f, 0.01f, 0.0f, 0.4f}).view({8, 1});
}

TEST(NormalizeBatch, LeavesScoresAsTheyAreWithoutFloorAndNormalization) {
  auto weights = scores();
  normalize_batch(WeightNormalization::none, 0.0, weights);
  EXPECT_TRUE(at::equal(weights, scores()));
}

TEST(NormalizeBatch, DividesByTheMean) {
  auto weights = scores();
  normalize_batch(WeightNormalization::batch, 0.0, weights);
  EXPECT_TRUE(at::allclose(weights, scores() / scores().mean()));
}

TEST(NormalizeBatch, MixesABatchAsTheFloorMixesADataset) {
  for (const double floor : {0.2, 0.5, 0.9}) {
    auto batch = scores(), dataset = scores();
    normalize_batch(WeightNormalization::none, floor, batch);
    apply_ess_floor({dataset.data_ptr<float>(), 8}, floor);
    EXPECT_TRUE(at::allclose(batch, dataset / scores().mean(), 1e-4, 1e-5)) << floor;
    const double ess = (batch.sum().square() / (8.0 * batch.square().sum())).item<double>();
    EXPECT_GE(ess, floor - 1e-4);
  }
}

}  // namespace
}  // namespace vaco
