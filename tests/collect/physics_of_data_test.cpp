// SPDX-License-Identifier: GPL-3.0-or-later
// What others recorded with mujoco-py (v2) and with Gymnasium (v4) is named rightly, and so is what we collect.
#include "core/collect/physics_of_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/collect/collecting.h"
#include "core/data/reader.h"
#include "core/data/writer.h"

namespace vaco {
namespace {

using testing::HasSubstr;

Dataset recorded(const std::string& name) {
  return read_dataset(std::string(VACO_TEST_DATA) + "/recorded/" + name + ".hdf5", {}).value();
}

class PhysicsOfRecordings : public testing::TestWithParam<const char*> {};

TEST_P(PhysicsOfRecordings, AreNamedRightly) {
  const std::string environment = GetParam();
  for (const char* physics : {"v2", "v4"}) {
    const auto found = physics_of_data(recorded(environment + "-" + physics));
    ASSERT_TRUE(found) << physics;
    EXPECT_TRUE(found->certain()) << to_text(*found);
    EXPECT_EQ(found->environment().substr(0, 3), environment.substr(0, 3)) << to_text(*found);
    EXPECT_TRUE(found->can_be(physics)) << to_text(*found);
    const char* other = std::string(physics) == "v2" ? "v4" : "v2";
    EXPECT_FALSE(found->can_be(other)) << to_text(*found);
    EXPECT_EQ(physics_warning(*found, found->environment(), physics), "");
    EXPECT_THAT(physics_warning(*found, found->environment(), other), HasSubstr("do not compare"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, PhysicsOfRecordings, testing::Values("hopper", "walker2d", "halfcheetah", "ant"),
                         [](const auto& instance) { return std::string(instance.param); });

Dataset collected(const std::string& environment, Physics physics) {
  CollectRequest request{.environment = environment, .physics = physics, .steps = 600, .seed = 2, .parts = {}};
  request.parts.push_back(parse_collect_part("random", environment).value());
  const auto columns = collect_dataset(request).value();
  const auto path = std::filesystem::path(testing::TempDir()) / (environment + "_restepped.hdf5");
  EXPECT_TRUE(write_dataset(path, columns));
  auto dataset = read_dataset(path, {}).value();
  std::filesystem::remove(path);
  return dataset;
}

TEST(PhysicsOfData, NamesWhatEveryEnvironmentCollects) {
  for (const char* environment : {"swimmer", "invertedpendulum", "inverteddoublependulum", "reacher",
                                  "maze2d-umaze", "pointmaze-medium"}) {
    const auto found = physics_of_data(collected(environment, Physics::v4));
    ASSERT_TRUE(found) << environment;
    EXPECT_TRUE(found->certain()) << to_text(*found);
    EXPECT_EQ(found->environment(), environment) << to_text(*found);
    EXPECT_TRUE(found->can_be("v4")) << to_text(*found);
    EXPECT_EQ(physics_warning(*found, environment, "v4"), "") << environment;
  }
}

TEST(PhysicsOfData, TakesTheStatesBesideObservationsThatDoNotShowThem) {
  for (const char* physics : {"v2", "v4"}) {
    CollectRequest request{
        .environment = "hopper", .physics = *parse_physics(physics), .steps = 600, .seed = 3, .parts = {}};
    request.parts.push_back(parse_collect_part("random", "hopper").value());
    auto columns = collect_dataset(request).value();
    ASSERT_FALSE(columns.qpos.empty());
    // A user's own observations: two numbers that tell no state.
    columns.obs_dim = 2;
    columns.observations.assign(static_cast<size_t>(2 * columns.rows), 0.5f);
    columns.next_observations.clear();
    columns.environment.clear();
    const auto path = std::filesystem::path(testing::TempDir()) / "own_observations.hdf5";
    ASSERT_TRUE(write_dataset(path, columns));
    const auto whole = physics_of_data(read_dataset(path, {}).value());
    ReadOptions without;
    without.exclude = EpisodeList::of({0, 2});
    const auto part = physics_of_data(read_dataset(path, without).value());
    for (const auto& found : {whole, part}) {
      ASSERT_TRUE(found);
      EXPECT_TRUE(found->certain()) << to_text(*found);
      EXPECT_EQ(found->environment(), "hopper");
      EXPECT_TRUE(found->can_be(physics)) << to_text(*found);
      EXPECT_FALSE(found->can_be(std::string(physics) == "v2" ? "v4" : "v2")) << to_text(*found);
    }
    std::filesystem::remove(path);
  }
}

TEST(PhysicsOfData, IsNotCertainOfRowsThatDoNotFollow) {
  auto dataset = recorded("hopper-v4");
  for (size_t i = 0; i < dataset.next_observations.size(); i += 11) dataset.next_observations[i] += 0.3f;
  const auto found = physics_of_data(dataset);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->certain());
  EXPECT_THAT(to_text(*found), HasSubstr("no simulated physics"));
  EXPECT_EQ(physics_warning(*found, "hopper", "v2"), "");
  dataset.obs_dim = 33;
  dataset.rows /= 3;
  EXPECT_FALSE(physics_of_data(dataset)) << "nothing simulated has such observations";
}

}  // namespace
}  // namespace vaco
