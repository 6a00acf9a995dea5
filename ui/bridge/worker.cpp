// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/worker.h"

#include <cstdio>

#include "core/base/guard.h"

namespace vaco::ui {

Worker::Worker() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

Worker::~Worker() = default;

void Worker::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Worker::run(const std::stop_token& stop) {
  while (true) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, stop, [this] { return !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    if (const auto done = guarded("the window's clean-up", work); !done)
      std::fprintf(stderr, "vaco-workbench: %s\n", done.error().message.c_str());
  }
}

}  // namespace vaco::ui
