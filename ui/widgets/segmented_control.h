// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QButtonGroup>
#include <QString>
#include <QWidget>

namespace vaco::ui {

/// A row of joined buttons of which one is chosen: every choice is one click. Arrow keys move the choice.
class SegmentedControl : public QWidget {
  Q_OBJECT
 public:
  struct Segment {
    QString key, label, tooltip;
  };
  explicit SegmentedControl(QWidget* parent = nullptr);

  void setSegments(const std::vector<Segment>& segments);
  /// Does not emit chosen().
  void setCurrent(const QString& key);
  [[nodiscard]] QString current() const;

 signals:
  void chosen(const QString& key);

 private:
  QButtonGroup group_;
  std::vector<QString> keys_;
};

}  // namespace vaco::ui
