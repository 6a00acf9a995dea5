// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include <QTimer>

#include "core/base/policy_snapshot.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

/// Reads the newest policy of a run folder that is not ours, whenever it is told that there may be a newer one.
class PolicyReader : public QObject {
  Q_OBJECT
 public:
  explicit PolicyReader(QObject* parent = nullptr);
  /// Soon, and once for many calls. A run without a policy yet is no error: nothing is emitted.
  void read(const std::filesystem::path& run);
  /// Drops what is being read.
  void stop();

 signals:
  void policyRead(const std::shared_ptr<const vaco::PolicySnapshot>& policy);
  /// Reading threw: what, where and how to mend it.
  void failed(const QString& message);

 private:
  void readNow();

  std::filesystem::path run_;
  QTimer soon_;
  BackgroundJob job_;
};

}  // namespace vaco::ui
