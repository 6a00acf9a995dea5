// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/benchmark.h"

#include <gtest/gtest.h>

#include <optional>

#include "core/nn/dnnl_gemm.h"

namespace vaco {
namespace {

/// The signature that is known for this processor's instruction set, with the libraries of
/// installer/packages.txt.
std::optional<uint64_t> stored_signature() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return 15648924509261824902ull;
#endif
  return std::nullopt;
}

TEST(Benchmark, TheSignatureIsTheStoredOne) {
  const auto stored = stored_signature();
  if (!stored)
    GTEST_SKIP() << "no signature is stored for this instruction set; add " << arithmetic_signature();
  EXPECT_EQ(arithmetic_signature(), *stored)
      << "the numbers of training have changed, or those of another version of oneDNN or libtorch";
}

TEST(Benchmark, TheSignatureIsTheSameEveryTime) {
  EXPECT_EQ(arithmetic_signature(), arithmetic_signature());
}

TEST(Benchmark, MeasuresEveryPhaseOnBothShapes) {
  const auto rows = benchmark_updates(1, 0.03, {});
  ASSERT_EQ(rows.size(), 10u);
  for (const auto& row : rows) {
    EXPECT_GT(row.engine_float32, 0.0) << row.phase;
    EXPECT_EQ(row.engine_bfloat16 > 0.0, has_fast_bfloat16()) << row.phase;
    EXPECT_GT(row.autograd, 0.0) << row.phase;
  }
  // The table of work per step that the project plans with: 0.42 GFLOP for values, about 0.5 for the bi-level
  // step.
  EXPECT_NEAR(rows[5].gflop_per_step, 0.42, 0.05);
  EXPECT_NEAR(rows[6].gflop_per_step, 0.5, 0.08);
  EXPECT_GT(benchmark_gemm(1, 0.02, false), 0.0);
  EXPECT_EQ(benchmark_gemm(1, 0.02, true) > 0.0, has_fast_bfloat16());
}

}  // namespace
}  // namespace vaco
