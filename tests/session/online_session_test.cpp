// SPDX-License-Identifier: GPL-3.0-or-later
// A session whose run learns by acting in an environment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include "core/base/json_value.h"
#include "core/collect/online_rows.h"
#include "core/data/policy_file.h"
#include "core/data/reader.h"
#include "core/hdf5/hdf5_file.h"
#include "core/records/checkpoint.h"
#include "core/records/episode_ends.h"
#include "core/records/run_reader.h"
#include "core/session/session_parts.h"
#include "core/session/training_session.h"
#include "core/sim/evaluator.h"
#include "core/tasks/reference_scores.h"
#include "tests/support/fake_parts.h"
#include "tests/support/online_config.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace vaco::testing;

SessionOptions options_for(const fs::path& folder, std::shared_ptr<const SessionParts> parts = nullptr) {
  SessionOptions options;
  options.out = folder.parent_path();
  options.folder_name = folder.filename().string();
  options.parts = std::move(parts);
  return options;
}

std::unique_ptr<TrainingSession> begun(const SessionOptions& options) {
  auto session = TrainingSession::create(tiny_config(), options);
  EXPECT_TRUE(session.ok()) << session.error().message;
  return std::move(*session);
}

std::unique_ptr<TrainingSession> resumed(const fs::path& folder, SessionOptions options = {}) {
  auto session = TrainingSession::resume(folder, options);
  EXPECT_TRUE(session.ok()) << session.error().message;
  return std::move(*session);
}

/// A stop that comes while the policy of a step is evaluated, however busy the machine is.
class StopAt {
 public:
  explicit StopAt(int64_t step) {
    auto stopping = std::make_shared<SessionParts>();
    stopping->evaluate = [this, step](const PolicySnapshot& policy, const EvaluationOptions& options,
                                      const std::stop_token& stop) {
      if (policy.step == step) session->stop();
      return evaluate_policy(policy, options, stop);
    };
    parts = std::move(stopping);
  }
  std::shared_ptr<const SessionParts> parts;
  TrainingSession* session = nullptr;
};

void expect_same_run(const fs::path& a, const fs::path& b) {
  std::set<fs::path> compared;
  for (const auto& entry : fs::recursive_directory_iterator(a)) {
    const auto name = fs::relative(entry.path(), a);
    EXPECT_EQ(name.string().find(".tmp-"), std::string::npos) << name;
    // What tells of time is not compared; checkpoints are, by their state.
    if (!entry.is_regular_file() || name == "manifest.json" || name == "log.txt" || name == "run.lock" ||
        *name.begin() == "checkpoints")
      continue;
    const bool has_times = name == "metrics.jsonl";
    EXPECT_EQ(has_times ? timeless(entry.path()) : slurp(entry.path()),
              has_times ? timeless(b / name) : slurp(b / name))
        << name;
    compared.insert(name);
  }
  for (const char* expected :
       {"metrics.jsonl", "eval.jsonl", "policies/medium.h5", "policies/expert.h5", "policies/step_000000300.h5",
        "best_policy.h5", "hopper-medium-replay.hdf5", "hopper-medium-expert.hdf5"})
    EXPECT_TRUE(compared.contains(expected)) << expected;
  EXPECT_EQ(read_checkpoint(a / "checkpoints/last.h5")->state,
            read_checkpoint(b / "checkpoints/last.h5")->state);
}

class OnlineRun : public ::testing::Test {
 protected:
  /// One uninterrupted run for all tests.
  static void SetUpTestSuite() {
    shared() = new TemporaryFolder;
    const auto session = begun(options_for(whole()));
    ASSERT_EQ(run_to_end(*session), RunState::finished);
    result() = *session->result();
  }
  static void TearDownTestSuite() { delete shared(); }
  static TemporaryFolder*& shared() {
    static TemporaryFolder* folder = nullptr;
    return folder;
  }
  static Json& result() {
    static Json json;
    return json;
  }
  static fs::path whole() { return shared()->path() / "whole"; }
  static CollectedRows rows() {
    const auto environment = std::move(*make_environment("hopper", Physics::v2));
    return std::move(
        *rows_from_state(read_checkpoint(whole() / "checkpoints/last.h5")->state, environment->info()));
  }
};

