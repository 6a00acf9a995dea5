// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/training_session.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "core/data/policy_file.h"
#include "core/records/checkpoint.h"
#include "core/records/run_folder.h"
#include "core/records/run_reader.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using namespace vaco::testing;

class Session : public ::testing::Test {
 protected:
  std::unique_ptr<TrainingSession> make(const FakeOptions& fake = {}, const std::string& name = "run") {
    auto session = TrainingSession::create(fake_config(folder_.path()), options(fake, name));
    EXPECT_TRUE(session.ok()) << session.error().message;
    return std::move(*session);
  }
  SessionOptions options(const FakeOptions& fake = {}, const std::string& name = "") {
    SessionOptions options;
    options.out = folder_.path() / "runs";
    options.folder_name = name;
    options.parts = fake_parts(fake);
    return options;
  }
  static void wait_for(TrainingSession& session, RunState state) {
    while (session.state() != state) session.wait_for_events(0.01);
  }
  TemporaryFolder folder_;
};

TEST_F(Session, WritesACompleteRunFolder) {
  auto session = make();
  EXPECT_TRUE(session->can_start());
  EXPECT_EQ(run_to_end(*session), RunState::finished);
  const auto record = read_run(session->folder());
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(to_json(record->config), to_json(session->config()));
  EXPECT_EQ(record->manifest["status"], "finished");
  EXPECT_EQ(record->manifest["dataset"]["hash"], "fake-hash");
  EXPECT_EQ(record->manifest["step"], 500);
  // Log every 7 steps, at the end of the phases (200 and 500): 71 multiples, and two.
  EXPECT_EQ(record->metrics.size(), 73u);
  EXPECT_EQ(record->metrics.front().phase, "value");
  EXPECT_EQ(record->metrics.back().step, 500);
  // Only once there is a policy: 250, 300, ..., 500.
  ASSERT_EQ(record->evaluations.size(), 6u);
  EXPECT_EQ(record->evaluations.front().result.step, 250);
  EXPECT_EQ(record->evaluations.front().result.returns.size(), 3u);
  ASSERT_EQ(record->weights.size(), 8u);  // 240, 280, ..., 480, and 500
  EXPECT_EQ(record->weights.back().trajectory_weight.size(), 6u);
  EXPECT_GT(record->weights.back().pearson.value, 0.9);
  double best = -1e9;
  for (const auto& e : record->evaluations) best = std::max(best, e.result.normalized_mean);
  const auto result = *session->result();
  EXPECT_EQ(result["normalized_score"]["best"].get<double>(), best);
  EXPECT_EQ(result["normalized_score"]["last"].get<double>(),
            record->evaluations.back().result.normalized_mean);
  EXPECT_EQ(result["pearson_r"].get<double>(), record->weights.back().pearson.value);
  EXPECT_EQ(record->manifest["result"], result);
  EXPECT_EQ(read_policy(session->folder() / "policy.h5")->step, 500);
  EXPECT_EQ(read_policy(session->folder() / "best_policy.h5")->step, result["evaluated_step"]["best"]);
  EXPECT_LE(checkpoint_files(session->folder()).size(), 2u);
  EXPECT_EQ(read_checkpoint(session->folder() / "checkpoints/last.h5")->step, 500);
  EXPECT_EQ(read_checkpoint(session->folder() / "checkpoints/best.h5")->step, result["evaluated_step"]["best"]);
  for (const auto& entry : fs::recursive_directory_iterator(session->folder()))
    EXPECT_EQ(entry.path().string().find(".tmp-"), std::string::npos) << entry.path();
}

TEST_F(Session, TellsEverythingInOrderAndTheDiskHasItFirst) {
  auto session = make({.microseconds_per_step = 200});
  session->start();
  RunFollower follower(session->folder());
  std::vector<int64_t> told, followed;
  std::vector<RunState> states;
  bool over = false;
  while (!over) {
    over = session->state() == RunState::finished;
    for (const auto& event : session->take_events()) {
      if (const auto* m = std::get_if<Metrics>(&event)) told.push_back(m->step);
      if (const auto* s = std::get_if<StateChanged>(&event); s && (states.empty() || states.back() != s->state))
        states.push_back(s->state);
    }
    for (const auto& event : follower.poll())
      if (const auto* m = std::get_if<Metrics>(&event)) followed.push_back(m->step);
    EXPECT_GE(followed.size(), told.size());
    session->wait_for_events(0.005);
  }
  EXPECT_EQ(told, followed);
  EXPECT_EQ(told.size(), 73u);
  EXPECT_EQ(states, (std::vector{RunState::preparing, RunState::running, RunState::finished}));
}

