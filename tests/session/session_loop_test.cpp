// SPDX-License-Identifier: GPL-3.0-or-later
// Between two updates of which nothing is due, the loop must not touch the heap.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace {
thread_local int64_t allocations = 0;
}

// Counts what its thread allocates; all other forms of new come here.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace vaco {
namespace {
using namespace vaco::testing;

TEST(SessionLoop, AllocatesNothingBetweenUpdates) {
  const TemporaryFolder folder;
  auto config = fake_config(folder.path());
  for (const char* key : {"log_interval", "eval_interval", "diagnostics_interval", "checkpoint_interval"})
    ASSERT_TRUE(set_param(config, key, "1000", Origin::run));
  std::vector<int64_t> before;  // the thread's count at each update
  before.reserve(1000);
  FakeOptions fake;
  fake.on_update = [&before] { before.push_back(allocations); };
  SessionOptions options;
  options.out = folder.path() / "runs";
  options.parts = fake_parts(fake);
  const auto session = std::move(*TrainingSession::create(config, options));
  ASSERT_EQ(run_to_end(*session), RunState::finished);
  ASSERT_EQ(before.size(), 500u);
  std::vector<int64_t> between;
  for (size_t i = 1; i < before.size(); ++i) between.push_back(before[i] - before[i - 1]);
  // A phase ends once, and progress is told ten times a second.
  EXPECT_GT(std::count(between.begin(), between.end(), 0), 450);
}

}  // namespace
}  // namespace vaco