TEST_F(OnlineRun, StoppedAndResumedItIsTheSameBitForBit) {
  TemporaryFolder folder;
  const auto path = folder.path() / "stopped";
  StopAt early(400), late(700);
  {
    const auto session = begun(options_for(path, early.parts));
    early.session = session.get();
    ASSERT_EQ(run_to_end(*session), RunState::idle);
  }
  EXPECT_EQ(read_run(path)->manifest["status"], "stopped");
  EXPECT_EQ(read_checkpoint(path / "checkpoints/last.h5")->step, 400);
  {
    SessionOptions options;
    options.threads = 2;
    options.parts = late.parts;
    const auto session = resumed(path, options);
    EXPECT_EQ(session->config().threads, 2);
    late.session = session.get();
    ASSERT_EQ(run_to_end(*session), RunState::idle);
  }
  ASSERT_EQ(run_to_end(*resumed(path)), RunState::finished);
  EXPECT_EQ(read_run(path)->manifest["status"], "finished");
  expect_same_run(path, whole());
  expect_same_run(whole(), path);
}

TEST_F(OnlineRun, KilledAndResumedItIsTheSameBitForBit) {
  TemporaryFolder folder;
  const auto path = folder.path() / "killed";
  const auto run_and_kill = [&](int milliseconds) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto session = fs::exists(path / "manifest.json") ? resumed(path) : begun(options_for(path));
      ::_exit(run_to_end(*session) == RunState::finished ? 0 : 8);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
    // A run that is killed between its end and that of its process is finished as well.
    const auto manifest = read_json(path / "manifest.json");
    return WIFEXITED(status) || (manifest && value_or<std::string>(*manifest, "status", {}) == "finished");
  };
  Rng rng(static_cast<uint64_t>(::getpid()));
  int kills = 0;
  // Longer each time, so that also a slow machine comes to an end.
  while (!run_and_kill(50 + (kills > 0 ? static_cast<int>(rng.index(150)) + 40 * kills : 0))) {
    ASSERT_LT(++kills, 200);
    if (!fs::exists(path / "manifest.json")) fs::remove_all(path);
  }
  EXPECT_GE(kills, 1);
  expect_same_run(path, whole());
}

TEST_F(OnlineRun, TheReplayIsWhatTheLearnerSawUpToTheMediumPolicy) {
  const auto replay = read_dataset(whole() / "hopper-medium-replay.hdf5");
  ASSERT_TRUE(replay.ok()) << replay.error().message;
  const auto all = rows();
  EXPECT_EQ(all.rows, 900);
  const auto medium_step = result()["medium"]["step"].get<int64_t>();
  ASSERT_EQ(replay->rows, medium_step);
  EXPECT_TRUE(std::equal(replay->observations.begin(), replay->observations.end(), all.observations.begin()));
  EXPECT_TRUE(std::equal(replay->actions.begin(), replay->actions.end(), all.actions.begin()));
  EXPECT_TRUE(std::equal(replay->rewards.begin(), replay->rewards.end(), all.rewards.begin()));
  EXPECT_TRUE(std::equal(replay->terminals.begin(), replay->terminals.end(), all.terminals.begin()));
  EXPECT_EQ(replay->episodes.ended_by.back(),
            all.terminals[static_cast<size_t>(medium_step) - 1] ? EndedBy::terminal : EndedBy::timeout);
  EXPECT_THAT(replay->policy_names, ElementsAre("random", "replay 1", "replay 2", "replay 3", "replay 4"));
  for (int64_t row = 0; row < replay->rows; ++row)
    EXPECT_EQ(replay->policy_ids[static_cast<size_t>(row)] == 0, row < 150) << row;
  EXPECT_EQ(replay->policy_ids.back(), 4);
}

TEST_F(OnlineRun, RowsAreWhatTheEnvironmentDoes) {
  // Each row, repeated in the environment from its recorded state.
  const auto all = rows();
  const auto environment = std::move(*make_environment("hopper", Physics::v2));
  std::vector<float> observation(11);
  const auto ends = episode_ends(all.terminals, all.timeouts);
  size_t checked = 0;
  for (int64_t first = 0; const int64_t end : ends) {
    const auto row = static_cast<size_t>(first);
    environment->set_state({all.qpos.data() + row * 6, 6}, {all.qvel.data() + row * 6, 6});
    for (size_t i = row; i < static_cast<size_t>(end); ++i, ++checked) {
      const auto step = environment->step({all.actions.data() + i * 3, 3});
      environment->observe(observation);
      EXPECT_EQ(static_cast<float>(step.reward), all.rewards[i]);
      EXPECT_EQ(step.terminated, all.terminals[i] == 1) << i;
      EXPECT_TRUE(std::equal(observation.begin(), observation.end(), all.next_observations.begin() + i * 11));
    }
    first = end;
  }
  EXPECT_EQ(checked, 900u);
  // The last episode is cut by the end of training, which ends nothing for the learner.
  EXPECT_EQ(all.timeouts.back(), all.terminals.back() ? 0 : 1);
}

