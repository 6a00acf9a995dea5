// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <QObject>
#include <QString>

#include "core/data/reader.h"
#include "core/stats/statistics.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

/// What the window keeps of a dataset: the summary and the distribution of returns, not the rows.
struct DatasetView {
  std::filesystem::path path;
  DatasetSummary summary;
  std::vector<std::string> sources;  ///< behavior policies, or one entry "all"
  std::vector<Histogram> returns;    ///< [sources] episodes by undiscounted return, same edges
};

/// Reads a dataset for its summary in a thread of its own, with progress and cancel.
class DatasetLoader : public QObject {
  Q_OBJECT
 public:
  explicit DatasetLoader(QObject* parent = nullptr);

  void load(const std::filesystem::path& path);
  /// Makes the demo dataset first if it is not there yet.
  void loadDemo();
  void cancel();
  [[nodiscard]] bool busy() const { return job_.running(); }
  [[nodiscard]] const std::shared_ptr<const DatasetView>& view() const { return view_; }

 signals:
  void started(const QString& what);
  void progressed(double fraction, const QString& doing);
  void loaded(std::shared_ptr<const vaco::ui::DatasetView> view);
  void failed(const QString& message);
  void cancelled();

 private:
  BackgroundJob::Completion finish(const std::filesystem::path& path, const ProgressFn& progress,
                                   const std::stop_token& stop);

  std::shared_ptr<const DatasetView> view_;
  BackgroundJob job_;
};

}  // namespace vaco::ui
