// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QList>
#include <QPalette>
#include <QPen>
#include <QString>
#include <QStringList>
#include <map>
#include <string>
#include <string_view>

class QCustomPlot;

namespace vaco::ui {

/// Colours, fonts and widths of a figure. light and dark are for the screen, paper for what is exported.
struct PlotTheme {
  QString name;  ///< "light", "dark", "paper"
  QColor background, text, faintText, axis, grid, phaseShade, reference, alarm;
  QList<QColor>
      cycle;  ///< safe for the common kinds of colour blindness; darkened or lightened for the background
  QFont font;
  double lineWidth = 1.0;  ///< of the lines that matter, pixels of 1/96 inch
  double thinWidth = 1.0;  ///< of axes, grids and raw curves
  double markerSize = 6.0;
  bool screen = true;  ///< fast drawing paths instead of exact ones

  [[nodiscard]] QColor color(int slot) const { return cycle[slot % cycle.size()]; }
  /// Colour and dash pattern of a slot: the pattern changes with the slot too, so that grey print stays
  /// readable.
  [[nodiscard]] QPen linePen(int slot) const { return linePen(slot, slot); }
  /// With the dash pattern of another slot: curves of one colour that must be told apart.
  [[nodiscard]] QPen linePen(int slot, int dashes) const;
  /// The same colour washed out, for raw curves and bands.
  [[nodiscard]] QColor faint(int slot, double opacity) const;
};

/// Font families of exported figures, the best first and the generic one last.
QStringList paperFonts();
PlotTheme lightTheme();
PlotTheme darkTheme();
/// Black on white at physical sizes. palette: "okabe-ito", "tol-bright" or "grey"; anything else is the first.
PlotTheme paperTheme(const std::string& palette = "okabe-ito", double fontPt = 8.0);
/// A font as FigureSpec names it, or the first of its families, and those that stand in for it on a machine
/// that does not have it.
QStringList fontFamilies(const QString& font);
/// The theme in the font that a figure asks for, see FigureSpec::font.
PlotTheme withFont(PlotTheme theme, const std::string& font);
/// Light or dark, whichever the palette is.
PlotTheme themeFor(const QPalette& palette);

/// Dresses background, axes, ticks, grid, labels and legend. Data keep their own pens.
void applyTheme(QCustomPlot& plot, const PlotTheme& theme);

/// Gives every name a slot in the colour cycle and keeps it, whatever comes and goes around it.
/// The usual behavior policies (random, medium, expert, ...) have fixed slots in every figure.
class SlotBook {
 public:
  int slot(std::string_view name);
  [[nodiscard]] int find(std::string_view name) const;  ///< -1 when it was never asked for

 private:
  std::map<std::string, int, std::less<>> slots_;
};

}  // namespace vaco::ui