TEST_F(OnlineRun, DatasetsSayWhereTheyComeFrom) {
  for (const Json& set : result()["datasets"]) {
    const auto data = read_dataset(set["file"].get<std::string>());
    ASSERT_TRUE(data.ok()) << set;
    EXPECT_EQ(data->environment, "hopper");
    const auto& returns = data->episodes.returns;
    EXPECT_EQ(data->rows, set["rows"].get<int64_t>());
    EXPECT_EQ(returns.size(), set["episodes"].get<size_t>());
    double mean = 0.0;
    for (const double r : returns) mean += r / static_cast<double>(returns.size());
    EXPECT_NEAR(set["return_mean"].get<double>(), mean, 1e-3);
    const auto file = Hdf5File::open(set["file"].get<std::string>());
    const auto provenance = Json::parse(*file->read_text("metadata/provenance"));
    EXPECT_EQ(provenance["medium_policy"]["policy_step"], result()["medium"]["step"]);
    EXPECT_EQ(provenance["expert_policy"]["return_mean"], result()["expert"]["return_mean"]);
    EXPECT_TRUE(file->has_array("infos/qpos"));
  }
  // Each set has episodes of its own: none begins where one of another does.
  std::set<float> beginnings;
  for (const char* name : {"random", "medium", "expert"}) {
    const auto data = read_dataset(whole() / ("hopper-" + std::string(name) + ".hdf5"));
    beginnings.insert(data->observations.front());
  }
  EXPECT_EQ(beginnings.size(), 3u);
  const auto both = read_dataset(whole() / "hopper-medium-expert.hdf5");
  EXPECT_EQ(both->rows, 400);
  EXPECT_THAT(both->policy_names, ElementsAre("medium", "expert"));
  EXPECT_EQ(both->policy_ids[199], 0);
  EXPECT_EQ(both->policy_ids[200], 1);
  const auto expert = read_policy(whole() / "policies/expert.h5");
  EXPECT_EQ(expert->step, result()["expert"]["step"].get<int64_t>());
  EXPECT_EQ(expert->observation_scale, std::vector<float>(11, 1.0f));
}

TEST_F(OnlineRun, ItsFolderIsReadAsAnyRun) {
  const auto run = read_run(whole());
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run->config.algorithm, kOnlineTd3);
  std::set<std::string> found;
  ASSERT_EQ(run->evaluations.size(), 8u);  // 100 is still random
  EXPECT_EQ(run->evaluations.front().result.step, 200);
  EXPECT_EQ(run->metrics.size(), 13u);
  EXPECT_EQ(run->manifest["result"]["return"]["last"], run->evaluations.back().result.mean_return);
  for (const auto& value : run->metrics.front().values)
    for (const char* key : {"episode_return", "time_s", "steps_per_second"})
      if (value.key == key) found.insert(key);
  EXPECT_EQ(found.size(), 3u) << "metrics as those of every run, and what only acting has";
  EXPECT_EQ(TrainingSession::resume(whole(), {}).error().code, ErrorCode::usage) << "it is finished";
  const auto fork = TrainingSession::fork(whole(), {}, {});
  ASSERT_FALSE(fork.ok());
  EXPECT_THAT(fork.error().message, HasSubstr("not forked"));
}

TEST(OnlineErrors, SayWhatIsWrong) {
  TemporaryFolder folder;
  auto config = tiny_config();
  config.environment = "humanoid";
  EXPECT_THAT(TrainingSession::create(config, options_for(folder.path() / "run")).error().message,
              HasSubstr("walker2d"));
  EXPECT_THAT(TrainingSession::create(tiny_config(150), options_for(folder.path() / "run")).error().message,
              HasSubstr("too few"));
  EXPECT_TRUE(fs::is_empty(folder.path()));
  config = tiny_config();
  config.dataset = folder.path() / "data.hdf5";
  EXPECT_THAT(TrainingSession::create(config, options_for(folder.path() / "run")).error().message,
              HasSubstr("vaco collect --train td3"));
}

}  // namespace
}  // namespace vaco
