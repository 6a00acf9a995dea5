// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>
#include <QVector>
#include <QWidget>

#include "ui/figures/plot_theme.h"

class QCPAxis;
class QCPAxisRect;
class QCPItemStraightLine;
class QCPMarginGroup;
class QCustomPlot;
class QLabel;

namespace vaco::ui {

/// Quantities over one axis (the time of a trajectory, the steps of a training), one under the other, with a
/// cursor that all share. Click or drag moves the cursor; arrow keys by one, Page Up and Down by a tenth, Home
/// and End to the ends.
class TimeLinePlot : public QWidget {
  Q_OBJECT
 public:
  struct Curve {
    QString name;           ///< "Q", "Q of 23"
    QVector<double> x, y;   ///< x increasing
    int slot = 0;           ///< in the colour cycle
    bool compared = false;  ///< of what stands beside: dashed
  };
  struct Track {
    QString label;  ///< of the axis
    std::vector<Curve> curves;
  };
  explicit TimeLinePlot(const QString& xLabel, QWidget* parent = nullptr);

  void setTracks(std::vector<Track> tracks);
  [[nodiscard]] const std::vector<Track>& tracks() const { return tracks_; }
  /// To the nearest place that there is; tells nobody.
  void setCursor(double x);
  [[nodiscard]] double cursor() const { return cursor_; }
  /// The values of all curves at the cursor, in words.
  [[nodiscard]] QString readOut() const;
  [[nodiscard]] QCustomPlot& canvas() { return *plot_; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {200, 80}; }

 signals:
  /// The user moved the cursor.
  void cursorMoved(double x);

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void build();
  /// In an event of its own, once it can be seen.
  void buildInTurn();
  void dress(QCPAxisRect& rect, size_t at);
  void moveTo(double x);
  void followMouse(const QPoint& position);
  /// Without drawing it.
  void placeCursor(double x);
  /// Pixels from a track to the next.
  [[nodiscard]] int pitch() const;
  /// Returns the font that it is written in.
  QFont setLabel(QCPAxis& axis, size_t track) const;
  /// Where the cursor is.
  [[nodiscard]] QString placeText() const;
  /// The read-out in HTML, with a sample of each curve that shares its track.
  [[nodiscard]] QString legend() const;
  void say();

  QString x_label_;
  std::vector<Track> tracks_;
  double cursor_ = 0.0, low_ = 0.0, high_ = 0.0;
  bool stale_ = false;
  PlotTheme theme_;
  QCustomPlot* plot_;
  QCPMarginGroup* margins_;
  QLabel* said_;
  std::vector<QCPItemStraightLine*> lines_;
};

}  // namespace vaco::ui
