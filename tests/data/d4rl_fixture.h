// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/reader.h"
#include "tests/data/h5_fixture.h"

namespace vaco::testing {

/// 2,500 rows of a hopper that never falls: the file says nothing about its episodes.
struct LongRows {
  std::vector<float> observations, next_observations, actions, rewards;
  std::vector<int8_t> terminals;
  explicit LongRows(int rows = 2500)
      : actions(static_cast<size_t>(3 * rows)),
        rewards(static_cast<size_t>(rows), 1.0f),
        terminals(static_cast<size_t>(rows)) {
    for (int i = 0; i < rows; ++i) {
      observations.insert(observations.end(), 11, static_cast<float>(i));
      next_observations.insert(next_observations.end(), 11, static_cast<float>(i + 1));
    }
  }
  void write(H5Writer& f) const {
    const hsize_t n = terminals.size();
    f.floats("observations", {n, 11}, observations);
    f.floats("actions", {n, 3}, actions);
    f.floats("rewards", {n}, rewards);
    f.flags("terminals", terminals);
  }
};

/// Reads small D4RL files that a test writes.
class D4rlReader : public ::testing::Test {
 protected:
  template <class Fill>
  std::filesystem::path make(Fill fill, const std::string& name = "small.hdf5") {
    H5Writer file(folder_ / name);
    fill(file);
    return folder_ / name;
  }
  Dataset read(const std::filesystem::path& path, const ReadOptions& options = {}) {
    auto dataset = read_dataset(path, options);
    EXPECT_TRUE(dataset.ok()) << (dataset.ok() ? "" : dataset.error().message);
    return dataset.ok() ? std::move(*dataset) : Dataset{};
  }
  /// What every layout of the small rows must come out as.
  void expect_small(const Dataset& d) {
    const SmallRows rows;
    ASSERT_EQ(d.rows, 10);
    EXPECT_EQ(d.obs_dim, 2);
    EXPECT_EQ(d.action_dim, 1);
    EXPECT_EQ(d.observations, rows.observations);
    EXPECT_EQ(d.actions, rows.actions);
    EXPECT_EQ(d.rewards, rows.rewards);
    EXPECT_THAT(d.terminals, ::testing::ElementsAre(0, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    EXPECT_THAT(d.timeouts, ::testing::ElementsAre(0, 0, 0, 0, 0, 0, 1, 0, 0, 0));
    EXPECT_THAT(d.episodes.first, ::testing::ElementsAre(0, 4, 7));
    EXPECT_THAT(d.episodes.length, ::testing::ElementsAre(4, 3, 3));
    EXPECT_THAT(d.episodes.returns, ::testing::ElementsAre(1 + 2 + 3 + 4, 5 + 6 + 7, 8 + 9 + 10));
    EXPECT_THAT(d.episodes.ended_by, ::testing::ElementsAre(EndedBy::terminal, EndedBy::timeout, EndedBy::cut));
  }
  static const Finding* find(const Dataset& d, const std::string& key) {
    for (const auto& finding : d.findings)
      if (finding.key == key) return &finding;
    return nullptr;
  }
  TemporaryFolder folder_;
};

}  // namespace vaco::testing
