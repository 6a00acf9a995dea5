// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/time_line_plot.h"

#include <qcustomplot.h>

#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/figures/canvas.h"
#include "ui/figures/number_text.h"
#include "ui/widgets/focus_frame.h"
#include "ui/widgets/in_turn.h"
#include "ui/widgets/lazy_plot.h"

namespace vaco::ui {
namespace {

constexpr int kTickWidth = 90;   ///< pixels of the x axis for each of its ticks
constexpr int kLineHeights = 3;  ///< lines of text in a track for each of its ticks
constexpr int kLabelGap = 2;     ///< between the labels of two tracks
constexpr int kMargin = 4;
constexpr double kSmaller = 0.85;  ///< the letters of a label that would be cut

const QString kBetween = QStringLiteral(",  ");

/// The value of a curve at x: that of the last point before it, or the first.
double valueAt(const TimeLinePlot::Curve& curve, double x) {
  if (curve.y.isEmpty()) return std::nan("");
  const auto after = std::upper_bound(curve.x.begin(), curve.x.end(), x);
  const auto at = std::max<qsizetype>(0, after - curve.x.begin() - 1);
  return curve.y[at];
}

QString readingOf(const TimeLinePlot::Curve& curve, double x) {
  return curve.name + " " + valueText(valueAt(curve, x));
}

}  // namespace

TimeLinePlot::TimeLinePlot(const QString& xLabel, QWidget* parent)
    : QWidget(parent),
      x_label_(xLabel),
      theme_(themeFor(palette())),
      plot_(new LazyPlot(this)),
      said_(new QLabel(this)) {
  setFocusPolicy(Qt::StrongFocus);
  plot_->setFocusPolicy(Qt::NoFocus);
  margins_ = new QCPMarginGroup(plot_);
  plot_->addLayer(kCursorLayer, plot_->layer("main"), QCustomPlot::limAbove);
  plot_->layer(kCursorLayer)->setMode(QCPLayer::lmBuffered);
  said_->setMargin(3);
  said_->setTextFormat(Qt::RichText);
  said_->setWordWrap(true);
  said_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  said_->setAccessibleName(tr("Values at the cursor"));
  said_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(plot_, 1);
  column->addWidget(said_);
  connect(plot_, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
    setFocus(Qt::MouseFocusReason);
    if (event->button() == Qt::LeftButton) followMouse(event->pos());
  });
  connect(plot_, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) followMouse(event->pos());
  });
  new FocusFrame(this);
  build();
}

void TimeLinePlot::setTracks(std::vector<Track> tracks) {
  tracks_ = std::move(tracks);
  bool first = true;
  low_ = high_ = 0.0;
  for (const auto& track : tracks_)
    for (const auto& curve : track.curves) {
      if (curve.x.isEmpty()) continue;
      low_ = first ? curve.x.front() : std::min(low_, curve.x.front());
      high_ = first ? curve.x.back() : std::max(high_, curve.x.back());
      first = false;
    }
  cursor_ = std::clamp(cursor_, low_, high_);
  build();
}

void TimeLinePlot::buildInTurn() {
  stale_ = true;
  if (!isVisible()) return;
  inTurn(this, [this] {
    if (stale_) build();
  });
}

void TimeLinePlot::build() {
  stale_ = false;
  lines_.clear();
  plot_->clearItems();
  plot_->clearPlottables();
  plot_->plotLayout()->clear();
  plot_->setBackground(theme_.background);
  plot_->setAntialiasedElements(QCP::aePlottables);
  for (size_t i = 0; i < tracks_.size(); ++i) {
    auto* rect = new QCPAxisRect(plot_);
    plot_->plotLayout()->addElement(static_cast<int>(i), 0, rect);
    rect->setMarginGroup(QCP::msLeft | QCP::msRight, margins_);
    dress(*rect, i);
  }
  plot_->plotLayout()->setRowSpacing(0);
  placeCursor(cursor_);
  plot_->replot(QCustomPlot::rpQueuedReplot);
}

void TimeLinePlot::dress(QCPAxisRect& rect, size_t at) {
  const Track& track = tracks_[at];
  const bool last = at + 1 == tracks_.size();
  auto *x = rect.axis(QCPAxis::atBottom), *y = rect.axis(QCPAxis::atLeft);
  for (auto* axis : {x, y}) {
    axis->setLayer("axes");
    axis->grid()->setLayer("grid");
    axis->setBasePen(QPen(theme_.axis, theme_.thinWidth));
    axis->setTickPen(QPen(theme_.axis, theme_.thinWidth));
    axis->setSubTicks(false);
    axis->setTickLabelFont(theme_.font);
    axis->setTickLabelColor(theme_.text);
    axis->grid()->setPen(QPen(theme_.grid, theme_.thinWidth));
    axis->grid()->setZeroLinePen(QPen(theme_.axis, theme_.thinWidth));
    axis->setNumberFormat("gb");
    axis->setNumberPrecision(4);
  }
  x->setTickLabels(last);
  if (last) {
    x->setLabelFont(theme_.font);
    x->setLabelColor(theme_.text);
    x->setLabel(x_label_);
  }
  const int room = height() / std::max(1, static_cast<int>(tracks_.size()));
  const QFontMetrics metrics(theme_.font);
  y->ticker()->setTickCount(std::clamp(room / (kLineHeights * metrics.height()), 1, 4));
  x->ticker()->setTickCount(std::clamp(width() / kTickWidth, 2, 6));
  const QFontMetrics written(setLabel(*y, at));
  // The first label needs as much above its middle as below.
  const int over = at == 0 ? written.horizontalAdvance(y->label()) - pitch() + kMargin : 0;
  rect.setMinimumMargins(QMargins(0, std::max(kMargin, over), 2 * kMargin, kMargin / 2));
  LimitsOf limits;
  for (const auto& curve : track.curves) {
    auto* graph = plot_->addGraph(x, y);
    QPen pen(theme_.color(curve.slot), theme_.lineWidth);
    if (curve.compared) pen.setStyle(Qt::DashLine);
    graph->setPen(pen);
    graph->setName(curve.name);
    graph->setData(curve.x, curve.y, true);
    for (const double value : curve.y) limits.include(value);
  }
  const auto range = limits.get();
  const double margin =
      range.high > range.low ? 0.08 * (range.high - range.low) : std::max(1e-9, 0.05 * std::abs(range.high));
  y->setRange(range.low - margin, range.high + margin);
  x->setRange(low_, std::max(low_ + 1e-9, high_));
  auto* line = new QCPItemStraightLine(plot_);
  line->setLayer(kCursorLayer);
  line->setClipAxisRect(&rect);
  for (auto* point : {line->point1, line->point2}) point->setAxes(x, y);
  line->setPen(QPen(theme_.text, theme_.thinWidth));
  lines_.push_back(line);
}

