// SPDX-License-Identifier: GPL-3.0-or-later
// Minari datasets of ours. That minari itself opens them is tests/cli/interchange's affair.
#include "core/data/minari_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/data/mixer.h"
#include "core/data/reader.h"
#include "core/hdf5/hdf5_file.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const fs::path kFiles = fs::path(VACO_TEST_DATA) / "formats";

class MinariWriter : public ::testing::Test {
 protected:
  /// The whole of a dataset, mixed and written, and read again.
  Dataset rewritten(const Dataset& dataset, std::vector<std::string>& told) {
    std::vector<MixPart> parts;
    parts.push_back({dataset, 1.0, "part"});
    const auto columns = mix_datasets(parts, {.keep_order = true});
    EXPECT_TRUE(columns.ok());
    const auto written = write_minari(out(), *columns);
    EXPECT_TRUE(written.ok()) << (written ? "" : written.error().message);
    if (written) told = *written;
    auto read = read_dataset(out());
    EXPECT_TRUE(read.ok()) << (read ? "" : read.error().message);
    return read ? std::move(*read) : Dataset{};
  }
  [[nodiscard]] fs::path out() const { return folder_ / "toy-test-v0"; }
  testing::TemporaryFolder folder_;
};

TEST_F(MinariWriter, WhatIsReadAgainIsTheSame) {
  for (const char* name : {"minari-0.5.4/mujoco/hopper/random-v0", "minari-0.4.3/cartpole-random-v0",
                           "d3rlpy-1.1.1/cartpole.h5"}) {
    const auto before = read_dataset(kFiles / name);
    ASSERT_TRUE(before.ok()) << name;
    std::vector<std::string> told;
    const Dataset after = rewritten(*before, told);
    const bool all_known =
        std::find(before->has_next.begin(), before->has_next.end(), 0) == before->has_next.end();
    EXPECT_EQ(told.empty(), all_known) << name;
    EXPECT_EQ(after.source.format, "Minari HDF5");
    EXPECT_EQ(after.environment, before->environment) << name;
    EXPECT_EQ(after.physics, before->physics) << name;
    EXPECT_EQ(after.action_count > 0, before->action_count > 0) << name;
    EXPECT_EQ(after.policy_names, std::vector<std::string>{"part"});
    if (!all_known) continue;
    EXPECT_EQ(after.observations, before->observations) << name;
    EXPECT_EQ(after.actions, before->actions) << name;
    EXPECT_EQ(after.rewards, before->rewards) << name;
    EXPECT_EQ(after.terminals, before->terminals) << name;
    EXPECT_EQ(after.episodes.length, before->episodes.length) << name;
    for (int64_t i = 0; i < before->rows; ++i) {
      if (before->terminals[static_cast<size_t>(i)])
        continue;  // what follows a terminal is asked for by nobody
      for (int64_t d = 0; d < before->obs_dim; ++d) {
        const auto at = static_cast<size_t>(i * before->obs_dim + d);
        ASSERT_EQ(after.next_observations[at], before->next_observations[at]) << name << ", row " << i;
      }
    }
  }
}

DatasetColumns two_episodes() {
  DatasetColumns c;
  c.rows = 5;
  c.obs_dim = 1;
  c.action_dim = 1;
  c.observations = {0, 1, 2, 10, 11};
  c.actions = {0.5f, -0.5f, 0.25f, 0.75f, -1.0f};
  c.rewards = {1, 2, 3, 4, 5};
  c.terminals = {0, 0, 1, 0, 0};
  c.timeouts = {0, 0, 0, 0, 1};
  return c;
}

TEST_F(MinariWriter, NothingIsInventedBehindATimeLimit) {
  const auto told = write_minari(out(), two_episodes());
  ASSERT_TRUE(told.ok());
  EXPECT_THAT(*told, ElementsAre(HasSubstr("1 episode ends by time in a state that is not known")));
  const auto d = read_dataset(out());
  ASSERT_TRUE(d.ok()) << d.error().message;
  EXPECT_THAT(d->episodes.length, ElementsAre(3, 1));
  EXPECT_THAT(d->episodes.ended_by, ElementsAre(EndedBy::terminal, EndedBy::timeout));
  EXPECT_EQ(d->next_observations[3], 11.0f) << "the state in front of the row that is left out";

  auto known = two_episodes();
  known.next_observations = {1, 2, 3, 11, 12};
  EXPECT_THAT(*write_minari(out(), known), IsEmpty());
  EXPECT_EQ(read_dataset(out())->next_observations, known.next_observations);
  known.has_next = {1, 1, 1, 1, 0};
  EXPECT_EQ(read_dataset(out())->rows, 5);
  EXPECT_EQ(write_minari(out(), known)->size(), 1u);
  EXPECT_EQ(read_dataset(out())->rows, 4);
  known.has_next.clear();
  known.next_observations[0] = 7;  // Minari has one observation there
  EXPECT_THAT(*write_minari(out(), known), ElementsAre(HasSubstr("is not the next row")));
}

