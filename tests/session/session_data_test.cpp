// SPDX-License-Identifier: GPL-3.0-or-later
// What a session makes of its dataset before and while it trains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/rng.h"
#include "core/data/policy_file.h"
#include "core/data/writer.h"
#include "core/device/check_compute.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace vaco::testing;

class SessionData : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path file(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] SessionOptions options(std::shared_ptr<const SessionParts> parts = nullptr) const {
    SessionOptions options;
    options.out = file("runs");
    options.folder_name = "run";
    options.parts = std::move(parts);
    return options;
  }
  /// The error that stops a run before anything is written.
  [[nodiscard]] Error refusal(const RunConfig& config) const {
    const auto session = TrainingSession::create(config, options());
    EXPECT_FALSE(session.ok());
    EXPECT_FALSE(fs::exists(file("runs")));
    return session ? Error{} : session.error();
  }
  /// Rows of hopper's dimensions in episodes of 20 steps.
  void write_hopper_rows(const fs::path& path, const std::string& environment) const {
    DatasetColumns columns;
    columns.rows = 200;
    columns.obs_dim = 11;
    columns.action_dim = 3;
    columns.environment = environment;
    columns.physics = "v4";
    Rng rng(2);
    for (int64_t row = 0; row < columns.rows; ++row) {
      for (int k = 0; k < 11; ++k) columns.observations.push_back(static_cast<float>(rng.normal()));
      for (int k = 0; k < 3; ++k) columns.actions.push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
      columns.rewards.push_back(static_cast<float>(row / 20));
      columns.terminals.push_back(row % 20 == 19 ? 1 : 0);
      columns.timeouts.push_back(0);
    }
    columns.next_observations = columns.observations;
    const auto written = write_dataset(path, columns);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  static std::vector<Alarm> alarms(TrainingSession& session) {
    std::vector<Alarm> all;
    for (const auto& event : session.take_events())
      if (const auto* alarm = std::get_if<Alarm>(&event)) all.push_back(*alarm);
    return all;
  }
  TemporaryFolder folder_;
};

TEST_F(SessionData, WhatCannotBeginLeavesNoFolder) {
  auto config = fake_config(folder_.path());
  std::ofstream(file("text.hdf5")) << "observations, actions";
  config.dataset = file("text.hdf5");
  EXPECT_THAT(refusal(config).message,
              AllOf(HasSubstr("text.hdf5 is not an HDF5 file"), HasSubstr("vaco collect")));
  std::ofstream(file("empty.hdf5")).flush();
  config.dataset = file("empty.hdf5");
  EXPECT_EQ(refusal(config).code, ErrorCode::bad_data);

  write_hopper_rows(file("rows.hdf5"), "hopper");
  config.dataset = file("rows.hdf5");
  config.environment = "walker2d";
  EXPECT_THAT(refusal(config).message,
              AllOf(HasSubstr("walker2d has 17 and 6"), HasSubstr("hopper would fit")));
  config.environment = "hoppr";
  EXPECT_EQ(refusal(config).code, ErrorCode::usage);
  EXPECT_THAT(refusal(config).message, HasSubstr("did you mean 'hopper'"));
  config.environment.clear();
  if (!check_compute({.device = "cuda"})) {
    config.device = "cuda";
    EXPECT_EQ(refusal(config).code, ErrorCode::unavailable);
  }
}

TEST_F(SessionData, ErrorsAmongTheFindingsEndTheRunAndWarningsAreTold) {
  FakeOptions fake;
  fake.findings = {{Severity::warning, "last_episode_cut", "the file ends inside an episode", 50, 10},
                   {Severity::note, "float64_columns", "stored as float64"}};
  auto session = std::move(*TrainingSession::create(fake_config(folder_.path()), options(fake_parts(fake))));
  ASSERT_EQ(run_to_end(*session), RunState::finished);
  const auto told = alarms(*session);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].message, "dataset: the file ends inside an episode (first at row 50)");

  fake.findings.push_back({Severity::error, "not_a_number", "1 row of rewards with a NaN", 7, 1});
  auto other = options(fake_parts(fake));
  other.folder_name = "broken";
  session = std::move(*TrainingSession::create(fake_config(folder_.path()), other));
  ASSERT_EQ(run_to_end(*session), RunState::failed);
  EXPECT_FALSE(session->result()) << "it never began";
  Error error;
  for (const auto& event : session->take_events())
    if (const auto* failed = std::get_if<Failed>(&event)) error = failed->error;
  EXPECT_EQ(error.code, ErrorCode::bad_data);
  EXPECT_THAT(error.message, AllOf(HasSubstr("rewards"), HasSubstr("row 7")));
}

