// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/data/d4rl_fixture.h"

namespace vaco {
namespace {

using testing::D4rlReader;
using ::testing::ElementsAre;
using testing::H5Writer;
using testing::Layout;
using testing::LongRows;
using testing::SmallRows;

TEST_F(D4rlReader, EnumFlagsAndMissingNextObservations) {
  const Dataset d = read(make([](H5Writer& f) { SmallRows().write(f); }));
  expect_small(d);
  // The successor is the next row of the same episode; ends that are no terminals have none.
  EXPECT_THAT(d.has_next, ElementsAre(1, 1, 1, 1, 1, 1, 0, 1, 1, 0));
  EXPECT_FLOAT_EQ(d.next_observations[2 * 2], 3.0f);
  EXPECT_FLOAT_EQ(d.next_observations[2 * 3], 3.0f) << "a terminal row stands in for its own successor";
  EXPECT_FLOAT_EQ(d.next_observations[2 * 6], 6.0f);
  EXPECT_FLOAT_EQ(d.next_observations[2 * 9], 9.0f);
  ASSERT_TRUE(find(d, "last_episode_cut"));
  EXPECT_EQ(find(d, "last_episode_cut")->row, 7);
  EXPECT_EQ(find(d, "last_episode_cut")->count, 3);
  EXPECT_TRUE(find(d, "no_next_observations"));
  EXPECT_EQ(d.source.format, "D4RL HDF5");
  EXPECT_EQ(d.source.hash.size(), 16u);
}

TEST_F(D4rlReader, EveryLayoutOfChunksGivesTheSame) {
  const std::vector<Layout> layouts = {
      {.compact = true},
      {.chunk = {10, 2}},
      {.chunk = {3, 1}, .deflate = true},
      {.chunk = {4, 2}, .deflate = true, .shuffle = true},
      {.chunk = {3, 2}, .deflate = true, .shuffle = true, .fletcher = true},
      {.chunk = {7, 1}, .fletcher = true},
      {.chunk = {1, 1}, .shuffle = true},
      {.chunk = {64, 2}, .deflate = true, .largest = {H5S_UNLIMITED, 2}},
  };
  for (size_t i = 0; i < layouts.size(); ++i) {
    SCOPED_TRACE(i);
    Layout narrow = layouts[i];
    if (!narrow.chunk.empty()) narrow.chunk.resize(1);
    if (!narrow.largest.empty()) narrow.largest.resize(1);
    expect_small(read(make([&](H5Writer& f) { SmallRows().write(f, layouts[i], narrow); })));
  }
}

TEST_F(D4rlReader, EveryNumberTypeGivesTheSame) {
  const SmallRows rows;
  const auto write = [&](hid_t reals, hid_t flags) {
    return make([&](H5Writer& f) {
      const Layout packed{.chunk = {4, 1}, .deflate = true, .shuffle = true};
      const Layout packed_row{.chunk = {4}, .deflate = true, .shuffle = true};
      f.floats("observations", {10, 2}, rows.observations, packed, reals);
      f.floats("actions", {10, 1}, rows.actions, {}, reals);
      f.floats("rewards", {10, 1}, rows.rewards, packed, reals);
      f.put("terminals", flags, H5T_NATIVE_INT8, {10}, rows.terminals.data(), packed_row);
      f.put("timeouts", flags, H5T_NATIVE_INT8, {10, 1}, rows.timeouts.data());
    });
  };
  for (const hid_t reals : {H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_IEEE_F64BE, H5T_NATIVE_LDOUBLE})
    for (const hid_t flags :
         {H5T_STD_I8LE, H5T_STD_U8LE, H5T_STD_I64BE, H5T_STD_U16LE, H5T_IEEE_F32LE, H5T_IEEE_F64LE}) {
      const Dataset d = read(write(reals, flags));
      expect_small(d);
      EXPECT_EQ(find(d, "float64_columns") != nullptr, H5Tget_size(reals) > 4);
      EXPECT_EQ(find(d, "odd_flags"), nullptr);
    }
}

TEST_F(D4rlReader, StoredNextObservationsCountEverywhere) {
  const Dataset d = read(make([](H5Writer& f) {
    const SmallRows rows;
    rows.write(f);
    f.floats("next_observations", {10, 2}, rows.next_observations);
  }));
  expect_small(d);
  EXPECT_EQ(d.next_observations, SmallRows().next_observations);
  EXPECT_THAT(d.has_next, ::testing::Each(1));
  EXPECT_EQ(find(d, "next_observations_do_not_chain"), nullptr);
}

TEST_F(D4rlReader, UnknownKeysScalarsAndInfosOfAnyKindAreIgnored) {
  const float lonely = 3.0f;
  const int64_t infos[10] = {};
  expect_small(read(make([&](H5Writer& f) {
    SmallRows().write(f);
    f.put("infos", H5T_STD_I64LE, H5T_NATIVE_INT64, {10}, infos);
    f.put("metadata/iteration", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {}, &lonely);
    f.text("metadata/algorithm", "SAC");
    f.put("metadata/policy/fc0/weight", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {}, &lonely);
    f.text("something else", "text");
  })));
}

TEST_F(D4rlReader, TerminalWinsOverTimeout) {
  const Dataset d = read(make([](H5Writer& f) {
    SmallRows rows;
    rows.timeouts[3] = 1;
    rows.write(f);
  }));
  expect_small(d);
  ASSERT_TRUE(find(d, "terminal_and_timeout"));
  EXPECT_EQ(find(d, "terminal_and_timeout")->row, 3);
}

TEST_F(D4rlReader, ReadsBehaviorPoliciesAndTheirNames) {
  const int8_t ids[10] = {0, 0, 0, 0, 7, 7, 7, 1, 1, 1};
  const Dataset unnamed = read(make([&](H5Writer& f) {
    SmallRows().write(f);
    f.put("infos/policy", H5T_STD_I8LE, H5T_NATIVE_INT8, {10}, ids);
  }));
  EXPECT_THAT(unnamed.policy_ids, ElementsAre(0, 0, 0, 0, 2, 2, 2, 1, 1, 1));
  EXPECT_THAT(unnamed.policy_names, ElementsAre("policy 0", "policy 1", "policy 7"));
  const Dataset named = read(make([&](H5Writer& f) {
    SmallRows().write(f);
    f.put("infos/policy", H5T_STD_I8LE, H5T_NATIVE_INT8, {10}, ids);
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 6);
    f.put("metadata/policy_names", type, type, {2}, "randomexpert");
    H5Tclose(type);
  }));
  EXPECT_THAT(named.policy_names, ElementsAre("random", "expert", "policy 7"));
  const auto summary = summarize(named);
  ASSERT_EQ(summary.policies.size(), 3u);
  EXPECT_EQ(summary.policies[1].rows, 3);
  EXPECT_DOUBLE_EQ(summary.policies[1].mean_return, 27.0);
}

TEST_F(D4rlReader, StepLimitEndsEpisodesOfKnownEnvironmentsWithoutTimeouts) {
  const Dataset d = read(make([](H5Writer& f) { LongRows().write(f); }, "hopper_long-v0.hdf5"));
  EXPECT_EQ(d.environment, "hopper");
  EXPECT_THAT(d.episodes.length, ElementsAre(1000, 1000, 500));
  EXPECT_THAT(d.episodes.ended_by, ElementsAre(EndedBy::timeout, EndedBy::timeout, EndedBy::cut));
  EXPECT_EQ(d.timeouts[999], 1);
  EXPECT_TRUE(find(d, "no_timeouts"));
  const Dataset other = read(make([](H5Writer& f) { LongRows().write(f); }, "juggler.hdf5"));
  EXPECT_THAT(other.episodes.length, ElementsAre(2500)) << "no limit may be invented";
  EXPECT_TRUE(find(other, "unknown_environment"));
  ReadOptions options;
  options.environment = "hopper";
  EXPECT_EQ(read(folder_ / "juggler.hdf5", options).episodes.size(), 3u);
}

TEST_F(D4rlReader, JumpsEndEpisodesWhereTimeoutsAreAbsent) {
  // What d4rl.qlearning_dataset leaves of a hopper: 999 rows an episode and no timeouts; counting to 1000 would
  // drift.
  const Dataset d = read(make(
      [](H5Writer& f) {
        LongRows rows(1998);
        for (int k = 0; k < 11; ++k) rows.next_observations[static_cast<size_t>(998 * 11 + k)] = -5.0f;
        rows.write(f);
        f.floats("next_observations", {1998, 11}, rows.next_observations);
      },
      "hopper.hdf5"));
  EXPECT_THAT(d.episodes.length, ElementsAre(999, 999));
  EXPECT_EQ(d.episodes.ended_by[0], EndedBy::cut);
  EXPECT_EQ(d.has_next[998], 1);
}

TEST_F(D4rlReader, D4rlExactReproducesQlearningDataset) {
  ReadOptions exact;
  exact.d4rl_exact = true;
  const Dataset d = read(make([](H5Writer& f) {
                           SmallRows rows;
                           rows.write(f);
                           for (auto& v : rows.next_observations) v = 99.0f;  // must be ignored
                           f.floats("next_observations", {10, 2}, rows.next_observations);
                         }),
                         exact);
  // Rows 0..8 without row 6 (timeout).
  ASSERT_EQ(d.rows, 8);
  EXPECT_THAT(d.rewards, ElementsAre(1, 2, 3, 4, 5, 6, 8, 9));
  std::vector<float> next;
  for (size_t i = 0; i < 8; ++i) next.push_back(d.next_observations[2 * i]);
  EXPECT_THAT(next, ElementsAre(1, 2, 3, 4, 5, 6, 8, 9));
  EXPECT_THAT(d.terminals, ElementsAre(0, 0, 0, 1, 0, 0, 0, 0));
  EXPECT_THAT(d.has_next, ::testing::Each(1));
  EXPECT_THAT(d.episodes.first, ElementsAre(0, 4, 6));
  EXPECT_THAT(d.episodes.length, ElementsAre(4, 2, 2));
  EXPECT_THAT(d.episodes.returns, ElementsAre(10, 18, 27)) << "returns are of all raw rows";
}

TEST_F(D4rlReader, D4rlExactCountsStepsAsD4rlDoes) {
  // Without timeouts D4RL counts steps, from 0 at the start and after a drop, but from 1 after a terminal.
  ReadOptions exact;
  exact.d4rl_exact = true;
  const Dataset d = read(make(
                             [](H5Writer& f) {
                               LongRows rows(2600);
                               rows.terminals[499] = 1;
                               for (size_t i = 0; i < rows.rewards.size(); ++i)
                                 rows.rewards[i] = static_cast<float>(i);
                               rows.write(f);
                             },
                             "hopper.hdf5"),
                         exact);
  // By hand: rows 0..499 (terminal at 499, counter 1 at row 500), counter 999 at row 1498: dropped; counter 0
  // at row 1499, 999 at row 2498: dropped; the last row 2599 is never read.
  EXPECT_EQ(d.rows, 2600 - 3);
  EXPECT_EQ(d.rewards[1497], 1497.0f);
  EXPECT_EQ(d.rewards[1498], 1499.0f);
  EXPECT_EQ(d.rewards[2496], 2497.0f);
  EXPECT_EQ(d.rewards[2497], 2499.0f);
  EXPECT_EQ(d.rewards.back(), 2598.0f);
}

TEST_F(D4rlReader, ProgressGrowsAndStopStops) {
  const auto path = make([](H5Writer& f) { SmallRows().write(f); });
  double last = -1.0;
  const auto dataset = read_dataset(path, {}, [&](double fraction, std::string_view) {
    EXPECT_GE(fraction, last);
    EXPECT_LE(fraction, 1.0);
    last = fraction;
  });
  EXPECT_TRUE(dataset.ok());
  EXPECT_EQ(last, 1.0);
  std::stop_source source;
  const auto stopped = read_dataset(
      path, {},
      [&](double, std::string_view doing) {
        if (doing == "reading rewards") source.request_stop();
      },
      source.get_token());
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::stopped);
}

TEST_F(D4rlReader, NormalizerIsOfTheWholeDataset) {
  const Normalizer n = fit_normalizer(read(make([](H5Writer& f) { SmallRows().write(f); })));
  EXPECT_FLOAT_EQ(n.mean[0], 4.5f);
  EXPECT_FLOAT_EQ(n.mean[1], 0.45f);
  EXPECT_FLOAT_EQ(n.scale[0], static_cast<float>(std::sqrt(8.25) + 1e-3));  // variance of 0..9
  EXPECT_FLOAT_EQ(n.scale[1], static_cast<float>(std::sqrt(0.0825) + 1e-3));
}

}  // namespace
}  // namespace vaco
