// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPoint>
#include <QPointF>
#include <QString>

class QCPItemTracer;
class QCustomPlot;
class QKeyEvent;

namespace vaco::ui {

/// What the mouse reads and picks in a plot, by keyboard: Shift and the arrows move a cross over the axes (with
/// Ctrl in long steps), Enter picks what is there as a click does, and Escape puts the cross away.
class KeyCursor : public QObject {
  Q_OBJECT
 public:
  /// owner: what takes the keys; the cross goes when it loses the focus, and when the mouse moves over the
  /// plot. layer: one of the plot's that is drawn by itself, above all, and whose items the owner keeps.
  KeyCursor(QCustomPlot& plot, QWidget& owner, const QString& layer);
  /// Whether the key was one of the cross's.
  bool press(const QKeyEvent& event);
  void hide();
  /// What lies under the cross may have changed: moved() is emitted, if it is there.
  void tell();

 signals:
  /// Pixels of the plot, here and below.
  void moved(const QPoint& position);
  /// add: Ctrl was held.
  void picked(const QPoint& position, bool add);
  void hidden();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  [[nodiscard]] QPoint position() const;
  void move(QPointF by);

  QCustomPlot& plot_;
  QString layer_;
  QCPItemTracer* cross_;
  QPointF at_{0.5, 0.5};  ///< shares of the axes' rectangle, from its upper left corner
};

}  // namespace vaco::ui
