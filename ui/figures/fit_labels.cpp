// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/fit_labels.h"

#include <qcustomplot.h>

#include <QFontMetrics>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "ui/figures/drawn_mask.h"

namespace vaco::ui {
namespace {

constexpr int kFewestLetters = 4;
constexpr int kPadding = 6;
constexpr int kBesideLine = 2, kOffLine = 7;  ///< pixels between a line and its name
constexpr double kMostWidened = 0.34;         ///< of the height of the axes, for the name of a line
constexpr QChar kDash(0x2013);
constexpr qsizetype kMostLines = 3;  ///< of the label of an axis

int lineHeight(const QCustomPlot& plot) {
  return QFontMetrics(plot.xAxis->labelFont()).lineSpacing();
}

/// Where the name of a horizontal line can stand.
struct NamePlace {
  double along = 0.0;  ///< of the axis rect's width
  bool above = true;
  int off = kBesideLine;  ///< pixels between the line and the words
  [[nodiscard]] Qt::Alignment alignment() const {
    const Qt::Alignment side = along < 0.25 ? Qt::AlignLeft : along > 0.75 ? Qt::AlignRight : Qt::AlignHCenter;
    return side | (above ? Qt::AlignBottom : Qt::AlignTop);
  }
};

/// Its own end of the line first, then the other end, then the middle; further off, where a curve goes along
/// it.
std::vector<NamePlace> placesOf(const QCPItemText& name) {
  const double own = name.position->key();
  std::vector<NamePlace> places;
  for (const int off : {kBesideLine, kOffLine})
    for (const double along : {own, 1.0 - own, 0.5})
      for (const bool above : {true, false}) places.push_back({along, above, off});
  return places;
}

/// The words in pixels of the axis rect, without the line that they stand on.
QRect wordsAt(const QCPItemText& name, const NamePlace& place, const QSize& inside) {
  const QCPAxis& axis = *name.position->valueAxis();
  const QCPRange range = axis.range();
  const double y = name.position->value();
  const double down = axis.scaleType() == QCPAxis::stLogarithmic
                          ? std::log(range.upper / y) / std::log(range.upper / range.lower)
                          : (range.upper - y) / range.size();
  const QFontMetrics metrics(name.font());
  const QSize size(metrics.horizontalAdvance(name.text()) + kPadding, metrics.height());
  const int line = static_cast<int>(std::lround(down * inside.height()));
  const int left = static_cast<int>(std::lround(place.along * (inside.width() - size.width())));
  return {QPoint(left, place.above ? line - place.off - size.height() : line + place.off), size};
}

void putAt(QCPItemText& name, const NamePlace& place) {
  name.position->setCoords(place.along, name.position->value());
  name.setPositionAlignment(place.alignment());
  QMargins padding = name.padding();
  padding.setTop(place.above ? 1 : place.off - 1);
  padding.setBottom(place.above ? place.off - 1 : 1);
  name.setPadding(padding);
  name.setVisible(true);
}

/// Lets the y axis begin so much lower that the name has room under its line; false where that would take too
/// much of the height.
bool widenBelow(QCustomPlot& plot, const QCPItemText& name, int height) {
  const double share =
      static_cast<double>(QFontMetrics(name.font()).height() + kOffLine + kBesideLine) / height;
  if (share > kMostWidened || plot.yAxis->scaleType() == QCPAxis::stLogarithmic) return false;
  const QCPRange range = plot.yAxis->range();
  const double low = (name.position->value() - share * range.upper) / (1.0 - share);
  plot.yAxis->setRangeLower(std::min(range.lower, low));
  return true;
}

int widest(const QStringList& lines, const QFontMetrics& metrics) {
  int most = 0;
  for (const QString& line : lines) most = std::max(most, metrics.horizontalAdvance(line));
  return most;
}

/// The words on so many lines, the longest of which is as short as it can be.
QStringList brokenInto(const QStringList& words, qsizetype lines, const QFontMetrics& metrics) {
  const auto joined = [&](qsizetype from, qsizetype to) {
    QString line;
    for (const QString& word : words.sliced(from, to - from))
      line += (line.isEmpty() || line.endsWith(kDash) ? QString() : QStringLiteral(" ")) + word;
    return line;
  };
  if (lines == 1) return {joined(0, words.size())};
  QStringList best;
  for (qsizetype at = 1; at + lines - 1 <= words.size(); ++at) {
    const QStringList tried = QStringList{joined(0, at)} + brokenInto(words.sliced(at), lines - 1, metrics);
    if (best.isEmpty() || widest(tried, metrics) < widest(best, metrics)) best = tried;
  }
  return best;
}

}  // namespace

int innerWidth(const QCustomPlot& plot) {
  return std::max(40, plot.viewport().width() - 6 * lineHeight(plot));
}

int innerHeight(const QCustomPlot& plot, int titleLines) {
  // Below: numbers and label of the x axis; above: the title and a margin.
  return std::max(30, plot.viewport().height() - (4 + titleLines) * lineHeight(plot));
}

void fitTextsAbove(QCustomPlot& plot) {
  const QCPRange range = plot.xAxis->range();
  int height = 0;
  for (int i = 0; i < plot.itemCount(); ++i) {
    auto* text = qobject_cast<QCPItemText*>(plot.item(i));
    if (!text || !text->property(kAbove).isValid() || text->text().isEmpty()) continue;
    height = std::max(height, QFontMetrics(text->font()).height() + 2);
    if (text->property(kStretch).isValid()) continue;
    const double place = (text->position->key() - range.lower) / range.size();
    text->setVisible(place >= 0.0 && place <= 1.0);
    const Qt::Alignment side = place > 0.85 ? Qt::AlignRight : place < 0.15 ? Qt::AlignLeft : Qt::AlignHCenter;
    text->setPositionAlignment(side | Qt::AlignBottom);
  }
  QMargins margins = plot.axisRect()->minimumMargins();
  margins.setTop(std::max(margins.top(), height));
  plot.axisRect()->setMinimumMargins(margins);
}

void fitReferenceNames(QCustomPlot& plot, bool mayWiden, bool mayHide) {
  const QSize size(plot.axisRect()->width() > 10 ? plot.axisRect()->width() : innerWidth(plot),
                   plot.axisRect()->height() > 10 ? plot.axisRect()->height() : innerHeight(plot, 1));
  const QRect inside(QPoint(0, 0), size);
  std::vector<QCPItemText*> names;
  for (int i = 0; i < plot.itemCount(); ++i)
    if (auto* text = qobject_cast<QCPItemText*>(plot.item(i)); text && text->property(kOnLine).isValid())
      names.push_back(text);
  if (names.empty()) return;
  for (QCPItemText* name : names) name->setVisible(false);  // so that none is in its own way
  auto mask = std::make_unique<DrawnMask>(plot, size);
  std::vector<QRect> taken;
  for (QCPItemText* name : names) {
    const auto isFree = [&](const NamePlace& place) {
      const QRect words = wordsAt(*name, place, size);
      return inside.contains(words) && mask->isFree(words) &&
             std::none_of(taken.begin(), taken.end(), [&](const QRect& one) { return one.intersects(words); });
    };
    const auto places = placesOf(*name);
    auto place = std::find_if(places.begin(), places.end(), isFree);
    const bool inView = plot.yAxis->range().contains(name->position->value());
    const QCPRange old = plot.yAxis->range();
    if (place == places.end() && inView && mayWiden && widenBelow(plot, *name, size.height())) {
      mask = std::make_unique<DrawnMask>(plot, size);
      place = std::find_if(places.begin(), places.end(), isFree);
      if (place == places.end()) {
        plot.yAxis->setRange(old);
        mask = std::make_unique<DrawnMask>(plot, size);
      }
    }
    if (place == places.end() && mayHide && inView) continue;
    // Where all is full, it stands within the axes at least.
    if (place == places.end())
      place = std::find_if(places.begin(), places.end(),
                           [&](const NamePlace& one) { return inside.contains(wordsAt(*name, one, size)); });
    if (place == places.end()) place = places.begin();
    putAt(*name, *place);
    taken.push_back(wordsAt(*name, *place, size));
  }
}

void fitMarkNames(QCustomPlot& plot) {
  const QCPRange range = plot.xAxis->range();
  const double width = plot.axisRect()->width() > 10 ? plot.axisRect()->width() : innerWidth(plot);
  const int height = plot.axisRect()->height() > 10 ? plot.axisRect()->height() : innerHeight(plot, 1);
  std::vector<QCPItemText*> names;
  for (int i = 0; i < plot.itemCount(); ++i)
    if (auto* text = qobject_cast<QCPItemText*>(plot.item(i)); text && text->property(kBeside).isValid())
      names.push_back(text);
  std::stable_sort(names.begin(), names.end(), [](const QCPItemText* a, const QCPItemText* b) {
    return a->position->key() < b->position->key();
  });
  double taken = 0.0;  // pixels from the left
  for (QCPItemText* name : names) {
    const QFontMetrics metrics(name->font());
    const double line = (name->position->key() - range.lower) / range.size() * width, thick = metrics.height();
    const bool left = line - thick >= taken, right = line >= taken && line + thick <= width;
    name->setVisible(line <= width && (left || right));
    if (!name->visible()) continue;
    name->setText(metrics.elidedText(name->text(), Qt::ElideRight, height - kPadding));
    name->setPositionAlignment(Qt::AlignRight | (left ? Qt::AlignBottom : Qt::AlignTop));
    taken = left ? line : line + thick;
  }
}

void fitStretchNames(QCustomPlot& plot) {
  const QCPRange range = plot.xAxis->range();
  const double pixelsPerUnit = innerWidth(plot) / range.size();
  for (int i = 0; i < plot.itemCount(); ++i) {
    auto* text = qobject_cast<QCPItemText*>(plot.item(i));
    if (!text || !text->property(kStretch).isValid()) continue;
    const QPointF stretch = text->property(kStretch).toPointF();
    const double low = std::max(stretch.x(), range.lower), high = std::min(stretch.y(), range.upper);
    const int room = static_cast<int>(std::lround((high - low) * pixelsPerUnit)) - kPadding;
    const QString whole = text->text();
    const QString fitted =
        room > 0 ? QFontMetrics(text->font()).elidedText(whole, Qt::ElideRight, room) : QString();
    text->setVisible(fitted == whole || fitted.size() > kFewestLetters);
    text->setText(fitted);
    text->position->setCoords(low, 0.0);
  }
}

QString fittedAxisLabel(const QString& label, const QFont& font, int pixels) {
  const QFontMetrics metrics(font);
  if (metrics.horizontalAdvance(label) <= pixels) return label;
  static const QRegularExpression wordEnds(QStringLiteral(" +|(?<=\u2013)"));
  const QStringList words = label.split(wordEnds, Qt::SkipEmptyParts);
  QStringList lines;
  for (qsizetype most = 2; most <= std::min(kMostLines, words.size()); ++most) {
    const QStringList tried = brokenInto(words, most, metrics);
    if (!lines.isEmpty() && widest(tried, metrics) >= widest(lines, metrics)) break;
    lines = tried;
    if (widest(lines, metrics) <= pixels) break;
  }
  if (lines.isEmpty()) lines << label;
  for (QString& line : lines)
    if (metrics.horizontalAdvance(line) > pixels) line = metrics.elidedText(line, Qt::ElideRight, pixels);
  return lines.join('\n');
}

}  // namespace vaco::ui
