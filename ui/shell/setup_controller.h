// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include <QObject>
#include <QString>

#include "core/records/run_config.h"

namespace vaco {
class EpisodeList;
struct ReadOptions;
struct SessionParts;
}  // namespace vaco

namespace vaco::ui {

class ConfigModel;
class DatasetLoader;
class DatasetPanel;
class ExperimentPanel;
class MessageBar;
struct DatasetView;

/// The experiment that is set up: its data, its settings, and whether it can be started. The dataset that is
/// loaded and the one that the settings name are kept the same.
class SetupController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    ConfigModel& model;
    DatasetLoader& loader;
    DatasetPanel& dataset;
    ExperimentPanel& experiment;
    MessageBar& messages;
  };
  explicit SetupController(const Parts& parts, QObject* parent = nullptr);

  void load(const std::filesystem::path& dataset);
  /// The dataset that the restored settings name, if it is still there.
  void loadRemembered();
  /// start: with the demo's settings, and readyToStart() follows.
  void loadDemo(bool start = false);
  /// Takes over the settings of a run, as one step that can be undone.
  void adopt(const RunConfig& config);
  /// Of the file, without its ending; empty = none is chosen.
  [[nodiscard]] QString datasetName() const;
  /// What keeps a run from being started, in words; empty when nothing does.
  [[nodiscard]] QString missingToStart() const;
  /// What would be started.
  [[nodiscard]] RunConfig configToRun() const;
  /// What a session works with: the rows that are loaded are not read again.
  [[nodiscard]] std::shared_ptr<const SessionParts> sessionParts() const;
  /// As set up, else as the data says.
  [[nodiscard]] QString environment() const;
  [[nodiscard]] QString physics() const;

 signals:
  void changed();       ///< settings or data
  void readyToStart();  ///< what was asked to be started has been loaded

 private:
  void takeDataset(const DatasetView& view);
  /// Shows no dataset, as the settings name none.
  void close();
  void takeEnvironment(const QString& environment, const QString& physics);
  void takeFailure(const QString& message);
  void takeChange();
  /// What is wrong with the episodes that are left out, as far as the dataset tells; empty where nothing is.
  [[nodiscard]] QString missingEpisodes() const;
  /// How the window reads the dataset of the settings.
  [[nodiscard]] ReadOptions reading() const;
  void adoptDemoConfig(const std::filesystem::path& dataset);

  Parts parts_;
  QString environment_of_data_, physics_of_data_;
  bool start_when_loaded_ = false, demo_loading_ = false;
  bool taken_away_ = false;  ///< by undo, so that redo loads it
  bool following_ = false;   ///< what is being loaded was asked for by undo or redo
};

}  // namespace vaco::ui
