// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statistics_controller.h"

#include <memory>

#include "core/data/policy_file.h"
#include "core/session/offline_evaluation.h"
#include "core/study/offline_estimates.h"
#include "core/study/report.h"
#include "core/study/report_tables.h"
#include "ui/plots/report_plots.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/statistics_panel.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {
constexpr int kRefreshMilliseconds = 5000;

struct Made {
  Result<Report> report;
  std::vector<ReportTable> tables;
  ReportProfiles profiles;
};

/// baseline_run: a run whose label is compared with the others; where it is none of them, VACO's is.
Made make(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& baseline_run) {
  // What is shown now counts as far as it is, which the tables say.
  Made made{make_report(folders, {.count_unfinished = true}), {}, {}};
  if (!made.report) return made;
  std::string wanted;
  for (const auto& run : made.report->runs)
    if (!baseline_run.empty() && canonical_path(run.folder) == baseline_run) wanted = run.label;
  const auto baseline = made.report->baseline(wanted);
  if (!baseline) {
    made.report = baseline.error();
    return made;
  }
  made.tables = report_tables(*made.report, *baseline);
  made.profiles = profilesOf(*made.report);
  if (auto estimates = offline_table(*made.report); !estimates.rows.empty())
    made.tables.push_back(std::move(estimates));
  return made;
}
}  // namespace

StatisticsController::StatisticsController(const Parts& parts, QObject* parent)
    : QObject(parent), parts_(parts) {
  timer_.setInterval(kRefreshMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &StatisticsController::look);
  timer_.start();
  connect(&parts_.panel, &StatisticsPanel::wanted, this, &StatisticsController::look);
  connect(&parts_.panel, &StatisticsPanel::estimateRequested, this, &StatisticsController::estimate);
  connect(&parts_.shown, &ShownRun::comparisonChanged, this, [this] {
    parts_.panel.setCanEstimate(!parts_.shown.folder().empty() && !estimate_.running());
    look();
  });
  connect(&parts_.runs, &RunsModel::baselineChanged, this, [this] {
    reported_.clear();
    look();
  });
  const auto complain = [this](const QString& message) {
    parts_.messages.post(MessageKind::error, "statistics", message);
  };
  connect(&report_, &BackgroundJob::failed, this, complain);
  connect(&estimate_, &BackgroundJob::failed, this, complain);
  connect(&estimate_, &BackgroundJob::progressed, this, [this](double fraction, const QString& doing) {
    parts_.messages.post(
        MessageKind::ongoing, "estimate",
        tr("Estimating the policy from its data: %1, %2 %").arg(doing).arg(qRound(100.0 * fraction)),
        {tr("Stop"), [this] {
           estimate_.cancel();
           parts_.messages.dismiss("estimate");
           parts_.panel.setCanEstimate(true);
         }});
  });
  parts_.panel.setCanEstimate(false);
}

void StatisticsController::look() {
  if (!parts_.panel.isVisible()) return;
  const auto folders = parts_.shown.compared();
  if (folders.empty()) {
    report_.cancel();
    return parts_.panel.setEmpty(
        tr("Tick runs in the list of runs: their means, intervals and comparisons appear here"));
  }
  if (report_.running() && folders == reported_) return;
  reported_ = folders;
  report_.start([this, folders, baseline = parts_.runs.baseline()](
                    const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto made = std::make_shared<Made>(make(folders, baseline));
    return [this, made] {
      if (!made->report) return parts_.panel.setEmpty(QString::fromStdString(made->report.error().message));
      auto report = std::make_shared<const Report>(std::move(*made->report));
      parts_.profile.setProfiles(std::move(made->profiles));
      parts_.panel.setReport(report, std::move(made->tables));
    };
  });
}

void StatisticsController::estimate() {
  const auto run = parts_.shown.folder();
  if (run.empty() || estimate_.running()) return;
  parts_.panel.setCanEstimate(false);
  estimate_.start([this, run, config = parts_.shown.config()](
                      const ProgressFn& progress, const std::stop_token& stop) -> BackgroundJob::Completion {
    auto done = std::make_shared<Result<OfflineEvaluation>>(estimate_run(run, config, progress, stop));
    return [this, done, run] {
      parts_.messages.dismiss("estimate");
      parts_.panel.setCanEstimate(true);
      if (!*done)
        return parts_.messages.post(MessageKind::error, "statistics",
                                    QString::fromStdString(done->error().message));
      const bool settled = is_settled((*done)->value, (*done)->drift);
      const QString told =
          tr("%1 has an estimate from its data; it stands with the statistics").arg(toText(run.filename()));
      parts_.messages.post(settled ? MessageKind::note : MessageKind::warning, "statistics",
                           settled ? told : told + ". " + QString::fromStdString((*done)->warnings.back()));
      look();
    };
  });
}

}  // namespace vaco::ui