TEST_F(Session, StopAndResumeChangesNoNumber) {
  const auto whole = make({}, "whole");
  ASSERT_EQ(run_to_end(*whole), RunState::finished);
  // Stops come by the steps and not by the clock: between evaluations, and right before one, which is then the
  // first thing that is done after the resume.
  TrainingSession* running = nullptr;
  int64_t step = 0;
  const FakeOptions slow{.on_update = [&] {
    ++step;
    if (step % 70 == 0 || step % 100 == 0) running->stop();
  }};
  auto session = make(slow, "stopped");
  const fs::path run = session->folder();
  int parts = 0;
  for (; session->state() != RunState::finished; ++parts) {
    running = session.get();
    session->start();
    session->wait();
    ASSERT_NE(session->state(), RunState::failed);
    if (session->state() == RunState::finished) break;
    const auto manifest = *read_json(run / "manifest.json");
    EXPECT_EQ(manifest["status"], "stopped");
    EXPECT_TRUE(manifest["message"].get<std::string>().starts_with("stopped after "));
    if (parts % 2 == 0) {  // half of the times with a new session, as after a restart of the program
      session.reset();
      auto resumed = TrainingSession::resume(run, options(slow));
      ASSERT_TRUE(resumed.ok()) << resumed.error().message;
      session = std::move(*resumed);
    }
  }
  EXPECT_GE(parts, 10);
  EXPECT_EQ(timeless(run / "metrics.jsonl"), timeless(whole->folder() / "metrics.jsonl"));
  EXPECT_EQ(slurp(run / "eval.jsonl"), slurp(whole->folder() / "eval.jsonl"));
  EXPECT_EQ(slurp(run / "weights.jsonl"), slurp(whole->folder() / "weights.jsonl"));
  EXPECT_EQ(read_checkpoint(run / "checkpoints/last.h5")->state,
            read_checkpoint(whole->folder() / "checkpoints/last.h5")->state);
}

TEST_F(Session, PauseHoldsAndCommandsWorkWhilePaused) {
  auto session = make({.microseconds_per_step = 500});
  session->pause();  // before the start: it comes up paused
  session->start();
  wait_for(*session, RunState::paused);
  EXPECT_TRUE(session->can_resume());
  session->take_events();
  session->save_checkpoint();
  bool saved = false;
  while (!saved) {
    session->wait_for_events(0.05);
    for (const auto& event : session->take_events())
      saved = saved || std::holds_alternative<CheckpointSaved>(event);
  }
  EXPECT_EQ(session->state(), RunState::paused);
  session->resume_running();
  wait_for(*session, RunState::running);
  session->wait();
  EXPECT_EQ(session->state(), RunState::finished);
}

TEST_F(Session, CommandsFromManyThreadsAreSafe) {
  auto session = make({.microseconds_per_step = 30});
  session->start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 60; ++i) {
        if ((i + t) % 2 == 0)
          session->pause();
        else
          session->resume_running();
        if (i % 9 == t) session->save_checkpoint();
        if (i % 11 == t) session->evaluate_now();
        (void)session->can_stop();
        (void)session->latest_policy();
        (void)session->result();
      }
      session->resume_running();
    });
  for (auto& thread : threads) thread.join();
  session->resume_running();
  session->take_events();
  session->stop();
  session->start();  // may come while it still stops: then it is refused, never a second core thread
  session->wait();
  EXPECT_TRUE(session->state() == RunState::idle || session->state() == RunState::finished);
}

TEST_F(Session, DestroyingARunningSessionSavesIt) {
  auto session = make({.microseconds_per_step = 300});
  const fs::path run = session->folder();
  session->start();
  while (session->state() != RunState::running) session->wait_for_events(0.01);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  session.reset();
  EXPECT_TRUE(TrainingSession::resume(run, options()).ok());
}

TEST_F(Session, ASecondSessionOnTheFolderIsRefused) {
  auto session = make();
  const auto second = TrainingSession::resume(session->folder(), options());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("being written"), std::string::npos);
}

