// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <QObject>
#include <QString>

#include "core/data/reader.h"
#include "core/stats/statistics.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

/// What the window shows of a dataset: the summary and the distribution of returns.
struct DatasetView {
  std::filesystem::path path;
  DatasetSummary summary;
  std::vector<std::string> sources;  ///< behavior policies, or one entry "all"
  std::vector<Histogram> returns;    ///< [sources] episodes by undiscounted return, same edges
};

/// Reads a dataset in a thread of its own, with progress and cancel, for its summary and for the sessions that
/// train on it.
class DatasetLoader : public QObject {
  Q_OBJECT
 public:
  /// As read_dataset(); any thread.
  using Read = std::function<Result<Dataset>(const std::filesystem::path&, const ReadOptions&,
                                             const ProgressFn&, std::stop_token)>;
  explicit DatasetLoader(QObject* parent = nullptr);

  void load(const std::filesystem::path& path, const ReadOptions& options = {});
  /// Makes the demo dataset first if it is not there yet.
  void loadDemo();
  void cancel();
  /// Forgets what is loaded, and loads nothing more.
  void close();
  /// Of what is being loaded, else of view(); empty while there is neither, or the demo is being made.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// How it is read.
  [[nodiscard]] const ReadOptions& options() const { return options_; }
  /// The rows of view().
  [[nodiscard]] std::shared_ptr<const Dataset> dataset() const;
  /// What reads a file from now on; read_dataset() if nothing else is set.
  void setRead(Read read) { read_ = std::move(read); }
  /// Gives a copy of the rows that are loaded where the same file is asked for in the same way and has not
  /// changed since, and reads it anew otherwise. Outlives the loader.
  [[nodiscard]] Read readOnce() const;
  [[nodiscard]] bool busy() const { return job_.running(); }
  [[nodiscard]] const std::shared_ptr<const DatasetView>& view() const { return view_; }

 signals:
  void started(const QString& what);
  void progressed(double fraction, const QString& doing);
  void loaded(std::shared_ptr<const vaco::ui::DatasetView> view);
  void failed(const QString& message);
  void cancelled();
  void closed();

 private:
  BackgroundJob::Completion finish(const std::filesystem::path& path, const ReadOptions& options,
                                   const ProgressFn& progress, const std::stop_token& stop);
  void fail(const QString& message);

  /// The rows, and what tells whether their file has changed.
  struct Loaded {
    std::filesystem::path path;
    ReadOptions options;
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type written;
    Dataset dataset;
  };
  static void stamp(const std::filesystem::path& path, Loaded& loaded);

  Read read_;
  std::filesystem::path path_;
  ReadOptions options_;
  std::shared_ptr<const Loaded> loaded_;
  std::shared_ptr<const DatasetView> view_;
  BackgroundJob job_;
};

}  // namespace vaco::ui
