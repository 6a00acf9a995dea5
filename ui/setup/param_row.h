// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include "core/base/param_spec.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QToolButton;

namespace vaco::ui {

class ConfigModel;
class NumberEdit;

/// One hyper-parameter in the form: name with its symbol, editor, unit, revert button, and a line below for
/// warnings.
class ParamRow : public QWidget {
  Q_OBJECT
 public:
  ParamRow(ConfigModel& model, const ParamSpec& spec, QWidget* parent = nullptr);
  [[nodiscard]] const ParamSpec& spec() const { return spec_; }
  /// Shows the model's value.
  void refresh();
  /// Is reached by the tabulator after a widget; returns what the next one comes after.
  QWidget* tabAfter(QWidget* before);
  /// Whether all words occur in name, symbol, key or help.
  [[nodiscard]] bool matches(const QStringList& words) const;

 private:
  QWidget* makeEditor();
  void commit(const QString& text);
  void setNote(const QString& text, const char* role);
  void showNote();

  ConfigModel& model_;
  ParamSpec spec_;
  QLabel* name_;
  QWidget* editor_;
  NumberEdit* number_ = nullptr;
  QCheckBox* check_ = nullptr;
  QComboBox* combo_ = nullptr;
  QToolButton* revert_;
  QLabel* note_;
  QString note_text_, note_role_;
};

}  // namespace vaco::ui
