// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <vector>

#include <QDockWidget>
#include <QMainWindow>
#include <QPointer>

namespace vaco::ui {

/// Holds the docks, and the named layouts of them. A layout places docks and opens no data. What the user makes
/// of a layout is kept while others are shown.
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
  /// Shows a layout as the user left it, or for the first time as it is designed.
  void applyLayout(const QString& key);
  /// Shows a layout with its docks as they are stored; as applyLayout() where that does not fit.
  void showStored(const QString& key, const QByteArray& docks);
  /// Puts the docks of the current layout back where they belong.
  void resetLayout();
  [[nodiscard]] const QString& currentLayout() const { return current_; }

  /// The places of the docks in every layout that was shown, by its key; the current one as it is now.
  [[nodiscard]] std::map<QString, QByteArray> store() const;
  /// False when what is stored of the layout does not fit; docks that would float off every screen are docked
  /// again.
  bool restore(const std::map<QString, QByteArray>& states, const QString& layout);

 signals:
  void layoutApplied(const QString& key);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  static constexpr int kStateVersion = 3;
  void place(const QString& key);
  void placeColumns(const std::vector<std::vector<QStringList>>& columns, const std::vector<int>& widths);
  bool restoreDocks(const QByteArray& state);
  /// To be called before docks are placed anew.
  void letGoOfEdges();
  void rescueFloating();
  /// Without what would be seen of the way there.
  void placeAtOnce(const std::function<void()>& placing);
  /// Lets the panels of a new layout be painted one after the other, each in an event of its own: all at once
  /// would hold up the mouse.
  void paintInTurn();
  /// Gives the window its size again, as far as what is shown fits.
  void keepWindow(const QSize& size);

  std::map<QString, QDockWidget*> docks_;
  std::vector<QDockWidget*> order_;
  std::vector<QDockWidget*> fronts_;  ///< of their tabs, once the layout is placed
  QPointer<QWidget> veil_;            ///< over all panels, until their turns begin
  QString current_;
  bool prepared_ = false;
  std::map<QString, QByteArray> left_;  ///< layouts as the user left them
};

}  // namespace vaco::ui
