// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include <QObject>
#include <QTimer>

#include "core/records/events.h"
#include "core/records/run_config.h"
#include "core/study/plan_labels.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

/// What is compared of a run folder.
struct ComparedRun {
  std::filesystem::path folder;
  RunConfig config;  ///< with the environment that was found in the data
  Json manifest;
  std::vector<EvaluationDone> evaluations;
  std::vector<Metrics> times;  ///< its metrics, of which only the time is kept, and not more than a thousand
  PlanLabel plan;              ///< what the study that it belongs to calls it
};
using ComparedRuns = std::vector<std::shared_ptr<const ComparedRun>>;

/// Reads any number of run folders and keeps up with those that are still written, by whatever process. Only
/// what has changed is read again, in a thread of its own.
class RunSet : public QObject {
  Q_OBJECT
 public:
  explicit RunSet(QObject* parent = nullptr);
  /// The runs in this order; what cannot be read is left out, and told by problems().
  void setFolders(std::vector<std::filesystem::path> folders);
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return folders_; }
  [[nodiscard]] const ComparedRuns& runs() const { return runs_; }
  /// Why runs are left out, one message for each.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 signals:
  void changed();
  /// Reading threw: what, where and how to mend it.
  void failed(const QString& message);

 private:
  /// What tells whether a run has changed.
  struct Stamp {
    uintmax_t evaluations = 0;  ///< bytes
    std::filesystem::file_time_type manifest;
    bool operator==(const Stamp&) const = default;
  };
  struct Known {
    Stamp stamp;
    std::shared_ptr<const ComparedRun> run;
    std::string problem;
  };
  using Cache = std::map<std::filesystem::path, Known>;
  static Stamp stampOf(const std::filesystem::path& folder);
  void read();

  std::vector<std::filesystem::path> folders_;
  ComparedRuns runs_;
  std::vector<std::string> problems_;
  Cache cache_;
  QTimer timer_;
  BackgroundJob job_;  // last: its thread ends before the members above go
};

/// Put together but for the seed, and named by their plans where they have one. A group whose runs share a seed
/// says so in its name: such runs are no independent samples.
RunGroups groupsOf(std::span<const RunConfig> configs, std::span<const PlanLabel> labels);
RunGroups groupsOf(const ComparedRuns& runs);

/// Reads config, manifest, evaluations and times.
Result<std::shared_ptr<const ComparedRun>> readComparedRun(const std::filesystem::path& folder);

}  // namespace vaco::ui
