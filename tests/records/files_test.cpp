// SPDX-License-Identifier: GPL-3.0-or-later
// Append-only files, the lock, checkpoints, event lines.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <thread>

#include "core/records/append_file.h"
#include "core/records/checkpoint.h"
#include "core/records/event_queue.h"
#include "core/records/run_folder.h"
#include "core/records/run_lock.h"
#include "core/records/weight_report.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using testing::slurp;
using testing::TemporaryFolder;

TEST(AppendFile, RemovesATornLineAndKeepsNoMoreThanAsked) {
  TemporaryFolder folder;
  const auto path = folder.path() / "lines.jsonl";
  std::ofstream(path) << "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n{\"st";
  EXPECT_EQ(bytes_up_to_step(path, 2), 22u);
  AppendFile file;
  ASSERT_TRUE(file.open(path, 1000).ok());
  EXPECT_EQ(file.size(), 33u);
  ASSERT_TRUE(file.open(path, 25).ok());  // amid the third line
  ASSERT_TRUE(file.append("{\"step\":4}").ok());
  EXPECT_EQ(slurp(path), "{\"step\":1}\n{\"step\":2}\n{\"step\":4}\n");
}

TEST(AppendFile, TheLastWholeLineIsFoundFromTheEnd) {
  TemporaryFolder folder;
  const auto path = folder.path() / "lines.jsonl";
  EXPECT_EQ(start_of_last_line(path), 0u);
  const auto start = [&](const std::string& text) {
    std::ofstream(path) << text;
    return start_of_last_line(path);
  };
  EXPECT_EQ(start(""), 0u);
  EXPECT_EQ(start("torn"), 0u);
  EXPECT_EQ(start("one\n"), 0u);
  EXPECT_EQ(start("one\ntorn"), 0u);
  EXPECT_EQ(start("one\ntwo\n"), 4u);
  EXPECT_EQ(start("one\ntwo\ntorn"), 4u);
  // Over the borders of the blocks that it is looked for in.
  for (const size_t length : {65534u, 65535u, 65536u, 65537u, 200000u}) {
    SCOPED_TRACE(length);
    EXPECT_EQ(start("one\n" + std::string(length, 'x') + "\n"), 4u);
    EXPECT_EQ(start(std::string(length, 'x') + "\ntwo\n"), length + 1);
    EXPECT_EQ(start("one\ntwo\n" + std::string(length, 'x')), 4u);
  }
}

TEST(AppendFile, LinesThatAShareShowsLateAreWaitedFor) {
  TemporaryFolder folder;
  const auto path = folder.path() / "late.jsonl";
  constexpr std::chrono::seconds kNone{0};
  EXPECT_EQ(size_once_seen(path, 5, kNone), 0U);
  std::ofstream(path) << "12\n456\n";
  EXPECT_EQ(size_once_seen(path, 7, kNone), 7U);
  EXPECT_EQ(size_once_seen(path, 3, kNone), 7U) << "more than a checkpoint knows is no fault";
  EXPECT_EQ(size_once_seen(path, 5, kNone), 4U) << "no line ends there";
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::ofstream(path, std::ios::app) << "8\n";
  });
  EXPECT_EQ(size_once_seen(path, 9, std::chrono::minutes(1)), 9U);
  EXPECT_EQ(delay_of_share("/proc"), kNone);
  EXPECT_EQ(size_once_seen(path, 10, std::chrono::milliseconds(1)), 9U) << "what is lost stays lost";
}

TEST(AppendFile, ReadersIgnoreTornAndForeignLines) {
  TemporaryFolder folder;
  const auto path = folder.path() / "lines.jsonl";
  std::ofstream(path) << "{\"step\":1}\nnot json\n{\"step\":2}\n{\"step\":";
  std::vector<int> steps;
  const auto use = [&](const Json& line) {
    steps.push_back(line["step"].get<int>());
    return true;
  };
  const LinesRead read = read_json_lines(path, 0, use);
  EXPECT_EQ(steps, (std::vector<int>{1, 2}));
  EXPECT_EQ(read.lines, 3);
  EXPECT_EQ(read.damaged, 1);
  EXPECT_EQ(read.first_damaged, 2);
  EXPECT_TRUE(read.torn);
  std::ofstream(path, std::ios::app) << "3}\n";
  const LinesRead rest = read_json_lines(path, read.end, use);
  EXPECT_EQ(steps, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(rest.lines, 1);
  EXPECT_EQ(rest.damaged, 0);
  EXPECT_FALSE(rest.torn);
  // A line of another kind counts as damaged too.
  EXPECT_EQ(read_json_lines(path, 0, [](const Json& line) { return line["step"] != 1; }).first_damaged, 1);
}

TEST(RunLock, RefusesASecondHolderAndSurvivesAKilledOne) {
  TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto lock = RunLock::take(folder.path());
    const char byte = lock.ok() ? 1 : 0;
    if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 1);
  EXPECT_TRUE(is_being_written(folder.path()));
  const auto refused = RunLock::take(folder.path());
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("process " + std::to_string(child)), std::string::npos)
      << refused.error().message;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(is_being_written(folder.path()));
  EXPECT_TRUE(RunLock::take(folder.path()).ok());
}

