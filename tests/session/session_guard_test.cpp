// SPDX-License-Identifier: GPL-3.0-or-later
// What is thrown, and what a machine does not give, ends a run in words and never the process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <functional>
#include <new>
#include <vector>

#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using namespace vaco::testing;
using ::testing::HasSubstr;

std::unique_ptr<TrainingSession> make(const fs::path& folder, const std::string& name,
                                      std::shared_ptr<const SessionParts> parts) {
  SessionOptions options;
  options.out = folder / "runs";
  options.folder_name = name;
  options.parts = std::move(parts);
  auto session = TrainingSession::create(fake_config(folder), options);
  EXPECT_TRUE(session.ok()) << session.error().message;
  return std::move(*session);
}

std::string status_of(const TrainingSession& session) {
  const Json manifest = *read_json(session.folder() / "manifest.json");
  return manifest["status"].get<std::string>() + ": " + manifest["message"].get<std::string>();
}

TEST(SessionGuard, WhatAStepThrowsEndsTheRunAndNotTheProcess) {
  TemporaryFolder folder;
  const std::vector<std::function<void()>> throwers{[] { throw std::bad_alloc(); }, [] { throw 7; }};
  for (size_t i = 0; i < throwers.size(); ++i) {
    auto session = make(folder.path(), std::to_string(i), fake_parts({.on_update = throwers[i]}));
    EXPECT_EQ(run_to_end(*session), RunState::failed);
    EXPECT_THAT(status_of(*session), HasSubstr("failed: step 0: "));
  }
}

TEST(SessionGuard, WhatReadingAndEvaluatingThrowToo) {
  TemporaryFolder folder;
  auto parts = *fake_parts();
  parts.read = [](auto&&...) -> Result<Dataset> { throw std::bad_alloc(); };
  auto session = make(folder.path(), "reading", std::make_shared<const SessionParts>(parts));
  EXPECT_EQ(run_to_end(*session), RunState::failed);
  EXPECT_THAT(status_of(*session), HasSubstr("no more memory"));
  parts = *fake_parts();
  parts.evaluate = [](auto&&...) -> Result<EvaluationResult> { throw 7; };
  session = make(folder.path(), "evaluating", std::make_shared<const SessionParts>(parts));
  EXPECT_EQ(run_to_end(*session), RunState::failed);
  EXPECT_THAT(status_of(*session), HasSubstr("failed: step "));
}

TEST(SessionGuard, AThreadThatCannotBeStartedIsAFailureInWords) {
  TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::all);
  // In a process of its own; the limit holds for a user, but not for root.
  const auto child = [&] {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(0);
    auto session = make(folder.path(), "none", fake_parts());
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(0);
    session->start();
    const bool failed = session->state() == RunState::failed;
    bool told = false;
    for (const auto& event : session->take_events())
      if (const auto* failure = std::get_if<Failed>(&event))
        told = failure->error.message.find("ulimit -u") != std::string::npos;
    ::_exit(failed && told && status_of(*session).starts_with("failed: ") ? 0 : 1);
  };
  EXPECT_EXIT(child(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace vaco
