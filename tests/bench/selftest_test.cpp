// SPDX-License-Identifier: GPL-3.0-or-later
// The selftest on the processor's rehearsal of a card: everything of it but the card.
#include "core/bench/selftest.h"

#include <gtest/gtest.h>

#include "core/bench/device_benchmark.h"

namespace vaco {
namespace {

TEST(Selftest, PassesOnTheRehearsal) {
  std::vector<std::string> told;
  const auto rows = run_selftest("rehearsal", 40, "", [&](std::string_view name) { told.emplace_back(name); });
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_GE(rows->size(), 16u);
  EXPECT_EQ(told.size(), rows->size());
  for (const auto& row : *rows) {
    EXPECT_TRUE(row.passed()) << row.name << ": " << row.worst << " " << row.problem;
    EXPECT_GE(row.steps, 35) << row.name;
    // Float32 beside double precision: some rounding must be seen, or nothing was compared.
    EXPECT_GT(row.difference, 0.0) << row.name;
    EXPECT_GT(row.largest, 1e-8) << row.name;
    EXPECT_FALSE(row.replays.has_value());
  }
}

TEST(Selftest, RefusesADeviceThatIsNotThere) {
  EXPECT_EQ(run_selftest("abacus", 20, "", {}).error().code, ErrorCode::usage);
}

TEST(Selftest, RowsFailForEachReason) {
  const SelftestRow good{.agrees = true, .resumes = true, .beside = true};
  EXPECT_TRUE(good.passed());
  for (const auto& spoil : std::vector<void (*)(SelftestRow&)>{
           [](SelftestRow& row) { row.agrees = false; }, [](SelftestRow& row) { row.replays = false; },
           [](SelftestRow& row) { row.resumes = false; }, [](SelftestRow& row) { row.beside = false; },
           [](SelftestRow& row) { row.problem = "x"; }}) {
    auto row = good;
    spoil(row);
    EXPECT_FALSE(row.passed());
  }
}

TEST(DeviceBenchmark, MeasuresEveryPhaseForEachNumberOfRuns) {
  const auto rates =
      benchmark_device({.device = "rehearsal"}, {kDevicePhases.begin(), kDevicePhases.end()}, {1, 2}, 0.01, {});
  ASSERT_TRUE(rates.ok()) << rates.error().message;
  ASSERT_EQ(rates->size(), 10u);
  for (const auto& rate : *rates) EXPECT_GT(rate.steps_per_second, 0.0) << rate.phase << " " << rate.runs;
}

}  // namespace
}  // namespace vaco
