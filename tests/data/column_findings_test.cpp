// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that are finite and yet no good, and optional fields that cannot be understood.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/rng.h"
#include "core/data/normalizer.h"
#include "tests/data/d4rl_fixture.h"

namespace vaco {
namespace {

using ::testing::AllOf;
using testing::D4rlReader;
using ::testing::ElementsAre;
using testing::H5Writer;
using ::testing::HasSubstr;
using testing::SmallRows;

/// 400 sound rows of hopper's shape in episodes of 20 steps.
struct SoundRows {
  static constexpr hsize_t kRows = 400;
  std::vector<float> observations, actions, rewards;
  std::vector<int8_t> terminals = std::vector<int8_t>(kRows, 0), timeouts = std::vector<int8_t>(kRows, 0);
  SoundRows() {
    Rng rng(4);
    for (hsize_t i = 0; i < kRows; ++i) {
      for (int k = 0; k < 11; ++k) observations.push_back(static_cast<float>(rng.normal()));
      for (int k = 0; k < 3; ++k) actions.push_back(static_cast<float>(rng.uniform(-0.9, 0.9)));
      rewards.push_back(static_cast<float>(rng.normal()));
      if (i % 20 == 19) timeouts[i] = 1;
    }
  }
  void write(H5Writer& f) const {
    f.floats("observations", {kRows, 11}, observations);
    f.floats("actions", {kRows, 3}, actions);
    f.floats("rewards", {kRows}, rewards);
    f.flags("terminals", terminals);
    f.flags("timeouts", timeouts);
  }
};

class ColumnFindings : public D4rlReader {
 protected:
  template <class Change>
  Dataset changed(Change change, const std::string& name = "hopper.hdf5") {
    SoundRows rows;
    change(rows);
    return read(make([&](H5Writer& f) { rows.write(f); }, name));
  }
};

TEST_F(ColumnFindings, SoundRowsHaveNone) {
  const Dataset d = changed([](SoundRows&) {});
  for (const char* key : {"outliers", "constant_columns", "constant_actions", "saturated_actions",
                          "all_terminal", "single_row_episodes"})
    EXPECT_FALSE(find(d, key)) << key;
}

TEST_F(ColumnFindings, OneNumberThatFlattensItsColumnIsTold) {
  for (const float outlier : {1e30f, 3e38f, -5000.0f}) {
    const Dataset d = changed([&](SoundRows& rows) { rows.observations[11 * 37 + 4] = outlier; });
    const auto found = find(d, "outliers");
    ASSERT_TRUE(found) << outlier;
    EXPECT_EQ(found->row, 37);
    EXPECT_EQ(found->count, 1);
    EXPECT_EQ(found->severity, Severity::warning);
    char value[32];
    std::snprintf(value, sizeof value, "%.6g", static_cast<double>(outlier));
    EXPECT_THAT(found->message, AllOf(HasSubstr("column 4 of observations"), HasSubstr(value)));
  }
  // In a column that is the same everywhere else, in actions, and in rewards that are 0 otherwise.
  const Dataset d = changed([](SoundRows& rows) {
    for (size_t i = 0; i < SoundRows::kRows; ++i) rows.observations[11 * i + 2] = 0.0f;
    rows.observations[11 * 5 + 2] = 1e30f;
    rows.actions[3 * 9] = 1e12f;
    rows.rewards.assign(SoundRows::kRows, 0.0f);
    rows.rewards[11] = 1e9f;
  });
  std::vector<int64_t> at;
  for (const auto& finding : d.findings)
    if (finding.key == "outliers") at.push_back(finding.row);
  EXPECT_THAT(at, ElementsAre(5, 9, 11));
}

TEST_F(ColumnFindings, AColumnOfHugeNumbersIsTold) {
  const Dataset d = changed([](SoundRows& rows) {
    for (size_t i = 0; i < SoundRows::kRows; ++i) rows.observations[11 * i + 7] = i % 2 ? 3e38f : -3e38f;
  });
  EXPECT_FALSE(find(d, "outliers")) << "they are no outliers of each other";
  ASSERT_TRUE(find(d, "huge_numbers"));
  EXPECT_EQ(find(d, "huge_numbers")->count, 400);
  EXPECT_THAT(find(d, "huge_numbers")->message, AllOf(HasSubstr("column 7"), HasSubstr("-3e+38")));
}

TEST_F(ColumnFindings, RareEventsAndWideTailsAreNoOutliers) {
  const Dataset d = changed([](SoundRows& rows) {
    for (size_t i = 0; i < SoundRows::kRows; ++i) rows.observations[11 * i] = i == 100 ? 1.0f : 0.0f;
    rows.observations[11 * 50 + 3] = 30.0f;
  });
  EXPECT_FALSE(find(d, "outliers"));
}

TEST_F(ColumnFindings, ConstantColumnsAreToldAndStayAsTheyAre) {
  const Dataset d = changed([](SoundRows& rows) {
    for (size_t i = 0; i < SoundRows::kRows; ++i) {
      rows.observations[11 * i + 5] = 2.0f;
      rows.observations[11 * i + 6] = 1000.0f + 6e-5f * static_cast<float>(i % 2);  // one step of float32
      rows.actions[3 * i + 1] = 0.5f;
    }
  });
  ASSERT_TRUE(find(d, "constant_columns") && find(d, "constant_actions"));
  EXPECT_THAT(find(d, "constant_columns")->message, AllOf(HasSubstr("2 columns"), HasSubstr("5 (2)")));
  EXPECT_THAT(find(d, "constant_actions")->message, HasSubstr("1 (0.5)"));
  const Normalizer live = fit_normalizer(d), old = fit_normalizer(d, ConstantColumns::magnified);
  for (size_t c = 0; c < 11; ++c) {
    if (c == 5 || c == 6) {
      EXPECT_EQ(live.scale[c], 1.0f) << "a live value that differs by 1 arrives as 1, not as 1000";
      EXPECT_NEAR(old.scale[c], 1e-3f, 1e-4f);
    } else {
      EXPECT_EQ(live.scale[c], old.scale[c]) << "ordinary columns keep every bit";
    }
    EXPECT_EQ(live.mean[c], old.mean[c]);
  }
}

TEST_F(ColumnFindings, ActionsAtTheirBoundsAreTold) {
  const auto at_bounds = [](size_t share) {
    return [share](SoundRows& rows) {
      for (size_t i = 0; i < rows.actions.size(); ++i)
        if (i % 10 < share) rows.actions[i] = rows.actions[i] > 0.0f ? 1.0f : -1.0f;
    };
  };
  EXPECT_EQ(find(changed(at_bounds(10)), "saturated_actions")->severity, Severity::warning);
  EXPECT_EQ(find(changed(at_bounds(6)), "saturated_actions")->severity, Severity::note);
  EXPECT_FALSE(find(changed(at_bounds(3)), "saturated_actions"));
  // Of an environment that nobody knows, the ends of the data are the bounds.
  EXPECT_TRUE(find(changed(
                       [](SoundRows& rows) {
                         for (auto& action : rows.actions) action = action > 0.0f ? 500.0f : 300.0f;
                       },
                       "juggler.hdf5"),
                   "saturated_actions"));
}

TEST_F(ColumnFindings, EpisodesOfOneRowAndRowsThatAllEndAreTold) {
  const Dataset single = changed([](SoundRows& rows) { rows.timeouts[40] = rows.timeouts[80] = 1; });
  ASSERT_TRUE(find(single, "single_row_episodes"));
  EXPECT_EQ(find(single, "single_row_episodes")->row, 40);
  EXPECT_EQ(find(single, "single_row_episodes")->count, 2);
  EXPECT_EQ(find(single, "single_row_episodes")->severity, Severity::note);
  const Dataset all = changed([](SoundRows& rows) { rows.terminals.assign(SoundRows::kRows, 1); });
  ASSERT_TRUE(find(all, "all_terminal"));
  EXPECT_EQ(find(all, "all_terminal")->count, 400);
}

void put_variable_text(H5Writer& file, const std::string& name, const char* value) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  file.put(name, type, type, {}, &value);
  H5Tclose(type);
}

TEST_F(ColumnFindings, MetadataAsH5pyWritesItCounts) {
  const Dataset d = read(make(
      [](H5Writer& f) {
        SmallRows().write(f);
        put_variable_text(f, "metadata/environment", "walker2d");
        put_variable_text(f, "metadata/physics", "v4");
      },
      "hopper.hdf5"));
  EXPECT_EQ(d.environment, "walker2d") << "what the file says counts for more than what it is called";
  EXPECT_EQ(d.physics, "v4");
  EXPECT_FALSE(find(d, "unreadable_field"));
}

TEST_F(ColumnFindings, WhatIsThereAndCannotBeUnderstoodIsTold) {
  const Dataset d = read(make(
      [](H5Writer& f) {
        SmallRows().write(f);
        f.floats("metadata/environment", {2}, {1.0f, 2.0f});
        f.text("metadata/physics", "a physics of many more letters than any has");
      },
      "hopper.hdf5"));
  EXPECT_EQ(d.environment, "hopper");
  std::string all;
  for (const auto& finding : d.findings)
    if (finding.key == "unreadable_field") all += finding.message + "\n";
  EXPECT_THAT(all, AllOf(HasSubstr("metadata/environment: it is not text"), HasSubstr("metadata/physics")));
}

TEST_F(ColumnFindings, PolicyIdsBeyond32BitsStayApart) {
  const auto with_ids = [this](const auto& ids, hid_t type) {
    return read(make([&](H5Writer& f) {
      SmallRows().write(f);
      f.put("infos/policy", type, type, {SmallRows::kRows}, ids.data());
    }));
  };
  std::vector<int64_t> wide(SmallRows::kRows, int64_t{1} << 40);
  wide[0] = (int64_t{1} << 40) + 1;
  const Dataset d = with_ids(wide, H5T_NATIVE_INT64);
  EXPECT_EQ(d.policy_names.size(), 2u) << "cut to 32 bits they were one and the same";
  EXPECT_EQ(d.policy_names[0], "policy 1099511627776");
  // Numbers that are no ids.
  const Dataset broken = with_ids(std::vector<double>(SmallRows::kRows, 1.5), H5T_NATIVE_DOUBLE);
  ASSERT_TRUE(find(broken, "odd_policy_ids"));
  EXPECT_TRUE(broken.policy_ids.empty());
  EXPECT_EQ(with_ids(std::vector<double>(SmallRows::kRows, 3.0), H5T_NATIVE_DOUBLE).policy_names[0],
            "policy 3");
}

}  // namespace
}  // namespace vaco
