// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/records/run_reader.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
using namespace vaco::testing;

TEST(SessionEvaluation, TheLastOneMayHaveMoreEpisodes) {
  const TemporaryFolder folder;
  auto config = fake_config(folder.path());
  ASSERT_TRUE(set_param(config, "final_episodes", "8", Origin::run).ok());
  SessionOptions options;
  options.out = folder.path() / "runs";
  options.parts = fake_parts({});
  const auto session = TrainingSession::create(config, options);
  ASSERT_TRUE(session.ok()) << session.error().message;
  EXPECT_EQ(run_to_end(**session), RunState::finished);
  const auto evaluations = read_run((*session)->folder())->evaluations;
  ASSERT_EQ(evaluations.size(), 6u);
  for (const auto& evaluation : evaluations)
    EXPECT_EQ(evaluation.result.returns.size(), evaluation.result.step == 500 ? 8u : 3u);
}

}  // namespace
}  // namespace vaco
