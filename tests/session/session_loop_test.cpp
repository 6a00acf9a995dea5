// SPDX-License-Identifier: GPL-3.0-or-later
// Between two updates of which nothing is due, the loop must not touch the heap.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <new>
#include <optional>

#include "core/learn/algorithm.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace {
thread_local int64_t allocations = 0;
}

// Counts what its thread allocates; all other forms of new come here. Not inlined: GCC takes the pair for
// mismatched.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace vaco {
namespace {
using namespace vaco::testing;

/// An algorithm whose updates are told apart from what the loop does between them.
class Watched final : public Algorithm {
 public:
  Watched(std::unique_ptr<Algorithm> inner, std::vector<int64_t>& between)
      : inner_(std::move(inner)), between_(between) {}

  void update() override {
    if (left_) between_.push_back(allocations - *left_);
    inner_->update();
    left_ = allocations;
  }
  std::vector<PhaseInfo> phases() const override { return inner_->phases(); }
  int64_t step() const override { return inner_->step(); }
  std::vector<MetricValue> take_metrics() override { return inner_->take_metrics(); }
  std::optional<std::vector<float>> row_weights() override { return inner_->row_weights(); }
  bool has_policy() const override { return inner_->has_policy(); }
  PolicySnapshot policy() const override { return inner_->policy(); }
  StateDict save() const override { return inner_->save(); }
  Result<void> load(const StateDict& state) override { return inner_->load(state); }

 private:
  std::unique_ptr<Algorithm> inner_;
  std::vector<int64_t>& between_;
  std::optional<int64_t> left_;  ///< the thread's count when the last update ended
};

struct Case {
  const char* name;
  const char* algorithm;
  bool fake;
  std::vector<std::pair<const char*, const char*>> settings;
};

class SessionLoop : public ::testing::TestWithParam<Case> {};

TEST_P(SessionLoop, AllocatesNothingBetweenUpdates) {
  const TemporaryFolder folder;
  auto chosen = make_config(GetParam().algorithm, "");
  ASSERT_TRUE(chosen);
  chosen->dataset = fake_config(folder.path()).dataset;
  chosen->threads = 1;
  for (const char* key : {"log_interval", "eval_interval", "diagnostics_interval", "checkpoint_interval"})
    ASSERT_TRUE(set_param(*chosen, key, "10000", Origin::run));
  for (const auto& [key, text] : GetParam().settings) ASSERT_TRUE(set_param(*chosen, key, text, Origin::run));

  std::vector<int64_t> between;
  between.reserve(10000);
  auto parts = std::make_shared<SessionParts>(*fake_parts());
  const auto make = GetParam().fake ? parts->make : make_algorithm;
  parts->make = [&](const std::string& key, const ParamSet& params, const TrainingData& data, uint64_t seed,
                    const ComputeOptions& options) -> Result<std::unique_ptr<Algorithm>> {
    auto made = make(key, params, data, seed, options);
    if (!made) return made.error();
    return std::unique_ptr<Algorithm>(std::make_unique<Watched>(std::move(*made), between));
  };
  SessionOptions options;
  options.out = folder.path() / "runs";
  options.parts = parts;
  const auto session = std::move(*TrainingSession::create(*chosen, options));
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(run_to_end(*session), RunState::finished);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  ASSERT_GE(between.size(), 199u);
  const auto busy = std::count_if(between.begin(), between.end(), [](int64_t count) { return count != 0; });
  // Progress is told ten times a second and the policy shown every two; a phase ends at most three times before
  // the end.
  EXPECT_LE(static_cast<double>(busy), 3.0 + 1.0 + seconds / 0.1 + seconds / 2.0) << "in " << seconds << " s";
}

INSTANTIATE_TEST_SUITE_P(
    Algorithms, SessionLoop,
    ::testing::Values(
        Case{"fake", "bc", true, {{"bc_steps", "300"}}},
        Case{"bc", "bc", false, {{"bc_steps", "200"}, {"hidden_width", "8"}, {"batch_size", "16"}}},
        Case{"td3_bc", "td3_bc", false, {{"td3_steps", "200"}, {"hidden_width", "8"}, {"batch_size", "16"}}},
        Case{"vaco",
             "vaco",
             false,
             {{"value_steps", "50"},
              {"warmup_steps", "50"},
              {"bilevel_steps", "50"},
              {"cloning_steps", "50"},
              {"hidden_width", "8"},
              {"batch_size", "16"}}}),
    [](const auto& case_info) { return case_info.param.name; });

}  // namespace
}  // namespace vaco