/// What cannot be learned is refused before there is a run folder.
TEST_F(SessionData, DiscreteActionsAreRefusedBeforeAnythingStartsWhereTheAlgorithmDoesNotLearnThem) {
  for (const char* name : {"hdf5-variants/cartpole_discrete.hdf5", "d3rlpy-1.1.1/cartpole.h5",
                           "minari-0.5.4/cartpole/random-v0", "csv/cartpole_done.csv"}) {
    auto config = *make_config("td3_bc", "");
    config.dataset = std::filesystem::path(VACO_TEST_DATA) / "formats" / name;
    const Error error = refusal(config);
    EXPECT_EQ(error.code, ErrorCode::bad_data) << name;
    EXPECT_THAT(error.message, AllOf(HasSubstr("actions are discrete"), HasSubstr("vaco, bc, bc10, iql")));
  }
}

TEST_F(SessionData, ChoicesAreLearnedFromEveryLayoutAndThePolicyMakesThem) {
  for (const char* name : {"hdf5-variants/cartpole_discrete.hdf5", "d3rlpy-1.1.1/cartpole.h5",
                           "minari-0.5.4/cartpole/random-v0", "csv/cartpole_done.csv"}) {
    auto config = *make_config("bc", "");
    config.dataset = std::filesystem::path(VACO_TEST_DATA) / "formats" / name;
    config.threads = 1;
    for (const auto& [key, value] :
         {std::pair{"bc_steps", "20"}, {"hidden_width", "16"}, {"eval_episodes", "2"}})
      ASSERT_TRUE(set_param(config, key, value, Origin::run));
    auto own = options();
    own.folder_name = std::filesystem::path(name).parent_path().filename().string() + "_run";
    auto session = TrainingSession::create(config, own);
    ASSERT_TRUE(session.ok()) << name << ": " << session.error().message;
    EXPECT_EQ((*session)->config().physics, "v1") << name;
    ASSERT_EQ(run_to_end(**session), RunState::finished) << name;
    const auto policy = read_policy((*session)->folder() / "policy.h5");
    ASSERT_TRUE(policy) << policy.error().message;
    EXPECT_EQ(policy->action_count, 2);
    EXPECT_EQ(policy->environment, "cartpole");
    const auto result = (*session)->result();
    ASSERT_TRUE(result) << name;
    EXPECT_GE((*result)["return"]["last"].get<double>(), 5.0) << name;
  }
}

TEST_F(SessionData, EvaluatesInThePhysicsOfTheData) {
  struct Case {
    const char *of_data, *asked, *expected;
    size_t warnings;
  };
  int number = 0;
  for (const Case& c :
       {Case{"", "", "v2", 0}, {"v4", "", "v4", 0}, {"v4", "v4", "v4", 0}, {"v4", "v2", "v2", 1}}) {
    std::string evaluated_in;
    FakeOptions fake;
    fake.physics = c.of_data;
    fake.evaluated_in = &evaluated_in;
    auto config = fake_config(folder_.path());
    config.physics = c.asked;
    auto own = options(fake_parts(fake));
    own.folder_name = "run" + std::to_string(number++);
    const auto session = std::move(*TrainingSession::create(config, own));
    EXPECT_EQ(session->config().physics, c.expected);
    ASSERT_EQ(run_to_end(*session), RunState::finished);
    EXPECT_EQ(evaluated_in, c.expected);
    EXPECT_EQ(alarms(*session).size(), c.warnings);
  }
}

TEST_F(SessionData, ARealPolicySaysWhatMadeItAndDataOfUnknownEnvironmentsTrains) {
  write_hopper_rows(file("rows.hdf5"), "hopper");
  write_hopper_rows(file("juggled.hdf5"), "juggler");
  for (const char* name : {"rows.hdf5", "juggled.hdf5"}) {
    auto config = *make_config("bc", "");
    config.dataset = file(name);
    config.threads = 1;
    for (const auto& [key, value] :
         {std::pair{"bc_steps", "20"}, {"hidden_width", "16"}, {"eval_episodes", "1"}})
      ASSERT_TRUE(set_param(config, key, value, Origin::run));
    auto own = options();
    own.folder_name = fs::path(name).stem().string();
    auto session = TrainingSession::create(config, own);
    ASSERT_TRUE(session.ok()) << session.error().message;
    EXPECT_EQ((*session)->config().physics, "v4");
    ASSERT_EQ(run_to_end(**session), RunState::finished);
    for (const auto& policy :
         {*read_policy((*session)->folder() / "policy.h5"), *(*session)->latest_policy()}) {
      EXPECT_EQ(policy.algorithm, "bc");
      EXPECT_EQ(policy.step, 20);
    }
  }
  EXPECT_EQ(read_policy(file("runs/rows/best_policy.h5"))->algorithm, "bc");
}

}  // namespace
}  // namespace vaco
