// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/return_histogram.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/figures/number_text.h"
#include "ui/figures/plot_theme.h"

namespace vaco::ui {

namespace {
/// Height of a bar as a share of the highest: logarithmic from 0 episodes on.
double share(int64_t count, int64_t most) {
  return std::log1p(static_cast<double>(count)) / std::log1p(static_cast<double>(most));
}
}  // namespace

ReturnHistogram::ReturnHistogram(QWidget* parent) : QWidget(parent) {
  setObjectName("returnHistogram");
  setAccessibleName(tr("Histogram of episode returns"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ReturnHistogram::setView(std::shared_ptr<const DatasetView> view) {
  view_ = std::move(view);
  chosen_.clear();
  if (view_)
    setAccessibleDescription(tr("%1, mean return %2")
                                 .arg(countText(view_->summary.episodes, tr("episode"), tr("episodes")),
                                      fixedText(view_->summary.mean_return, 1)));
  update();
}

QRectF ReturnHistogram::plotArea() const {
  const int text = fontMetrics().height();
  // On the left the title of the axis, upright, and the numbers.
  const int left = text + fontMetrics().horizontalAdvance(countText(top())) + 8;
  return QRectF(rect()).adjusted(left, text + 6, -1, -text - 4);
}

int64_t ReturnHistogram::top() const {
  int64_t most = 1;
  if (!view_ || view_->returns.empty()) return most;
  for (size_t bin = 0; bin < view_->returns.front().counts.size(); ++bin) {
    int64_t total = 0;
    for (const auto& one : view_->returns) total += one.counts[bin];
    most = std::max(most, total);
  }
  return most;
}

void ReturnHistogram::paintEvent(QPaintEvent*) {
  if (!view_ || view_->returns.empty()) return;
  QPainter painter(this);
  const auto area = plotArea();
  drawAxes(painter, area);
  drawBars(painter, area);
  drawChosen(painter, area);
  drawNames(painter, area);
}

void ReturnHistogram::drawAxes(QPainter& painter, const QRectF& area) const {
  const auto most = top();
  std::vector<int64_t> ticks{most};
  for (int64_t power = 1; power < most; power *= 10) ticks.push_back(power);
  std::sort(ticks.rbegin(), ticks.rend());
  const QColor faint = palette().color(QPalette::PlaceholderText);
  double lowest = -HUGE_VAL;  // the last number's place, from above
  for (const auto tick : ticks) {
    const double y = area.bottom() - area.height() * share(tick, most);
    if (y - lowest < fontMetrics().height() || area.bottom() - y < fontMetrics().height() / 2.0) continue;
    lowest = y;
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    painter.setPen(faint);
    const int height = fontMetrics().height();
    painter.drawText(QRectF(0, y - height / 2.0, area.left() - 4, height), Qt::AlignRight | Qt::AlignVCenter,
                     countText(tick));
  }
  painter.setPen(faint);
  painter.save();
  painter.translate(0, height());
  painter.rotate(-90);
  painter.drawText(QRectF(0, 0, height(), fontMetrics().height()), Qt::AlignCenter, tr("episodes (log)"));
  painter.restore();
  const auto& edges = view_->returns.front().edges;
  const QRectF below(area.left(), area.bottom() + 2, area.width(), fontMetrics().height() + 2);
  painter.drawText(below, Qt::AlignLeft, fixedText(edges.front(), 0));
  painter.drawText(below, Qt::AlignRight, fixedText(edges.back(), 0));
  painter.drawText(below, Qt::AlignHCenter, tr("episode return"));
}

void ReturnHistogram::drawBars(QPainter& painter, const QRectF& area) const {
  const size_t bins = view_->returns.front().counts.size();
  const double width = area.width() / static_cast<double>(bins);
  const auto most = top();
  const auto colors = sourceColors();
  for (size_t bin = 0; bin < bins; ++bin) {
    int64_t total = 0;
    for (const auto& one : view_->returns) total += one.counts[bin];
    if (total == 0) continue;
    const double whole = area.height() * share(total, most);
    double y = area.bottom();
    for (size_t source = 0; source < view_->returns.size(); ++source) {
      const double height =
          whole * static_cast<double>(view_->returns[source].counts[bin]) / static_cast<double>(total);
      painter.fillRect(QRectF(area.left() + static_cast<double>(bin) * width, y - height, width - 1, height),
                       colors[static_cast<qsizetype>(source)]);
      y -= height;
    }
  }
  painter.setPen(palette().color(QPalette::Mid));
  painter.drawLine(area.bottomLeft(), area.bottomRight());
}

void ReturnHistogram::setChosen(const std::vector<double>& returns) {
  chosen_.clear();
  if (view_ && !view_->returns.empty() && !returns.empty()) {
    const std::vector<float> values(returns.begin(), returns.end());
    chosen_ = histogram(values, view_->returns.front().edges).counts;
  }
  update();
}

void ReturnHistogram::drawChosen(QPainter& painter, const QRectF& area) const {
  const double width = area.width() / static_cast<double>(view_->returns.front().counts.size());
  const auto most = top();
  painter.setPen(QPen(palette().color(QPalette::WindowText), 1.0));
  for (size_t bin = 0; bin < chosen_.size(); ++bin) {
    if (chosen_[bin] == 0) continue;
    const double height = area.height() * share(chosen_[bin], most);
    painter.drawRect(
        QRectF(area.left() + static_cast<double>(bin) * width, area.bottom() - height, width - 1, height));
  }
}

int ReturnHistogram::binAt(double x) const {
  if (!view_ || view_->returns.empty()) return -1;
  const auto area = plotArea();
  const auto bins = static_cast<double>(view_->returns.front().counts.size());
  const double at = (x - area.left()) / area.width() * bins;
  return at >= 0 && at < bins ? static_cast<int>(at) : -1;
}

void ReturnHistogram::mousePressEvent(QMouseEvent* event) {
  const int bin = binAt(event->position().x());
  if (bin < 0 || event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
  const auto& edges = view_->returns.front().edges;
  const auto at = static_cast<size_t>(bin);
  const bool last = at + 2 == edges.size();
  emit returnsChosen(edges[at], last ? HUGE_VAL : std::nextafter(edges[at + 1], edges[at]),
                     event->modifiers() & Qt::ControlModifier);
}

void ReturnHistogram::drawNames(QPainter& painter, const QRectF& area) const {
  if (view_->sources.size() == 1 && view_->sources.front() == "all") return;
  const auto colors = sourceColors();
  double x = area.left();
  for (size_t source = 0; source < view_->sources.size(); ++source) {
    const auto name = QString::fromStdString(view_->sources[source]);
    painter.fillRect(QRectF(x, 5, 8, 8), colors[static_cast<qsizetype>(source)]);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QPointF(x + 12, fontMetrics().ascent() + 1), name);
    x += fontMetrics().horizontalAdvance(name) + 26;
  }
}

QList<QColor> ReturnHistogram::sourceColors() const {
  const auto theme = themeFor(palette());
  SlotBook book;
  QList<QColor> colors;
  for (const auto& name : view_->sources) colors << theme.color(book.slot(name));
  return colors;
}

QString ReturnHistogram::binText(size_t bin) const {
  const auto& edges = view_->returns.front().edges;
  QStringList parts;
  for (size_t source = 0; source < view_->sources.size(); ++source)
    parts << tr("%1 %2")
                 .arg(countText(view_->returns[source].counts[bin]))
                 .arg(QString::fromStdString(view_->sources[source]));
  return tr("Return %1 to %2: %3")
      .arg(fixedText(edges[bin], 0), fixedText(edges[bin + 1], 0), parts.join(", "));
}

bool ReturnHistogram::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && view_ && !view_->returns.empty()) {
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const int bin = binAt(help->pos().x()); bin >= 0)
      QToolTip::showText(help->globalPos(), binText(static_cast<size_t>(bin)), this);
    return true;
  }
  return QWidget::event(event);
}

}  // namespace vaco::ui
