// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/collecting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/base/json.h"
#include "core/collect/recipe.h"
#include "core/data/policy_file.h"
#include "core/data/reader.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using vaco::testing::TemporaryFolder;

CollectPart random_part(const std::string& name, double share, double noise = 0.0) {
  return {{.name = name, .snapshot = nullptr, .action_noise = noise}, share};
}

CollectRequest request_of(int64_t steps, std::vector<CollectPart> parts, bool shuffle = true) {
  return {.environment = "hopper",
          .physics = Physics::v2,
          .steps = steps,
          .seed = 5,
          .shuffle = shuffle,
          .parts = std::move(parts)};
}

std::vector<int64_t> rows_by_policy(const DatasetColumns& columns) {
  std::vector<int64_t> rows(columns.policy_names.size(), 0);
  for (const auto id : columns.policy_ids) ++rows[static_cast<size_t>(id)];
  return rows;
}

std::vector<int64_t> divided(int64_t steps, const std::vector<double>& shares) {
  std::vector<CollectPart> parts;
  for (size_t i = 0; i < shares.size(); ++i) parts.push_back(random_part("p" + std::to_string(i), shares[i]));
  const auto columns = collect_dataset(request_of(steps, parts));
  EXPECT_TRUE(columns.ok()) << columns.error().message;
  EXPECT_EQ(columns->rows, steps);
  return rows_by_policy(*columns);
}

/// A trajectory by its numbers, to find it again wherever it stands.
using Trajectory = std::vector<double>;

std::vector<Trajectory> trajectories_of(const DatasetColumns& columns) {
  std::vector<Trajectory> found;
  Trajectory current;
  const auto add = [&](const auto& column, int64_t width, size_t row) {
    for (int64_t k = 0; k < width; ++k)
      current.push_back(static_cast<double>(column[row * static_cast<size_t>(width) + static_cast<size_t>(k)]));
  };
  for (size_t row = 0; row < static_cast<size_t>(columns.rows); ++row) {
    add(columns.observations, columns.obs_dim, row);
    add(columns.actions, columns.action_dim, row);
    add(columns.rewards, 1, row);
    add(columns.next_observations, columns.obs_dim, row);
    add(columns.qpos, columns.qpos_dim, row);
    add(columns.qvel, columns.qvel_dim, row);
    add(columns.policy_ids, 1, row);
    add(columns.terminals, 1, row);
    add(columns.timeouts, 1, row);
    if (columns.terminals[row] || columns.timeouts[row]) {
      found.push_back(std::move(current));
      current.clear();
    }
  }
  EXPECT_TRUE(current.empty()) << "the last trajectory has no end";
  return found;
}

TEST(Collecting, SharesAreDividedInProportionToTheLastStep) {
  EXPECT_THAT(divided(600, {1, 1, 1}), ElementsAre(200, 200, 200));
  EXPECT_THAT(divided(100, {0.5, 0.25, 0.25}), ElementsAre(50, 25, 25));
  EXPECT_THAT(divided(100, {2, 1}), ElementsAre(67, 33));
  // Every policy acts at least once, and no step is made up for that.
  EXPECT_THAT(divided(5, {1, 1000, 1}), ElementsAre(1, 3, 1));
  EXPECT_THAT(divided(3, {1e9, 1e-9, 1e-9}), ElementsAre(1, 1, 1));
}

TEST(Collecting, ShuffledTrajectoriesStayWhole) {
  const auto parts = {random_part("a", 1), random_part("b", 1, 0.5)};
  const auto ordered = collect_dataset(request_of(900, parts, false)).value();
  const auto shuffled = collect_dataset(request_of(900, parts, true)).value();
  EXPECT_TRUE(std::is_sorted(ordered.policy_ids.begin(), ordered.policy_ids.end()));
  EXPECT_FALSE(std::is_sorted(shuffled.policy_ids.begin(), shuffled.policy_ids.end()));
  auto a = trajectories_of(ordered), b = trajectories_of(shuffled);
  ASSERT_GT(a.size(), 10u);
  EXPECT_NE(a, b);
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  EXPECT_EQ(a, b);  // the same trajectories, every column with its row
}

