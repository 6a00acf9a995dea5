// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/policy_reader.h"

#include "core/data/policy_file.h"

namespace vaco::ui {

namespace {
constexpr int kSoonMilliseconds = 50;
}

PolicyReader::PolicyReader(QObject* parent) : QObject(parent) {
  connect(&job_, &BackgroundJob::failed, this, &PolicyReader::failed);
  soon_.setSingleShot(true);
  soon_.setInterval(kSoonMilliseconds);
  connect(&soon_, &QTimer::timeout, this, &PolicyReader::readNow);
}

void PolicyReader::read(const std::filesystem::path& run) {
  run_ = run;
  soon_.start();
}

void PolicyReader::stop() {
  soon_.stop();
  job_.cancel();
}

void PolicyReader::readNow() {
  job_.start([this, run = run_](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto policy = read_policy(run / "policy.h5");
    if (!policy) return {};
    auto shared = std::make_shared<const PolicySnapshot>(std::move(*policy));
    return [this, shared] { emit policyRead(shared); };
  });
}

}  // namespace vaco::ui
