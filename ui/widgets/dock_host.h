// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <vector>

#include <QDockWidget>
#include <QMainWindow>

namespace vaco::ui {

/// Holds the docks, and the named layouts of them. A layout places docks and opens no data.
class DockHost : public QMainWindow {
  Q_OBJECT
 public:
  explicit DockHost(QWidget* parent = nullptr);

  /// id is the dock's objectName and must never change: stored layouts name it.
  QDockWidget* add(const QString& id, const QString& title, QWidget* content);
  [[nodiscard]] QDockWidget* dock(const QString& id) const;
  [[nodiscard]] const std::vector<QDockWidget*>& docks() const { return order_; }
  /// Shows a dock and brings it to the front of its tabs.
  void reveal(const QString& id);

  struct Layout {
    QString key, label;
  };
  [[nodiscard]] static const std::vector<Layout>& layouts();
  void applyLayout(const QString& key);
  [[nodiscard]] const QString& currentLayout() const { return current_; }

  [[nodiscard]] QByteArray store() const { return saveState(kStateVersion); }
  /// False when the stored state does not fit; docks that would float off every screen are docked again.
  bool restore(const QByteArray& state, const QString& layout);

 signals:
  void layoutApplied(const QString& key);

 private:
  static constexpr int kStateVersion = 3;
  void placeColumns(const std::vector<std::vector<QStringList>>& columns, const std::vector<int>& widths);
  void rescueFloating();

  std::map<QString, QDockWidget*> docks_;
  std::vector<QDockWidget*> order_;
  QString current_;
};

}  // namespace vaco::ui
