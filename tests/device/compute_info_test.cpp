// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/device/blas_warning.h"
#include "core/device/compute_info.h"
#include "core/device/gpu_readout.h"

namespace vaco {
namespace {

TEST(ComputeInfo, WarnsOfTheReferenceBlasAlone) {
  EXPECT_NE(blas_warning("", false).find("libopenblas0-pthread"), std::string::npos);
  EXPECT_EQ(blas_warning("OpenBLAS 0.3.21", false), "");
  EXPECT_EQ(blas_warning("", true), "");
}

TEST(ComputeInfo, SaysNothingOfACardWithoutItsLibrary) {
  EXPECT_FALSE(read_gpu("libno-such-library.so.1"));
  EXPECT_FALSE(read_gpu("libm.so.6"));
}

TEST(ComputeInfo, ReadsTheCard) {
  const auto card = read_gpu(VACO_FAKE_NVML);
  ASSERT_TRUE(card);
  EXPECT_EQ(card->name, "Card of the tests");
  EXPECT_EQ(card->driver, "580.1");
  EXPECT_DOUBLE_EQ(card->memory_gib, 8.0);
  EXPECT_DOUBLE_EQ(card->used_memory_gib, 2.0);
  EXPECT_EQ(card->utilization, 37);
}

}  // namespace
}  // namespace vaco