Checkpoint example() {
  Checkpoint c;
  c.step = 1234567890123;
  c.algorithm = "vaco";
  c.phase = "bilevel";
  c.phase_start = 17;
  c.evaluation_due = true;
  c.training_seconds = 0.1;
  c.metrics_bytes = 5000000000ull;
  c.state["critic/weights"] = {{2, 3}, std::vector<float>{1, 2, -0.0f, 1e-45f, 3e38f, 0.1f}};
  c.state["critic/deep/er"] = {{}, std::vector<double>{std::numeric_limits<double>::denorm_min()}};
  c.state["sampler/rng"] = {{2}, std::vector<uint64_t>{18446744073709551615ull, 1ull << 63}};
  c.state["counters"] = {{1}, std::vector<int64_t>{std::numeric_limits<int64_t>::min()}};
  c.state["nothing"] = {{0}, std::vector<float>{}};
  return c;
}

TEST(RunFolder, OneThatCannotBeMadeWholeLeavesNothing) {
  TemporaryFolder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const struct rlimit little { 100, 100 };  // bytes that a file may have, as on a full disk
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &little);
    const auto made = RunFolder::create(folder.path(), "run", true, testing::fake_config(folder.path()), {});
    ::_exit(made.ok() ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(fs::exists(folder.path() / "run"));
}

TEST(RunFolder, ADamagedManifestIsRefused) {
  TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  ASSERT_TRUE(RunFolder::create(folder.path(), "run", true, testing::fake_config(folder.path()), {}).ok());
  for (const char* text : {"[1, 2]", "{", "", "3"}) {
    std::ofstream(run / "manifest.json") << text;
    const auto resumed = TrainingSession::resume(run, {});
    ASSERT_FALSE(resumed.ok()) << text;
    EXPECT_EQ(resumed.error().code, ErrorCode::bad_data) << resumed.error().message;
    EXPECT_NE(resumed.error().message.find("manifest.json"), std::string::npos) << resumed.error().message;
  }
  std::ofstream(run / "manifest.json") << R"({"status": 3})";
  EXPECT_TRUE(TrainingSession::resume(run, {}).ok()) << "what is no text is no status";
}

TEST(Checkpoint, RoundTripIsExact) {
  TemporaryFolder folder;
  const auto path = folder.path() / "c.h5";
  const Checkpoint written = example();
  const auto saved = write_checkpoint(path, written);
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  const auto read = read_checkpoint(path);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->state, written.state);
  EXPECT_EQ(read->step, written.step);
  EXPECT_EQ(read->algorithm, written.algorithm);
  EXPECT_EQ(read->phase, written.phase);
  EXPECT_EQ(read->phase_start, written.phase_start);
  EXPECT_EQ(read->evaluation_due, written.evaluation_due);
  EXPECT_EQ(read->training_seconds, written.training_seconds);
  EXPECT_EQ(read->metrics_bytes, written.metrics_bytes);
}

TEST(Checkpoint, EveryDamageIsFoundAndNamed) {
  TemporaryFolder folder;
  const auto path = folder.path() / "c.h5";
  ASSERT_TRUE(write_checkpoint(path, example()).ok());
  const std::string whole = slurp(path);
  const auto attempt = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    const auto read = read_checkpoint(path);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::bad_data);
    EXPECT_NE(read.error().message.find(path.string()), std::string::npos);
  };
  for (size_t length = 0; length < whole.size(); length += 97) attempt(whole.substr(0, length));
  attempt(whole.substr(0, whole.size() - 1));
  for (size_t bit = 0; bit < whole.size() * 8; bit += 211) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    attempt(flipped);
  }
  attempt("this is no HDF5 file at all, but long enough to hold a checksum line\n");
}