TEST_F(MinariWriter, TheFileIsOfMinarisLayout) {
  auto columns = two_episodes();
  columns.next_observations = {1, 2, 3, 11, 12};
  columns.policy_ids = {0, 0, 0, 1, 1};
  columns.policy_names = {"random", "expert"};
  ASSERT_TRUE(write_minari(out(), columns).ok());
  const auto file = Hdf5File::open(out() / "data/main_data.hdf5");
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(*file->children("/"), ElementsAre("episode_0", "episode_1"));
  EXPECT_THAT(*file->children("episode_1"),
              ElementsAre("actions", "infos", "observations", "rewards", "terminations", "truncations"));
  EXPECT_THAT(file->describe("episode_0/observations")->shape, ElementsAre(4, 1));
  EXPECT_THAT(file->describe("episode_0/actions")->shape, ElementsAre(3, 1));
  EXPECT_THAT(file->read<uint8_t>("episode_1/truncations")->values, ElementsAre(0, 1));
  EXPECT_EQ(*file->integer_attribute("episode_1", "id"), 1);
  EXPECT_EQ(*file->integer_attribute("episode_1", "total_steps"), 2);
  EXPECT_EQ(*file->real_attribute("episode_1", "rewards_sum"), 9.0);
  const Json metadata = *read_json(out() / "data/metadata.json");
  EXPECT_EQ(metadata["dataset_id"], "toy-test-v0");
  EXPECT_EQ(metadata["total_episodes"], 2);
  EXPECT_EQ(metadata["total_steps"], 5);
  EXPECT_THAT(metadata["action_space"].get<std::string>(), HasSubstr(R"("high": [1.0])"));
  const auto d = read_dataset(out());
  EXPECT_EQ(d->policy_names, columns.policy_names);
  EXPECT_EQ(d->policy_ids, columns.policy_ids);
}

TEST_F(MinariWriter, TheEnvironmentIsDescribedWhereGymnasiumHasIt) {
  auto columns = two_episodes();
  columns.next_observations = {1, 2, 3, 11, 12};
  const auto spec = [&] {
    EXPECT_TRUE(write_minari(out(), columns).ok());
    const Json metadata = *read_json(out() / "data/metadata.json");
    return metadata.contains("env_spec") ? Json::parse(metadata["env_spec"].get<std::string>()) : Json();
  };
  columns.environment = "invertedpendulum";
  columns.physics = "v4";
  EXPECT_TRUE(spec().is_null()) << "it observes four numbers";
  columns.obs_dim = 4;
  const auto widened = [](const std::vector<float>& column) {
    std::vector<float> wide;
    for (const float value : column) wide.insert(wide.end(), 4, value);
    return wide;
  };
  columns.observations = widened(columns.observations);
  columns.next_observations = widened(columns.next_observations);
  EXPECT_EQ(spec()["id"], "InvertedPendulum-v4");
  EXPECT_EQ(spec()["entry_point"], "gymnasium.envs.mujoco.inverted_pendulum_v4:InvertedPendulumEnv");
  EXPECT_EQ(spec()["max_episode_steps"], 1000);
  EXPECT_TRUE(spec()["additional_wrappers"].empty());
  columns.physics = "v2";
  EXPECT_TRUE(spec().is_null()) << "Gymnasium has no v2";
  const auto read = read_dataset(out());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->environment, "invertedpendulum");
  EXPECT_EQ(read->physics, "v2");
}

TEST_F(MinariWriter, OnlyAMinariDatasetIsReplaced) {
  const auto check = [&](const fs::path& folder, Existing existing, const std::vector<fs::path>& inputs = {}) {
    const auto can = check_minari_folder(folder, existing, inputs);
    return can ? std::string() : can.error().message;
  };
  EXPECT_EQ(check(out(), Existing::refuse), "");
  EXPECT_THAT(check(folder_ / "toy", Existing::refuse), HasSubstr("is called NAME-vN"));
  EXPECT_THAT(check(folder_ / "toy-vx", Existing::refuse), HasSubstr("is called NAME-vN"));
  ASSERT_TRUE(write_minari(out(), two_episodes()).ok());
  EXPECT_THAT(check(out(), Existing::refuse), HasSubstr("--force replaces it"));
  EXPECT_EQ(check(out(), Existing::replace), "");
  EXPECT_THAT(check(out(), Existing::replace, {out()}), HasSubstr("is what is read"));
  EXPECT_THAT(check(out(), Existing::replace, {out() / "data/main_data.hdf5"}), HasSubstr("is what is read"));
  fs::create_directories(folder_ / "precious-v1");
  EXPECT_THAT(check(folder_ / "precious-v1", Existing::replace), HasSubstr("is no Minari dataset"));
}

}  // namespace
}  // namespace vaco
