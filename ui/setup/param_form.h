// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <QWidget>

class QLabel;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;

namespace vaco::ui {

class ConfigModel;
class ParamRow;
class SegmentedControl;

/// The hyper-parameters of the chosen algorithm, built from its schema: groups, search, basic or all.
class ParamForm : public QWidget {
  Q_OBJECT
 public:
  explicit ParamForm(ConfigModel& model, QWidget* parent = nullptr);
  void focusSearch();
  void setAdvanced(bool advanced);
  [[nodiscard]] bool advanced() const { return advanced_; }

 signals:
  void advancedChanged(bool advanced);

 private:
  struct Group {
    QWidget* heading = nullptr;
    std::vector<ParamRow*> rows;
  };
  using Rows = std::map<std::string, std::unique_ptr<ParamRow>>;
  void rebuild();
  /// Empties the form and hands out the rows that it had, by their keys.
  Rows takeRows();
  void filter();

  ConfigModel& model_;
  QLineEdit* search_;
  SegmentedControl* tier_;
  QScrollArea* scroll_;
  QLabel* nothing_ = nullptr;
  std::vector<Group> groups_;
  bool advanced_ = false;
};

}  // namespace vaco::ui
