// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QWidget>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "ui/figures/figure.h"

class QCPItemStraightLine;
class QCustomPlot;
class QHBoxLayout;
class QLabel;
class QStackedLayout;

namespace vaco::ui {

class KeyCursor;
class TableWindow;

/// A figure in a window: fed by events, redrawn by refresh(). Wheel zooms at the cursor, dragging pans, a
/// double click or Home shows everything, Shift and the arrows read it by keyboard (see KeyCursor), the context
/// menu copies, exports and opens the numbers as a table.
class FigurePlot : public QWidget {
  Q_OBJECT

 public:
  explicit FigurePlot(std::unique_ptr<Figure> figure, QWidget* parent = nullptr);
  ~FigurePlot() override;

  /// A run to be overlaid; returns its index, from 0. The environment gives the reference returns.
  /// Runs of the same group differ in nothing but the seed.
  int addRun(const QString& name, const QString& environment = {}, const std::filesystem::path& folder = {},
             const QString& group = {});
  /// Feeds the first run, which is made when there is none. Cheap; nothing is drawn before refresh().
  void consume(const Event& event);
  int addRun(FigureRun run);
  /// Feeds a run of addRun().
  void consume(int run, const Event& event);
  /// Forgets runs and numbers; what was chosen (axis, smoothing, ...) stays.
  void clear();
  /// The same, but what the user has zoomed to stays too: the runs are about to be fed anew.
  void beginFeeding();
  /// Redraws when something changed and the plot can be seen; to be called by a timer, at most 30 times a
  /// second.
  void refresh();
  /// The same in an event of its own, after other plots that wait for theirs.
  void refreshInTurn();

  /// What goes on while there is nothing to draw yet; told below what will appear.
  void setWaiting(const QString& text);
  /// Stands in for the drawing while there is nothing to draw; words tell what it is. This takes it over; null
  /// = none.
  void setStandIn(QWidget* picture, const QString& words);

  /// Fixes the theme; until then it follows the palette.
  void setTheme(const PlotTheme& theme);
  [[nodiscard]] const PlotTheme& theme() const { return theme_; }
  /// What is drawn now, with the ranges in view when the user chose them.
  [[nodiscard]] FigureSpec spec() const;
  /// Chooses all that a spec says but the runs: axes, smoothing, what is in view, labels.
  virtual void choose(FigureSpec spec);
  /// The user gives it another title, other labels or limits.
  void changeLook(const FigureSpec& before, const FigureSpec& after);
  /// The numbers of what is drawn.
  [[nodiscard]] FigureTable table() const;
  [[nodiscard]] const Figure& figure() const { return *figure_; }
  /// For tests and pictures.
  [[nodiscard]] QCustomPlot& canvas() { return *plot_; }

  [[nodiscard]] QSize sizeHint() const override { return {480, 320}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {220, 140}; }

 public slots:
  void resetView();
  void copyPicture();
  void copyData();
  /// Opens the export dialog; does not block.
  void exportFigure();
  /// Opens the dialog for title, labels, font and limits; does not block.
  void editLook();
  /// Opens the numbers in a window that follows them; does not block.
  void showTable();

 signals:
  /// Files were written, or what the clipboard holds now: to be told where the window tells such things.
  void done(const QString& what);
  /// What choose() chose.
  void specChanged();
  /// By the user, to be undone.
  void lookChanged(const vaco::ui::FigureSpec& before, const vaco::ui::FigureSpec& after);

 protected:
  /// The row above the plot, for what can be chosen; hidden while it is empty.
  [[nodiscard]] QHBoxLayout* controls() { return controls_; }
  [[nodiscard]] FigureSpec& ownSpec() { return spec_; }
  [[nodiscard]] Figure& ownFigure() { return *figure_; }
  /// The drawing is out of date.
  void markDirty() { dirty_ = true; }
  /// After a choice of the user: redraws at once.
  void applyChoice();
  /// The numbers changed: bring the controls in line.
  virtual void updateControls() {}
  /// How much of the axes is in view, {x, y}.
  [[nodiscard]] std::pair<double, double> viewSize() const;
  /// A click on the plot, in axis coordinates; add: Ctrl was held.
  virtual void clicked(double x, double y, bool add);
  /// Shift and drag is for choosing from now on: brushed() is told what the frame spans.
  void makeBrushable();
  virtual void brushed(AxisLimits x, AxisLimits y, bool add);

  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void draw();
  void drawNow();
  void connectCanvas();
  void viewMoved();
  void click(const QPoint& position, bool add);
  void showCursor(const QPoint& position);
  void hideCursor();
  void say(const QString& text);
  [[nodiscard]] int readOutLines() const;
  void fitReadOut();
  void showMenu(const QPoint& position);
  void sayNothingDrawn();
  void arrangeEmpty();
  [[nodiscard]] QString emptyWords() const;
  void applyWidgetColors();

  std::unique_ptr<Figure> figure_;
  FigureSpec spec_;
  PlotTheme theme_;
  bool followsPalette_ = true;
  bool dirty_ = true, awaitsTurn_ = false;
  bool drawing_ = false;
  std::optional<AxisLimits> viewX_, viewY_;  ///< what the user zoomed or panned to

  QHBoxLayout* controls_ = nullptr;
  QStackedLayout* stack_ = nullptr;
  QCustomPlot* plot_ = nullptr;
  QWidget* emptyPage_ = nullptr;
  QLabel* emptyLabel_ = nullptr;
  QWidget* standIn_ = nullptr;
  QLabel* readOut_ = nullptr;
  QCPItemStraightLine* crossHair_ = nullptr;
  KeyCursor* keyCursor_ = nullptr;
  QPoint pressedAt_;
  QString waiting_, standInWords_;
  QPointer<TableWindow> table_;
};

}  // namespace vaco::ui
