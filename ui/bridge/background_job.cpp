// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/background_job.h"

#include <chrono>

#include "core/base/guard.h"

namespace vaco::ui {

namespace {
constexpr auto kProgressPause = std::chrono::milliseconds(40);
}

void BackgroundJob::start(Work work) {
  const int generation = ++generation_;
  running_ = true;
  const auto started = guarded("starting a thread", [&] { launch(std::move(work), generation); });
  if (started) return;
  running_ = false;
  emit failed(QString::fromStdString(started.error().message));
}

void BackgroundJob::launch(Work work, int generation) {
  threads_.start([this, generation, work = std::move(work)](const std::stop_token& stop) mutable {
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
    auto completion = run(work, progress, stop);
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

BackgroundJob::Completion BackgroundJob::run(Work& work, const ProgressFn& progress,
                                             const std::stop_token& stop) {
  Completion completion;
  const auto done = guarded("a job of the window", [&] { completion = work(progress, stop); });
  if (done) return completion;
  return [this, message = QString::fromStdString(done.error().message)] { emit failed(message); };
}

void BackgroundJob::cancel() {
  if (!running_) return;
  running_ = false;
  ++generation_;
  threads_.requestStop();
  emit cancelled();
}

}  // namespace vaco::ui
