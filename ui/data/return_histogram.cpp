// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/return_histogram.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/plots/plot_theme.h"

namespace vaco::ui {

ReturnHistogram::ReturnHistogram(QWidget* parent) : QWidget(parent) {
  setObjectName("returnHistogram");
  setAccessibleName(tr("Histogram of episode returns"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ReturnHistogram::setView(std::shared_ptr<const DatasetView> view) {
  view_ = std::move(view);
  if (view_)
    setAccessibleDescription(tr("%1 episodes, mean return %2")
                                 .arg(view_->summary.episodes)
                                 .arg(view_->summary.mean_return, 0, 'f', 1));
  update();
}

QRectF ReturnHistogram::plotArea() const {
  const int text = fontMetrics().height();
  return QRectF(rect()).adjusted(1, text + 4, -1, -text - 4);
}

void ReturnHistogram::paintEvent(QPaintEvent*) {
  if (!view_ || view_->returns.empty()) return;
  QPainter painter(this);
  const auto area = plotArea();
  const auto& edges = view_->returns.front().edges;
  const size_t bins = edges.size() - 1;
  int64_t top = 1;
  for (size_t bin = 0; bin < bins; ++bin) {
    int64_t total = 0;
    for (const auto& one : view_->returns) total += one.counts[bin];
    top = std::max(top, total);
  }
  const double width = area.width() / static_cast<double>(bins);
  const auto theme = themeFor(palette());
  SlotBook book;
  QList<QColor> colors;
  for (const auto& name : view_->sources) colors << theme.color(book.slot(name));
  for (size_t bin = 0; bin < bins; ++bin) {
    double y = area.bottom();
    for (size_t source = 0; source < view_->returns.size(); ++source) {
      const auto count = view_->returns[source].counts[bin];
      if (count == 0) continue;
      const double height =
          std::max(1.0, area.height() * static_cast<double>(count) / static_cast<double>(top));
      painter.fillRect(QRectF(area.left() + static_cast<double>(bin) * width, y - height, width - 1, height),
                       colors[static_cast<qsizetype>(source)]);
      y -= height;
    }
  }
  painter.setPen(palette().color(QPalette::Mid));
  painter.drawLine(area.bottomLeft(), area.bottomRight());
  painter.setPen(palette().color(QPalette::PlaceholderText));
  const QRectF below(area.left(), area.bottom() + 2, area.width(), fontMetrics().height() + 2);
  painter.drawText(below, Qt::AlignLeft, QString::number(edges.front(), 'f', 0));
  painter.drawText(below, Qt::AlignRight, QString::number(edges.back(), 'f', 0));
  painter.drawText(below, Qt::AlignHCenter, tr("episode return"));
  // Legend, left to right above the bars.
  double x = area.left();
  if (view_->sources.size() > 1 || view_->sources.front() != "all") {
    for (size_t source = 0; source < view_->sources.size(); ++source) {
      const auto name = QString::fromStdString(view_->sources[source]);
      painter.fillRect(QRectF(x, 5, 8, 8), colors[static_cast<qsizetype>(source)]);
      painter.setPen(palette().color(QPalette::WindowText));
      painter.drawText(QPointF(x + 12, fontMetrics().ascent() + 1), name);
      x += fontMetrics().horizontalAdvance(name) + 26;
    }
  }
}

QString ReturnHistogram::binText(size_t bin) const {
  const auto& edges = view_->returns.front().edges;
  QStringList parts;
  for (size_t source = 0; source < view_->sources.size(); ++source)
    parts << tr("%1 %2")
                 .arg(view_->returns[source].counts[bin])
                 .arg(QString::fromStdString(view_->sources[source]));
  return tr("Return %1 to %2: %3")
      .arg(edges[bin], 0, 'f', 0)
      .arg(edges[bin + 1], 0, 'f', 0)
      .arg(parts.join(", "));
}

bool ReturnHistogram::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && view_ && !view_->returns.empty()) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto area = plotArea();
    const auto bins = static_cast<double>(view_->returns.front().counts.size());
    const double at = (help->pos().x() - area.left()) / area.width() * bins;
    if (at >= 0 && at < bins) QToolTip::showText(help->globalPos(), binText(static_cast<size_t>(at)), this);
    return true;
  }
  return QWidget::event(event);
}

}  // namespace vaco::ui