TEST_F(Session, WritesNothingIntoAFolderThatAnotherHasTaken) {
  auto session = make({.microseconds_per_step = 500});
  session->start();
  wait_for(*session, RunState::running);
  session->stop();
  session->wait();
  ASSERT_EQ(session->state(), RunState::idle);
  const fs::path run = session->folder();
  auto other = TrainingSession::resume(run, options());
  ASSERT_TRUE(other.ok()) << other.error().message;
  ASSERT_EQ(run_to_end(**other), RunState::finished);
  other->reset();
  const auto holder = RunLock::take(run);
  ASSERT_TRUE(holder.ok());
  const auto manifest = slurp(run / "manifest.json"), log = slurp(run / "log.txt");
  EXPECT_EQ(run_to_end(*session), RunState::failed);
  EXPECT_EQ(slurp(run / "manifest.json"), manifest);
  EXPECT_EQ(slurp(run / "log.txt"), log);
}

TEST_F(Session, ANaNFailsWithItsNameAndKeepsTheCheckpoint) {
  auto session = make({.nan_at = 333});
  EXPECT_EQ(run_to_end(*session), RunState::failed);
  std::string message;
  for (const auto& event : session->take_events())
    if (const auto* failed = std::get_if<Failed>(&event)) message = failed->error.message;
  EXPECT_NE(message.find("step 336: loss"), std::string::npos) << message;
  EXPECT_NE(message.find("vaco resume"), std::string::npos) << message;
  EXPECT_EQ(read_checkpoint(session->folder() / "checkpoints/last.h5")->step, 330);
  EXPECT_EQ((*read_json(session->folder() / "manifest.json"))["status"], "failed");
}

TEST_F(Session, AnExceptionBecomesAFailure) {
  auto session = make({.throw_at = 100});
  EXPECT_EQ(run_to_end(*session), RunState::failed);
  const auto manifest = *read_json(session->folder() / "manifest.json");
  EXPECT_EQ(manifest["message"], "step 100: the device was lost");
}

TEST_F(Session, FallsBackToTheEarlierCheckpointWhenTheNewestIsDamaged) {
  const auto whole = make({}, "whole");
  ASSERT_EQ(run_to_end(*whole), RunState::finished);
  auto session = make({.throw_at = 400}, "broken");
  ASSERT_EQ(run_to_end(*session), RunState::failed);
  const fs::path run = session->folder();
  session.reset();
  const auto files = checkpoint_files(run);
  ASSERT_EQ(files.size(), 2u);
  fs::resize_file(files[0], fs::file_size(files[0]) / 2);
  auto resumed = TrainingSession::resume(run, options());
  ASSERT_TRUE(resumed.ok()) << resumed.error().message;
  EXPECT_EQ(run_to_end(**resumed), RunState::finished);
  EXPECT_EQ(timeless(run / "metrics.jsonl"), timeless(whole->folder() / "metrics.jsonl"));
  resumed->reset();

  auto second = make({.throw_at = 400}, "broken2");
  ASSERT_EQ(run_to_end(*second), RunState::failed);
  const fs::path run2 = second->folder();
  second.reset();
  for (const auto& file : checkpoint_files(run2)) std::ofstream(file) << "garbage";
  const auto refused = TrainingSession::resume(run2, options());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::bad_data);
}

TEST_F(Session, AResumeReadsItsCheckpointOnce) {
  auto session = make({.throw_at = 400});
  ASSERT_EQ(run_to_end(*session), RunState::failed);
  const fs::path run = session->folder();
  session.reset();
  auto resumed = TrainingSession::resume(run, options());
  ASSERT_TRUE(resumed.ok()) << resumed.error().message;
  for (const auto& file : checkpoint_files(run)) std::ofstream(file) << "garbage";
  EXPECT_EQ(run_to_end(**resumed), RunState::finished);
}

TEST_F(Session, ACheckpointIsThereBeforeTheFirstStep) {
  auto session = make({.throw_at = 0});
  ASSERT_EQ(run_to_end(*session), RunState::failed);
  const fs::path run = session->folder();
  session.reset();
  EXPECT_EQ(read_checkpoint(run / "checkpoints/last.h5")->step, 0);
  auto resumed = TrainingSession::resume(run, options());
  ASSERT_TRUE(resumed.ok()) << resumed.error().message;
  EXPECT_EQ(run_to_end(**resumed), RunState::finished);
  for (const auto& event : (*resumed)->take_events()) {
    const auto* alarm = std::get_if<Alarm>(&event);
    EXPECT_TRUE(!alarm || alarm->key != "no_checkpoint");
  }
  const auto whole = make({}, "whole");
  ASSERT_EQ(run_to_end(*whole), RunState::finished);
  EXPECT_EQ(timeless(run / "metrics.jsonl"), timeless(whole->folder() / "metrics.jsonl"));
}