TEST(EventQueue, KeepsTheNewestProgressAndLosesNothingButMetrics) {
  EventQueue queue;
  for (int i = 0; i < 5000; ++i) {
    Progress progress;
    progress.step = i;
    queue.publish(progress);
    queue.publish(Metrics{i, "p", {}});
    queue.publish(Alarm{i, "a", ""});
  }
  int64_t metrics = 0, alarms = 0, progress = 0, newest = -1, last_metric = -1;
  for (const auto& event : queue.take()) {
    if (const auto* p = std::get_if<Progress>(&event)) newest = p->step, ++progress;
    if (const auto* m = std::get_if<Metrics>(&event)) {
      EXPECT_GT(m->step, last_metric);
      last_metric = m->step;
      ++metrics;
    }
    alarms += std::holds_alternative<Alarm>(event) ? 1 : 0;
  }
  EXPECT_EQ(progress, 1);
  EXPECT_EQ(newest, 4999);
  EXPECT_EQ(last_metric, 4999);
  EXPECT_LE(metrics, 1001);
  EXPECT_EQ(alarms, 5000);
  EXPECT_TRUE(queue.take().empty());
}

TEST(Events, LinesRoundTripBitForBit) {
  const Metrics metrics{7, "value", {{"loss", 0.1 + 0.2}, {"tiny", 5e-324}, {"broken", std::nan("")}}};
  const auto back = metrics_from_json(Json::parse(to_line(to_json(metrics))));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->values[0].value, 0.1 + 0.2);
  EXPECT_EQ(back->values[1].value, 5e-324);
  EXPECT_TRUE(std::isnan(back->values[2].value));
  EXPECT_FALSE(metrics_from_json(Json::parse(R"({"step": "x"})")).ok());
  EXPECT_FALSE(evaluation_from_json(Json::parse(R"({"step": 1, "phase": 2})")).ok());
  EXPECT_FALSE(weight_report_from_json(Json::parse(R"({"step": 1})")).ok());
}

TEST(WeightReport, AgreesWithNumbersCountedByHand) {
  DiagnosticsTable table;
  table.sources = {"bad", "good"};
  table.row_source = {0, 0, 1, 1, 1, 1};
  table.trajectory_source = {0, 1, 1};
  table.episodes.first = {0, 2, 4};
  table.episodes.length = {2, 2, 2};
  table.episodes.returns = {1.0, 2.0, 3.0};
  const std::vector<float> weights{0.0f, 0.0f, 0.25f, 0.75f, 1.0f, 1.0f};
  const auto report = make_weight_report(weights, table, 9, "bilevel");
  EXPECT_EQ(report.trajectory_weight, (std::vector<double>{0.0, 0.5, 1.0}));
  EXPECT_DOUBLE_EQ(report.pearson.value, 1.0);
  EXPECT_DOUBLE_EQ(report.spearman.value, 1.0);
  EXPECT_DOUBLE_EQ(report.mean_weight, 0.5);
  EXPECT_DOUBLE_EQ(report.share_below_001, 2.0 / 6.0);
  EXPECT_NEAR(report.ess, 9.0 / (6.0 * 2.625), 1e-6);  // (Σw)² / (N Σw²)
  EXPECT_EQ(report.source_mean_weight, (std::vector<double>{0.0, 0.75}));
  ASSERT_EQ(report.histograms.size(), 2u);
  EXPECT_EQ(report.histograms[0].counts.front(), 2);
  EXPECT_EQ(report.histograms[1].counts.back(), 2);
  EXPECT_EQ(report.histograms[0].edges.size(), 51u);

  TemporaryFolder folder;
  ASSERT_TRUE(write_trajectory_weights(folder.path() / "d.h5", report, table.episodes).ok());
  auto back = weight_report_from_json(Json::parse(to_line(to_json(report))));
  ASSERT_TRUE(back.ok()) << back.error().message;
  ASSERT_TRUE(read_trajectory_weights(folder.path() / "d.h5", *back).ok());
  EXPECT_EQ(back->trajectory_weight, report.trajectory_weight);
  EXPECT_EQ(back->trajectory_return, report.trajectory_return);
  EXPECT_EQ(back->trajectory_source, report.trajectory_source);
  EXPECT_EQ(to_json(*back).dump(), to_json(report).dump());  // no interval: NaN is not NaN

  const std::vector<float> wide{0.5f, 0.5f, 3.0f, 3.0f, 12.0f, 12.0f};
  const auto second = make_weight_report(wide, table, 10, "bilevel");
  EXPECT_EQ(second.histograms[1].edges.back(), 10.0);
  EXPECT_EQ(second.histograms[1].counts.back(), 2);
}

}  // namespace
}  // namespace vaco
