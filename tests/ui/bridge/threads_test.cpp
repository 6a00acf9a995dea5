// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "ui/bridge/thread_list.h"
#include "ui/bridge/worker.h"

namespace vaco::ui {
namespace {

/// Tells in which thread it was destroyed, and that this was once.
struct Reaped {
  explicit Reaped(std::vector<std::thread::id>& threads) : told(threads) {}
  ~Reaped() { told.push_back(std::this_thread::get_id()); }
  Reaped(const Reaped&) = delete;
  Reaped& operator=(const Reaped&) = delete;
  std::vector<std::thread::id>& told;
};

TEST(Worker, DoesAllThatIsPostedInOrderBeforeItEnds) {
  std::vector<int> done;  // by the worker alone, read when it has ended
  {
    Worker worker;
    for (int i = 0; i < 1000; ++i) worker.post([&done, i] { done.push_back(i); });
  }
  ASSERT_EQ(done.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(done[static_cast<size_t>(i)], i);
}

TEST(Worker, TakesWorkOfSeveralThreadsAndSurvivesWhatItThrows) {
  int64_t sum = 0;
  {
    Worker worker;
    std::vector<std::jthread> posting;
    for (int t = 0; t < 4; ++t)
      posting.emplace_back([&] {
        for (int i = 0; i < 200; ++i) worker.post([&sum] { ++sum; });
        worker.post([] { throw std::runtime_error("of a test"); });
      });
  }
  EXPECT_EQ(sum, 800);
}

TEST(Worker, DestroysObjectsInItsThread) {
  std::vector<std::thread::id> told;
  {
    Worker worker;
    for (int i = 0; i < 50; ++i) worker.reap(std::make_unique<Reaped>(told));
    worker.reap(std::unique_ptr<Reaped>());
  }
  ASSERT_EQ(told.size(), 50u);
  for (const auto id : told) EXPECT_NE(id, std::this_thread::get_id());
}

TEST(ThreadList, AsksTheOlderToStopAndWaitsForAllAtItsEnd) {
  std::atomic<int> stopped{0};
  std::vector<int> results(50);  // each by its own thread, read when all have ended
  {
    ThreadList threads;
    for (size_t i = 0; i < results.size(); ++i)
      threads.start([&stopped, result = &results[i]](const std::stop_token& stop) {
        while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::microseconds(100));
        ++stopped;
        *result = 1;
      });
    while (stopped < 49) std::this_thread::yield();
    EXPECT_EQ(stopped, 49) << "the newest goes on";
  }
  EXPECT_EQ(stopped, 50);
  for (const int result : results) EXPECT_EQ(result, 1);
}

}  // namespace
}  // namespace vaco::ui