TEST_F(Session, StartingAgainForWantOfACheckpointIsTold) {
  auto session = make({.throw_at = 300});
  ASSERT_EQ(run_to_end(*session), RunState::failed);
  const fs::path run = session->folder();
  session.reset();
  fs::remove_all(run / "checkpoints");
  auto resumed = TrainingSession::resume(run, options());
  ASSERT_TRUE(resumed.ok()) << resumed.error().message;
  EXPECT_EQ(run_to_end(**resumed), RunState::finished);
  std::string message;
  for (const auto& event : (*resumed)->take_events())
    if (const auto* alarm = std::get_if<Alarm>(&event); alarm && alarm->key == "no_checkpoint")
      message = alarm->message;
  EXPECT_NE(message.find("had come to step 300"), std::string::npos) << message;
  EXPECT_NE(slurp(run / "log.txt").find(message), std::string::npos);
}

/// Lets files grow no further than this while it lives; writing beyond fails as on a full disk.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit tight = before_;
    tight.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(Session, AFullDiskFailsClearlyAndTheRunGoesOnLater) {
  auto config = fake_config(folder_.path());
  ASSERT_TRUE(set_param(config, "log_interval", "1", Origin::run).ok());
  const auto whole = TrainingSession::create(config, options({}, "whole"));
  ASSERT_TRUE(whole.ok());
  ASSERT_EQ(run_to_end(**whole), RunState::finished);
  const std::string expected = timeless((*whole)->folder() / "metrics.jsonl");

  struct Case {
    const char* name;
    size_t ballast;  // of the checkpoints
    rlim_t bytes;
    const char* at_fault;
  };
  // Once the metrics do not fit (into what the checkpoints do), once the checkpoints do not.
  for (const Case& c :
       {Case{"metrics", 0, 40000, "metrics.jsonl"}, Case{"checkpoint", 100000, 500000, "checkpoints"}}) {
    SCOPED_TRACE(c.name);
    auto session = TrainingSession::create(config, options({.ballast = c.ballast}, c.name));
    ASSERT_TRUE(session.ok());
    const fs::path run = (*session)->folder();
    {
      const SmallDisk small(c.bytes);
      ASSERT_EQ(run_to_end(**session), RunState::failed);
    }
    std::string message;
    for (const auto& event : (*session)->take_events())
      if (const auto* failed = std::get_if<Failed>(&event)) message = failed->error.message;
    EXPECT_NE(message.find(c.at_fault), std::string::npos) << message;
    for (const char* name : {"metrics.jsonl", "eval.jsonl", "weights.jsonl"}) {
      const std::string text = slurp(run / name);
      EXPECT_TRUE(text.empty() || text.back() == '\n') << name << " ends in a part of a line";
    }
    session->reset();
    auto resumed = TrainingSession::resume(run, options({.ballast = c.ballast}));
    ASSERT_TRUE(resumed.ok()) << resumed.error().message;
    EXPECT_EQ(run_to_end(**resumed), RunState::finished);
    EXPECT_EQ(timeless(run / "metrics.jsonl"), expected);
  }
}

TEST_F(Session, RefusesBadRequestsBeforeAnythingIsWritten) {
  auto config = fake_config(folder_.path());
  config.dataset = folder_.path() / "missing.hdf5";
  EXPECT_EQ(TrainingSession::create(config, options()).error().code, ErrorCode::bad_data);
  config = fake_config(folder_.path());
  config.physics = "v9";
  EXPECT_EQ(TrainingSession::create(config, options()).error().code, ErrorCode::usage);
  for (auto field : {&RunConfig::device, &RunConfig::precision}) {
    config = fake_config(folder_.path());
    config.*field = "int8";
    EXPECT_EQ(TrainingSession::create(config, options()).error().code, ErrorCode::usage);
  }
  config = fake_config(folder_.path());
  config.precision = "float64";  // which checkpoints do not hold
  EXPECT_EQ(TrainingSession::create(config, options()).error().code, ErrorCode::usage);
  for (const char* elsewhere : {"../other", "a/b", "..", "/other"})
    EXPECT_EQ(TrainingSession::create(fake_config(folder_.path()), options({}, elsewhere)).error().code,
              ErrorCode::usage);
  EXPECT_FALSE(fs::exists(folder_.path() / "runs"));
  EXPECT_EQ(TrainingSession::resume(folder_.path(), options()).error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace vaco
