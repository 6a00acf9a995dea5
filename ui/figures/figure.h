// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/records/events.h"
#include "ui/figures/figure_spec.h"
#include "ui/figures/figure_table.h"
#include "ui/figures/number_text.h"
#include "ui/figures/plot_theme.h"

class QCustomPlot;

namespace vaco::ui {

/// A run as a figure names it.
struct FigureRun {
  std::string name;
  std::string environment;       ///< for the reference returns; may be empty
  std::filesystem::path folder;  ///< may be empty
  std::string group{};           ///< runs that differ in nothing but the seed share it; empty = on its own
  int slot = -1;                 ///< in the colour cycle, as far as no group before has it; -1 = any
};
/// The groups in the order of their first runs.
struct RunGroup {
  std::string name;
  std::vector<size_t> runs;  ///< indices
  int slot = 0;              ///< in the colour cycle, the same in every figure of these runs
};

/// Where and how to draw.
struct DrawRequest {
  QCustomPlot& plot;
  const FigureSpec& spec;
  const PlotTheme& theme;
  std::optional<AxisLimits> x;  ///< what is in view; unset = everything
  int pixels = 800;             ///< width of the plot: nothing finer needs drawing
};

/// What a drawing wants around it.
struct DrawResult {
  std::string xLabel, yLabel;
  QStringList title;         ///< parts that stand side by side where they fit; empty = no title
  AxisLimits x, y;           ///< that show everything, without margins
  bool fixedY = false;       ///< y ends have a meaning of their own (0, 1): no margin around them
  bool logarithmic = false;  ///< y axis
  bool stepsOnX = true;      ///< ticks as 200k
  std::vector<std::pair<double, QString>> yTicks{};  ///< names instead of numbers on the y axis
};

/// One picture of those that the numbers of a figure are exported as.
struct FigureVariant {
  std::string name;  ///< of its files, without ending
  FigureSpec spec;
  std::string run{};  ///< the only run in it, where there are others
};

/// The numbers of one kind of figure for any number of runs, fed by events; draws itself on any canvas (window
/// or export). GUI thread only.
class Figure {
  Q_DECLARE_TR_FUNCTIONS(Figure)

 public:
  explicit Figure(FigureKind kind) : kind_(kind) {}
  virtual ~Figure() = default;
  Figure(const Figure&) = delete;
  Figure& operator=(const Figure&) = delete;

  [[nodiscard]] FigureKind kind() const { return kind_; }
  /// Returns the run's index, from 0.
  int addRun(FigureRun run);
  [[nodiscard]] const std::vector<FigureRun>& runs() const { return runs_; }
  [[nodiscard]] std::vector<RunGroup> groups() const;
  /// Whether there are normalized scores to choose.
  [[nodiscard]] virtual bool hasReference() const { return false; }
  /// Whether there are means to take.
  [[nodiscard]] bool hasSeeds() const { return groups().size() < runs_.size(); }
  /// Takes what it needs from the event; true when the drawing changes with it. The run must exist.
  virtual bool consume(int run, const Event& event) = 0;
  /// Forgets runs and numbers.
  void clear();

  [[nodiscard]] virtual bool empty() const = 0;
  [[nodiscard]] virtual QString name() const = 0;       ///< "Evaluation return"
  [[nodiscard]] virtual QString emptyText() const = 0;  ///< what will appear here, and when
  /// The pictures worth exporting, each with all else as spec has it; none where there is nothing to compare.
  [[nodiscard]] virtual std::vector<FigureVariant> variants(const FigureSpec& spec) const;
  /// How a list names one of them.
  [[nodiscard]] virtual QString variantTitle(const FigureSpec&) const { return name(); }
  /// Adds plottables and items to a canvas that has none.
  [[nodiscard]] virtual DrawResult draw(const DrawRequest& request) const = 0;
  /// Exactly what draw() shows, at full precision and resolution.
  [[nodiscard]] virtual FigureTable table(const FigureSpec& spec) const = 0;
  /// One or two sentences with the current values, for screen readers and tool tips.
  [[nodiscard]] virtual QString summary(const FigureSpec& spec) const = 0;
  /// What is under the cursor (axis coordinates).
  [[nodiscard]] virtual QString readOut(const FigureSpec& spec, double x, double y) const = 0;

 protected:
  virtual void clearData() = 0;
  /// The label of a run, source or metric: the spec's own, else the name.
  [[nodiscard]] static QString labelOf(const FigureSpec& spec, const std::string& name);
  /// The part of an exported figure's title that names its only run; empty for several.
  [[nodiscard]] QStringList runTitle(const DrawRequest& request) const;
  /// Whether x is inside the spec's limits.
  [[nodiscard]] static bool inView(const FigureSpec& spec, double x);

  mutable SlotBook slots_;

 private:
  FigureKind kind_;
  std::vector<FigureRun> runs_;
};

/// An empty figure of a kind.
std::unique_ptr<Figure> makeFigure(FigureKind kind);

/// Clears the canvas, draws, dresses it with the theme, sets ranges, labels and title, and puts the legend
/// where it hides nothing.
/// view: the axis ranges the user has chosen, if so. The canvas keeps its size.
void renderFigure(QCustomPlot& plot, const Figure& figure, const FigureSpec& spec, const PlotTheme& theme,
                  const std::optional<AxisLimits>& viewX = {}, const std::optional<AxisLimits>& viewY = {});

}  // namespace vaco::ui
