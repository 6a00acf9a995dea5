// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records/checkpoint.h"
#include "tests/cli/program.h"

namespace vaco::testing {

/// Everything that two sweeps left for these cells is the same, but for times.
inline void expect_same_runs(const fs::path& a, const fs::path& b, const std::vector<std::string>& cells) {
  for (const auto& name : cells) {
    SCOPED_TRACE(name);
    EXPECT_FALSE(slurp(a / name / "policy.h5").empty());
    EXPECT_EQ(timeless(a / name / "metrics.jsonl"), timeless(b / name / "metrics.jsonl"));
    for (const char* file : {"eval.jsonl", "weights.jsonl", "policy.h5", "best_policy.h5"})
      EXPECT_TRUE(slurp(a / name / file) == slurp(b / name / file)) << file;
    const auto one = read_checkpoint(a / name / "checkpoints/last.h5"),
               other = read_checkpoint(b / name / "checkpoints/last.h5");
    ASSERT_TRUE(one.ok() && other.ok());
    EXPECT_TRUE(one->state == other->state);
  }
}

}  // namespace vaco::testing
