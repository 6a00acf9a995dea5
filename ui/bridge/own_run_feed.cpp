// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/own_run_feed.h"

#include <memory>
#include <utility>

#include "core/records/run_reader.h"

namespace vaco::ui {

OwnRunFeed::OwnRunFeed(QObject* parent) : QObject(parent) {
  connect(&reading_, &BackgroundJob::failed, this, [this](const QString& message) {
    emit failed(message);
    for (const auto& one : std::exchange(meanwhile_, {})) take(one);
  });
}

void OwnRunFeed::retell(const std::filesystem::path& folder) {
  forget();
  reading_.start([this, folder](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto records = std::make_shared<std::vector<Event>>(RunFollower(folder).poll());
    return [this, records] {
      for (const auto& one : *records) {
        // How the run stands is the session's to say.
        if (std::holds_alternative<StateChanged>(one)) continue;
        int64_t step = 0;
        if (auto* last = last_.of(one, step)) *last = step;
        emit event(one);
      }
      for (const auto& one : std::exchange(meanwhile_, {})) take(one);
      emit drained();
    };
  });
}

void OwnRunFeed::forget() {
  reading_.cancel();
  meanwhile_.clear();
  last_ = {};
}

void OwnRunFeed::take(const Event& one) {
  if (reading_.running())
    meanwhile_.push_back(one);
  else if (!told(one))
    emit event(one);
}

bool OwnRunFeed::told(const Event& one) {
  int64_t step = 0;
  const auto* last = last_.of(one, step);
  return last && step <= *last;
}

int64_t* OwnRunFeed::Steps::of(const Event& event, int64_t& step) {
  if (const auto* one = std::get_if<Metrics>(&event)) return step = one->step, &metrics;
  if (const auto* one = std::get_if<EvaluationDone>(&event)) return step = one->result.step, &evaluation;
  if (const auto* one = std::get_if<WeightReport>(&event)) return step = one->step, &weights;
  return nullptr;
}

}  // namespace vaco::ui