TEST(Collecting, TheSameRequestGivesTheSameDataAndPartsDiffer) {
  const auto request = request_of(400, {random_part("a", 1), random_part("b", 1)}, false);
  const auto first = collect_dataset(request).value(), again = collect_dataset(request).value();
  EXPECT_EQ(first.observations, again.observations);
  EXPECT_EQ(first.actions, again.actions);
  EXPECT_EQ(first.provenance, again.provenance);
  // Two policies of one kind must not live through the same episodes.
  EXPECT_FALSE(std::equal(first.actions.begin(), first.actions.begin() + 30, first.actions.begin() + 200 * 3));
  auto other = request;
  other.seed = 6;
  EXPECT_NE(collect_dataset(other)->actions, first.actions);
}

TEST(Collecting, TheFileSaysHowItWasMade) {
  TemporaryFolder folder;
  auto parts = std::vector{random_part("random", 1), *parse_collect_part("expert:2:0.05", "hopper")};
  const auto columns = collect_dataset(request_of(300, parts)).value();
  const Json made = Json::parse(columns.provenance);
  EXPECT_EQ(made["environment"], "hopper");
  EXPECT_EQ(made["physics"], "v2");
  EXPECT_EQ(made["seed"], 5);
  EXPECT_EQ(made["shuffled"], true);
  ASSERT_EQ(made["parts"].size(), 2u);
  EXPECT_EQ(made["parts"][0]["policy"], "random");
  EXPECT_EQ(made["parts"][0]["steps"], 100);
  EXPECT_EQ(made["parts"][1]["policy"], "expert");
  EXPECT_EQ(made["parts"][1]["steps"], 200);
  EXPECT_EQ(made["parts"][1]["action_noise"], 0.05);
  EXPECT_EQ(made["parts"][1]["policy_step"], parts[1].policy.snapshot->step);

  const auto path = folder.path() / "mixed.hdf5";
  ASSERT_TRUE(write_dataset(path, columns).ok());
  const auto data = read_dataset(path).value();
  EXPECT_EQ(data.rows, 300);
  EXPECT_EQ(data.environment, "hopper");
  EXPECT_THAT(data.policy_names, ElementsAre("random", "expert"));
  EXPECT_EQ(data.policy_ids, columns.policy_ids);
  EXPECT_EQ(data.rewards, columns.rewards);
  EXPECT_EQ(data.episodes.size(), trajectories_of(columns).size());
}

TEST(Collecting, RefusesWhatCannotBeCollected) {
  const auto code = [](const CollectRequest& request) {
    const auto made = collect_dataset(request);
    return made ? -1 : exit_code(made.error().code);
  };
  EXPECT_EQ(code(request_of(100, {})), 2);
  EXPECT_EQ(code(request_of(1, {random_part("a", 1), random_part("b", 1)})), 2);
  for (const double share : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e300})
    EXPECT_EQ(code(request_of(100, {random_part("a", share)})), 2) << share;
  for (const double noise : {-0.1, std::nan(""), 1e300})
    EXPECT_EQ(code(request_of(100, {random_part("a", 1, noise)})), 2) << noise;
  auto elsewhere = request_of(100, {random_part("a", 1)});
  elsewhere.environment = "moon";
  EXPECT_EQ(code(elsewhere), 2);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(collect_dataset(request_of(100, {random_part("a", 1)}), {}, stop.get_token()).error().code,
            ErrorCode::stopped);
}

TEST(CollectPart, ReadsPolicyShareAndNoise) {
  const auto plain = parse_collect_part("random", "hopper").value();
  EXPECT_EQ(plain.policy.name, "random");
  EXPECT_EQ(plain.policy.snapshot, nullptr);
  EXPECT_EQ(plain.share, 1.0);
  EXPECT_EQ(plain.policy.action_noise, 0.0);
  EXPECT_EQ(parse_collect_part("random:0.5", "hopper")->share, 0.5);
  const auto noisy = parse_collect_part("medium:2:0.25", "hopper").value();
  EXPECT_EQ(noisy.policy.name, "medium");
  EXPECT_EQ(noisy.share, 2.0);
  EXPECT_EQ(noisy.policy.action_noise, 0.25);
  ASSERT_NE(noisy.policy.snapshot, nullptr);
  EXPECT_EQ(noisy.policy.snapshot->obs_dim(), 11);
  for (const char* wrong :
       {"random:", "random:x", "random:1:", "random:1:x", "random:1:2:3", "nobody", ":1", ""}) {
    const auto part = parse_collect_part(wrong, "hopper");
    ASSERT_FALSE(part.ok()) << wrong;
    EXPECT_EQ(part.error().code, ErrorCode::usage) << wrong;
  }
  EXPECT_THAT(parse_collect_part("nobody", "hopper").error().message, HasSubstr("medium, expert"));
}

