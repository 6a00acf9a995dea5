// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <string>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace vaco::ui {

class ConfigModel;
class ParamForm;
class SegmentedControl;

/// Everything but the data: algorithm, preset, seed, environment and physics, where weights act, and the
/// parameters.
class ExperimentPanel : public QWidget {
  Q_OBJECT
 public:
  explicit ExperimentPanel(ConfigModel& model, QWidget* parent = nullptr);
  [[nodiscard]] ParamForm& form() { return *form_; }
  /// What the data says, shown where environment and physics are left to it.
  void setDatasetEnvironment(const QString& environment, const QString& physics);

 signals:
  void helpRequested(const QString& topic);

 private:
  QWidget* makeChoices();
  QLineEdit* makeExclude(QWidget* box);
  QWidget* makeWeightLevel();
  void refresh();
  void refreshEnvironments();
  void refreshWeightLevel();
  /// The one that is chosen, or the data's.
  [[nodiscard]] std::string environment() const;
  /// Those of the environment to choose from.
  void showVersions();

  ConfigModel& model_;
  QString dataset_environment_, dataset_physics_;
  QStringList versions_;
  QComboBox *algorithm_, *preset_, *environment_;
  QLineEdit *seed_, *exclude_;
  SegmentedControl *physics_, *weight_level_;
  QLabel *summary_, *exclude_note_, *weight_note_, *edited_;
  QWidget* weight_box_;
  QToolButton* revert_all_;
  ParamForm* form_;
};

}  // namespace vaco::ui
