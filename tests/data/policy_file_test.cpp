// SPDX-License-Identifier: GPL-3.0-or-later
// Policies in files: our own of choices, and those that D4RL's datasets keep, against numbers by numpy.
#include "core/data/policy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "core/base/files.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PolicyFiles : public testing::Test {
 protected:
  void SetUp() override { path_ = *temporary_folder() / ("vaco_policy_" + std::to_string(::getpid()) + ".h5"); }
  void TearDown() override { fs::remove(path_); }

  /// A D4RL dataset of 3 observations and 2 actions with a policy of one hidden layer.
  void write_d4rl(const std::string& nonlinearity, const std::string& distribution, bool turned = false,
                  int64_t actions = 2) {
    auto file = *Hdf5File::create(path_);
    const auto put = [&](const std::string& name, const std::vector<int64_t>& shape,
                         const std::vector<float>& values) {
      ASSERT_TRUE(file.write<float>(name, shape, values));
    };
    put("observations", {2, 3}, std::vector<float>(6, 0.5f));
    put("actions", {2, actions}, std::vector<float>(static_cast<size_t>(2 * actions), 0.5f));
    const std::vector<float> first{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};  // [4, 3]
    std::vector<float> other(12);
    for (size_t o = 0; o < 4; ++o)
      for (size_t i = 0; i < 3; ++i) other[i * 4 + o] = first[o * 3 + i];
    put("metadata/policy/fc0/weight", turned ? std::vector<int64_t>{3, 4} : std::vector<int64_t>{4, 3},
        turned ? other : first);
    put("metadata/policy/fc0/bias", {4}, {0.0f, -100.0f, 0.0f, 0.0f});
    put("metadata/policy/last_fc/weight", {2, 4}, {0.01f, 1.0f, 0.0f, 0.0f, 0.0f, 1.0f, -0.01f, 0.0f});
    put("metadata/policy/last_fc/bias", {2}, {0.0f, 0.1f});
    ASSERT_TRUE(file.write_text("metadata/policy/nonlinearity", nonlinearity));
    ASSERT_TRUE(file.write_text("metadata/policy/output_distribution", distribution));
    ASSERT_TRUE(file.close());
  }
  fs::path path_;
};

TEST_F(PolicyFiles, OfChoicesComesBackAndIsRefusedByProgramsThatKnowOnlyContinuousOnes) {
  PolicySnapshot policy;
  policy.layers = {{.inputs = 1, .outputs = 3, .weight = {1.0f, 2.0f, 3.0f}, .bias = {0.0f, 0.5f, -9.0f}}};
  policy.observation_mean = {1.0f};
  policy.observation_scale = {2.0f};
  policy.action_count = 3;
  policy.action_low = {0.0f};
  policy.action_high = {2.0f};
  ASSERT_EQ(policy.problem(), "");
  ASSERT_TRUE(write_policy(path_, policy));
  const auto read = read_policy(path_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->action_count, 3);
  EXPECT_EQ(read->layers[0].weight, policy.layers[0].weight);
  EXPECT_EQ(Hdf5File::open(path_)->text_attribute("/", "format").value(), "vaco-policy 2");
  policy.action_count = 0;
  policy.action_low = policy.action_high = {1.0f, 1.0f, 1.0f};
  ASSERT_TRUE(write_policy(path_, policy));
  EXPECT_EQ(Hdf5File::open(path_)->text_attribute("/", "format").value(), "vaco-policy 1");
}

TEST_F(PolicyFiles, TakesThePolicyThatAD4rlDatasetKeeps) {
  const auto policy =
      read_policy(fs::path(VACO_TEST_DATA) / "formats" / "d4rl-89141a6" / "hopper-medium-v2.hdf5");
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_EQ(policy->environment, "hopper");
  EXPECT_EQ(policy->algorithm, "SAC");
  const std::vector<float> observation{1.2527806758880615f,    -0.011980127543210983f, 0.0038388625252991915f,
                                       -0.015485548414289951f, -0.04794943705201149f,  -0.11567612737417221f,
                                       -0.15672320127487183f,  -0.3487497568130493f,   -0.05166897177696228f,
                                       -0.3841145932674408f,   -3.6571197509765625f};
  std::vector<float> action(3);
  PolicyActor(*policy).act(observation, action);
  EXPECT_NEAR(action[0], -0.04068224265655781, 1e-6);
  EXPECT_NEAR(action[1], 0.007876717868484252, 1e-6);
  EXPECT_NEAR(action[2], 0.0837228590785587, 1e-6);
}

TEST_F(PolicyFiles, TakesD4rlMatricesEitherWayRound) {
  for (const bool turned : {false, true}) {
    write_d4rl("relu", "tanh_gaussian", turned);
    const auto policy = read_policy(path_);
    ASSERT_TRUE(policy) << policy.error().message;
    std::vector<float> action(2);
    PolicyActor(*policy).act(std::vector<float>{0.5f, 0.5f, 0.5f}, action);
    // Hidden 3, (7.5 − 100)+, 12, 16.5.
    EXPECT_NEAR(action[0], std::tanh(0.03), 1e-6);
    EXPECT_NEAR(action[1], std::tanh(0.1 - 0.12), 1e-6);
  }
}

TEST_F(PolicyFiles, SaysWhatOfAD4rlPolicyIsNotKnown) {
  write_d4rl("tanh", "tanh_gaussian");
  EXPECT_THAT(read_policy(path_).error().message, HasSubstr("layers of 'tanh'"));
  write_d4rl("relu", "gaussian");
  EXPECT_THAT(read_policy(path_).error().message, HasSubstr("actions of 'gaussian'"));
  write_d4rl("relu", "tanh_gaussian", false, 5);
  EXPECT_THAT(read_policy(path_).error().message, HasSubstr("does not give the actions"));
  const auto none =
      read_policy(fs::path(VACO_TEST_DATA) / "formats" / "d4rl-89141a6" / "hopper-random-v2.hdf5");
  EXPECT_THAT(none.error().message, HasSubstr("nor a dataset that keeps its policy"));
}

}  // namespace
}  // namespace vaco
