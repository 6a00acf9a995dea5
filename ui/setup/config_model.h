// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <QObject>
#include <QString>
#include <QUndoStack>

#include "core/base/param_spec.h"
#include "core/data/episode_list.h"
#include "core/records/run_config.h"

namespace vaco::ui {

/// The experiment that is being set up: a RunConfig, its schema, and the history of edits. Every edit goes
/// through the undo stack, merged per field, so that typing or dragging one control is one step back.
class ConfigModel : public QObject {
  Q_OBJECT
 public:
  explicit ConfigModel(QObject* parent = nullptr);

  [[nodiscard]] const RunConfig& config() const { return config_; }
  [[nodiscard]] const std::vector<ParamSpec>& schema() const { return schema_; }
  [[nodiscard]] QUndoStack* undoStack() { return &undo_; }

  [[nodiscard]] bool has(const std::string& key) const { return config_.params.contains(key); }
  [[nodiscard]] const ParamValue& value(const std::string& key) const { return config_.params.at(key).value; }
  /// What preset and defaults say.
  [[nodiscard]] const ParamValue& baseValue(const std::string& key) const { return base_.params.at(key).value; }
  /// Whether the user set it to something else than preset and defaults say.
  [[nodiscard]] bool edited(const std::string& key) const;
  [[nodiscard]] int editedCount() const;

  /// Sets a parameter from text; empty when done, else what is wrong with the text (and no value changes).
  QString setParam(const std::string& key, const QString& text);
  /// The parameters, and kExcludeKey, whose last text was refused. Their editors still show it, so what would
  /// run is not what is on screen.
  [[nodiscard]] const std::set<std::string>& refused() const { return refused_; }
  static constexpr auto kExcludeKey = "exclude";
  void revertParam(const std::string& key);
  void revertAll();

  /// Edits of the user are kept over a change of algorithm or preset where the new schema takes them.
  void setAlgorithm(const std::string& algorithm);
  void setPreset(const std::string& preset);
  void setSeed(quint64 seed);
  void setEnvironment(const std::string& environment);
  void setPhysics(const std::string& physics);
  /// Another dataset is read whole, and its columns are guessed.
  void setDataset(const std::filesystem::path& dataset);
  /// Which of its episodes are left out; empty when done, else what is wrong with the text (and nothing
  /// changes).
  QString setExclude(const QString& list);
  /// Leaves these out too, in a step of the history of its own. Returns how many were not left out before.
  int64_t leaveOut(const EpisodeList& episodes);
  /// What stands where in a table; empty: as guessed.
  void setColumns(const std::string& columns);

  /// Takes over the settings of a run, but for what the machine is asked for (threads); one step of the
  /// history.
  void adopt(const RunConfig& config);

  /// Replaces everything (a stored session, a demo) and forgets the history.
  void reset(const RunConfig& config);

  // For the undo commands only.
  void applyConfig(const RunConfig& config);
  void applyParam(const std::string& key, const ConfiguredValue& value);

 signals:
  void schemaChanged();                       ///< the parameters are others, and all their values
  void paramChanged(const std::string& key);  ///< one value
  void changed();                             ///< anything, after the others

 private:
  void pushConfig(const RunConfig& next, const QString& text, int merge_id);
  [[nodiscard]] RunConfig rebuilt(const std::string& algorithm, const std::string& preset) const;

  RunConfig config_, base_;
  std::vector<ParamSpec> schema_;
  std::set<std::string> refused_;
  QUndoStack undo_;
};

}  // namespace vaco::ui
