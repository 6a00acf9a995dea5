// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/plot_theme.h"

#include <qcustomplot.h>

#include <QApplication>
#include <array>
#include <utility>

namespace vaco::ui {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 8> kKnownSources{{{"expert", 0},
                                                                         {"random", 1},
                                                                         {"medium", 2},
                                                                         {"medium-replay", 3},
                                                                         {"replay", 3},
                                                                         {"human", 4},
                                                                         {"cloned", 5},
                                                                         {"all", 0}}};

QList<QColor> colors(std::initializer_list<const char*> names) {
  QList<QColor> out;
  for (const char* name : names) out << QColor(QLatin1String(name));
  return out;
}

}  // namespace

QPen PlotTheme::linePen(int slot, int dashes) const {
  static const std::array<QList<qreal>, 7> kDashes{
      QList<qreal>{}, {6, 2.5}, {2, 2}, {8, 2.5, 1.5, 2.5}, {12, 3.5}, {1, 3}, {7, 2, 1.5, 2, 1.5, 2}};
  QPen pen(color(slot), lineWidth);
  pen.setCapStyle(Qt::FlatCap);
  pen.setJoinStyle(Qt::RoundJoin);
  const auto& dash = kDashes[static_cast<size_t>(dashes + dashes / cycle.size()) % kDashes.size()];
  if (!dash.isEmpty()) pen.setDashPattern(dash);
  return pen;
}

QColor PlotTheme::faint(int slot, double opacity) const {
  QColor out = color(slot);
  out.setAlphaF(static_cast<float>(opacity));
  return out;
}

PlotTheme lightTheme() {
  PlotTheme theme;
  theme.name = "light";
  theme.background = QColor("#ffffff");
  theme.text = QColor("#1f2328");
  theme.faintText = QColor("#656d76");
  theme.axis = QColor("#8c959f");
  theme.grid = QColor("#e4e8ec");
  theme.phaseShade = QColor(9, 105, 218, 13);
  theme.reference = QColor("#656d76");
  theme.alarm = QColor("#c62828");
  theme.cycle =
      colors({"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#404040", "#a89a00"});
  theme.font = QApplication::font();
  theme.lineWidth = 1.8;
  return theme;
}

PlotTheme darkTheme() {
  PlotTheme theme = lightTheme();
  theme.name = "dark";
  theme.background = QColor("#1b1e23");
  theme.text = QColor("#e6e9ed");
  theme.faintText = QColor("#9aa4af");
  theme.axis = QColor("#6b7580");
  theme.grid = QColor("#2d3238");
  theme.phaseShade = QColor(120, 180, 255, 16);
  theme.reference = QColor("#9aa4af");
  theme.alarm = QColor("#ff6b6b");
  theme.cycle =
      colors({"#4fa8e8", "#f5813f", "#2bc59b", "#e39cc8", "#f2b632", "#8fd0f5", "#c9ced4", "#f0e442"});
  return theme;
}

QStringList paperFonts() {
  return {"Nimbus Sans", "Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "sans-serif"};
}

PlotTheme paperTheme(const std::string& palette, double fontPt) {
  PlotTheme theme = lightTheme();
  theme.name = "paper";
  theme.text = QColor(Qt::black);
  theme.faintText = QColor("#404040");
  theme.axis = QColor(Qt::black);
  theme.grid = QColor("#e6e6e6");
  theme.phaseShade = QColor("#f4f4f4");
  theme.reference = QColor("#606060");
  theme.font = QFont();
  theme.font.setFamilies(paperFonts());
  theme.font.setPixelSize(qMax(1, qRound(fontPt / 72.0 * 96.0)));
  theme.lineWidth = 1.6;
  theme.thinWidth = 0.8;
  theme.markerSize = 5.0;
  theme.screen = false;
  if (palette == "tol-bright")
    theme.cycle = colors({"#4477aa", "#ee6677", "#228833", "#aa3377", "#ccbb44", "#66ccee", "#777777"});
  if (palette == "grey") theme.cycle = colors({"#000000", "#8a8a8a", "#4d4d4d", "#b0b0b0"});
  return theme;
}

QStringList fontFamilies(const QString& font) {
  static const QStringList kSerif{"Nimbus Roman", "Liberation Serif", "Times New Roman",
                                  "Times",        "DejaVu Serif",     "serif"};
  if (font == "serif" || font == kSerif.front()) return kSerif;
  auto families = paperFonts();
  if (!font.isEmpty() && font != "sans" && font != families.front()) families.prepend(font);
  return families;
}

PlotTheme withFont(PlotTheme theme, const std::string& font) {
  if (!font.empty()) theme.font.setFamilies(fontFamilies(QString::fromStdString(font)));
  return theme;
}

PlotTheme themeFor(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() < 128 ? darkTheme() : lightTheme();
}

void applyTheme(QCustomPlot& plot, const PlotTheme& theme) {
  plot.setBackground(QBrush(theme.background));
  QFont small = theme.font;
  if (small.pixelSize() > 0)
    small.setPixelSize(qMax(1, qRound(small.pixelSize() * 0.92)));
  else
    small.setPointSizeF(small.pointSizeF() * 0.92);
  for (QCPAxis* axis : {plot.xAxis, plot.yAxis, plot.xAxis2, plot.yAxis2}) {
    const QPen pen(theme.axis, theme.thinWidth);
    axis->setBasePen(pen);
    axis->setTickPen(pen);
    axis->setSubTickPen(pen);
    axis->setTickLabelColor(theme.text);
    axis->setLabelColor(theme.text);
    axis->setTickLabelFont(small);
    axis->setLabelFont(theme.font);
    axis->setLabelPadding(3);
    axis->setTickLength(0, 4);
    axis->setSubTickLength(0, 2);
    axis->grid()->setPen(QPen(theme.grid, theme.thinWidth));
    axis->grid()->setZeroLinePen(QPen(theme.grid.darker(theme.name == "dark" ? 70 : 115), theme.thinWidth));
    axis->grid()->setSubGridVisible(false);
  }
  // The end labels of the x axis stick out by half their width.
  const int overhang = QFontMetrics(small).horizontalAdvance("1.25M") / 2 + 4;
  plot.axisRect()->setMinimumMargins(QMargins(overhang, overhang / 2, overhang, 4));
  plot.legend->setFont(small);
  plot.legend->setTextColor(theme.text);
  QColor veil = theme.background;
  veil.setAlpha(215);
  plot.legend->setBrush(veil);
  plot.legend->setBorderPen(theme.screen ? QPen(theme.grid, theme.thinWidth) : QPen(Qt::NoPen));
  // Wide enough for the longest dash pattern.
  plot.legend->setIconSize(34, QFontMetrics(small).ascent());
  plot.legend->setRowSpacing(0);
  plot.legend->setMargins(QMargins(5, 3, 6, 3));
}

int SlotBook::slot(std::string_view name) {
  if (const auto found = slots_.find(name); found != slots_.end()) return found->second;
  int slot = -1;
  for (const auto& [known, fixed] : kKnownSources)
    if (known == name) slot = fixed;
  for (int candidate = 0; slot < 0; ++candidate) {
    bool taken = false;
    for (const auto& [other, used] : slots_) taken |= used == candidate;
    if (!taken) slot = candidate;
  }
  slots_.emplace(name, slot);
  return slot;
}

int SlotBook::find(std::string_view name) const {
  const auto found = slots_.find(name);
  return found == slots_.end() ? -1 : found->second;
}

}  // namespace vaco::ui