int TimeLinePlot::pitch() const {
  const int below = kLineHeights * QFontMetrics(theme_.font).height();  // numbers and label of the x axis
  return (plot_->height() - below) / std::max(1, static_cast<int>(tracks_.size()));
}

QFont TimeLinePlot::setLabel(QCPAxis& axis, size_t track) const {
  const auto width = [&](size_t i) { return QFontMetrics(theme_.font).horizontalAdvance(tracks_[i].label); };
  // As far as the labels beside it let it: most are shorter than their track is high.
  int room = 2 * pitch() - kLabelGap;
  if (track > 0) room = std::min(room, 2 * pitch() - width(track - 1) - kLabelGap);
  if (track + 1 < tracks_.size()) room = std::min(room, 2 * pitch() - width(track + 1) - kLabelGap);
  room = std::max(room, pitch() - kLabelGap);
  QFont font = theme_.font;
  if (width(track) > room) font.setPointSizeF(kSmaller * QFontInfo(font).pointSizeF());
  axis.setLabelFont(font);
  axis.setLabelColor(theme_.text);
  axis.setLabel(QFontMetrics(font).elidedText(tracks_[track].label, Qt::ElideRight, room));
  return font;
}

void TimeLinePlot::setCursor(double x) {
  placeCursor(x);
  if (!lines_.empty() && isVisible()) plot_->layer(kCursorLayer)->replot();
}

void TimeLinePlot::placeCursor(double x) {
  cursor_ = std::clamp(x, low_, std::max(low_, high_));
  for (auto* line : lines_) {
    line->point1->setCoords(cursor_, 0.0);
    line->point2->setCoords(cursor_, 1.0);
  }
  say();
}

void TimeLinePlot::moveTo(double x) {
  const double before = cursor_;
  setCursor(x);
  if (cursor_ != before) emit cursorMoved(cursor_);
}

void TimeLinePlot::followMouse(const QPoint& position) {
  if (plot_->axisRectCount() == 0) return;
  moveTo(std::round(plot_->axisRect(0)->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
}

QString TimeLinePlot::placeText() const {
  return tr("%1 %2").arg(x_label_, countText(std::llround(cursor_)));
}

QString TimeLinePlot::readOut() const {
  if (tracks_.empty()) return {};
  QStringList parts{placeText()};
  for (const auto& track : tracks_)
    for (const auto& curve : track.curves)
      if (!curve.y.isEmpty()) parts << readingOf(curve, cursor_);
  return parts.join(kBetween);
}

QString TimeLinePlot::legend() const {
  if (tracks_.empty()) return {};
  // A number stays with its name.
  const auto unbroken = [](const QString& text) { return text.toHtmlEscaped().replace(' ', "&nbsp;"); };
  QStringList parts{unbroken(placeText())};
  for (const auto& track : tracks_)
    for (const auto& curve : track.curves) {
      if (curve.y.isEmpty()) continue;
      const QString sample = track.curves.size() < 2
                                 ? QString()
                                 : QString("<b style='color:%1'>%2</b>&nbsp;")
                                       .arg(theme_.color(curve.slot).name(), curve.compared ? "╌╌" : "—");
      parts << sample + unbroken(readingOf(curve, cursor_));
    }
  return parts.join(kBetween);
}

void TimeLinePlot::say() {
  said_->setText(legend());
  setAccessibleDescription(readOut());
}

void TimeLinePlot::keyPressEvent(QKeyEvent* event) {
  const double tenth = std::max(1.0, std::round((high_ - low_) / 10.0));
  switch (event->key()) {
    case Qt::Key_Left:
      return moveTo(cursor_ - 1.0);
    case Qt::Key_Right:
      return moveTo(cursor_ + 1.0);
    case Qt::Key_PageUp:
      return moveTo(cursor_ - tenth);
    case Qt::Key_PageDown:
      return moveTo(cursor_ + tenth);
    case Qt::Key_Home:
      return moveTo(low_);
    case Qt::Key_End:
      return moveTo(high_);
    default:
      QWidget::keyPressEvent(event);
  }
}

void TimeLinePlot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const int lines = width() < 420 ? 3 : 2;
  said_->setFixedHeight(lines * said_->fontMetrics().lineSpacing() + 2 * said_->margin());
  buildInTurn();  // how many ticks and how much of a label fit
}

void TimeLinePlot::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (stale_) buildInTurn();
}

void TimeLinePlot::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  theme_ = themeFor(palette());
  buildInTurn();
}

}  // namespace vaco::ui
