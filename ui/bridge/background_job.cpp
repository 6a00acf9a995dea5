// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/background_job.h"

#include <chrono>

namespace vaco::ui {

namespace {
constexpr auto kProgressPause = std::chrono::milliseconds(40);
}

void BackgroundJob::start(Work work) {
  const int generation = ++generation_;
  running_ = true;
  threads_.start([this, generation, work = std::move(work)](const std::stop_token& stop) {
    auto last = std::chrono::steady_clock::time_point{};
    const ProgressFn progress = [&](double fraction, std::string_view doing) {
      const auto now = std::chrono::steady_clock::now();
      if (now - last < kProgressPause) return;
      last = now;
      const auto text = QString::fromUtf8(doing.data(), static_cast<qsizetype>(doing.size()));
      QMetaObject::invokeMethod(
          this,
          [this, generation, fraction, text] {
            if (generation == generation_ && running_) emit progressed(fraction, text);
          },
          Qt::QueuedConnection);
    };
    auto completion = work(progress, stop);
    QMetaObject::invokeMethod(
        this,
        [this, generation, completion = std::move(completion)] {
          if (generation != generation_ || !running_) return;
          running_ = false;
          if (completion) completion();
        },
        Qt::QueuedConnection);
  });
}

void BackgroundJob::cancel() {
  if (!running_) return;
  running_ = false;
  ++generation_;
  threads_.requestStop();
  emit cancelled();
}

}  // namespace vaco::ui