TEST(CollectPart, ReplayIsRandomAndEveryShippedStage) {
  const auto parts = parse_collect_parts("replay:3", "walker2d").value();
  ASSERT_GE(parts.size(), 5u);
  EXPECT_EQ(parts[0].policy.name, "random");
  EXPECT_EQ(parts[0].policy.action_noise, 0.0);
  double share = 0.0;
  for (size_t i = 0; i < parts.size(); ++i) {
    share += parts[i].share;
    EXPECT_EQ(parts[i].share, parts[0].share);
    if (i == 0) continue;
    EXPECT_EQ(parts[i].policy.name, "replay_" + std::to_string(i - 1));
    EXPECT_EQ(parts[i].policy.action_noise, 0.1);
  }
  EXPECT_NEAR(share, 3.0, 1e-12);
  EXPECT_EQ(parse_collect_parts("replay:1:0", "walker2d")->back().policy.action_noise, 0.0);
  const auto plain = parse_collect_parts("medium:2:0.25", "hopper").value();
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_EQ(plain[0].share, 2.0);
  EXPECT_EQ(plain[0].policy.action_noise, 0.25);
  EXPECT_EQ(parse_collect_parts("replay", "moon").error().code, ErrorCode::usage);
}

TEST(CollectPart, TakesFilesAndRunFoldersAlsoWithColonsInTheirNames) {
  TemporaryFolder folder;
  auto policy = open_policy("expert", "hopper").value();
  const fs::path run = folder.path() / "run:1:2";
  fs::create_directory(run);
  policy.step = 7;
  ASSERT_TRUE(write_policy(run / "policy.h5", policy).ok());

  const auto whole = parse_collect_part(run.string(), "hopper").value();
  EXPECT_EQ(whole.share, 1.0);
  EXPECT_EQ(whole.policy.name, "run:1:2");
  EXPECT_EQ(whole.policy.snapshot->step, 7);
  const auto file = parse_collect_part((run / "policy.h5").string() + ":3:0.1", "hopper").value();
  EXPECT_EQ(file.share, 3.0);
  EXPECT_EQ(file.policy.action_noise, 0.1);
  EXPECT_EQ(file.policy.name, "run:1:2");  // "policy" would say nothing

  policy.step = 5;
  ASSERT_TRUE(write_policy(run / "best_policy.h5", policy).ok());
  EXPECT_EQ(open_policy(run.string(), "hopper", true)->step, 5);
  EXPECT_EQ(open_policy(run.string(), "hopper", false)->step, 7);
  EXPECT_EQ(open_policy(folder.path().string(), "hopper").error().code, ErrorCode::bad_data);
  EXPECT_EQ(open_policy((folder.path() / "no.h5").string(), "hopper").error().code, ErrorCode::bad_data);
  EXPECT_THAT(open_policy("medium", "").error().message,
              HasSubstr("add --environment hopper, walker2d, halfcheetah"));
  EXPECT_THAT(open_policy("medum", "hopper").error().message, HasSubstr("; shipped for hopper: "));
}

TEST(Recipe, EveryIngredientCounts) {
  const auto base = request_of(400, {random_part("a", 1.0), random_part("b", 1.0)});
  const auto hash = recipe_hash(base);
  EXPECT_EQ(hash.size(), 8u);
  EXPECT_EQ(recipe_hash(base), hash);
  const auto changed = [&](auto&& change) {
    auto request = base;
    change(request);
    return recipe_hash(request);
  };
  auto policy = *open_policy("medium", "hopper");
  const auto with_policy = [&](CollectRequest& request) {
    request.parts[0].policy.snapshot = std::make_shared<PolicySnapshot>(policy);
  };
  std::set<std::string> all{hash,
                            changed([](auto& r) { r.environment = "walker2d"; }),
                            changed([](auto& r) { r.physics = Physics::v4; }),
                            changed([](auto& r) { r.steps = 401; }),
                            changed([](auto& r) { r.seed = 6; }),
                            changed([](auto& r) { r.shuffle = false; }),
                            changed([](auto& r) { r.parts[0].policy.name = "c"; }),
                            changed([](auto& r) { r.parts[0].share = 2.0; }),
                            changed([](auto& r) { r.parts[1].policy.action_noise = 0.1; }),
                            changed([](auto& r) { r.parts.pop_back(); }),
                            changed(with_policy)};
  policy.layers[0].weight[0] += 1e-3F;
  all.insert(changed(with_policy));
  EXPECT_EQ(all.size(), 12u);
}

}  // namespace
}  // namespace vaco
