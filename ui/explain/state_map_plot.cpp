// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/state_map_plot.h"

#include <qcustomplot.h>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ui/figures/brush.h"
#include "ui/figures/canvas.h"
#include "ui/figures/number_text.h"
#include "ui/widgets/focus_frame.h"
#include "ui/widgets/in_turn.h"
#include "ui/widgets/key_cursor.h"
#include "ui/widgets/lazy_plot.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {
namespace {

constexpr int kShades = 12;
constexpr double kPointSize = 3.0;
constexpr float kUnlit = 0.12F;

/// From dark blue over green to yellow: even steps of lightness, the same for all kinds of colour vision.
QColor shade(int step, bool dark) {
  static constexpr std::array<std::array<int, 3>, 5> kStops{
      {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}};
  // The darkest quarter would drown in a dark background.
  const double begin = dark ? 0.25 : 0.0;
  const double at = (begin + (1.0 - begin) * step / (kShades - 1)) * (kStops.size() - 1);
  const auto low = std::min<size_t>(static_cast<size_t>(at), kStops.size() - 2);
  const double share = at - static_cast<double>(low);
  const auto mix = [&](size_t channel) {
    return static_cast<int>(std::lround((1 - share) * kStops[low][channel] + share * kStops[low + 1][channel]));
  };
  return {mix(0), mix(1), mix(2)};
}

}  // namespace

StateMapPlot::StateMapPlot(QWidget* parent)
    : QWidget(parent),
      theme_(themeFor(palette())),
      pages_(new QStackedWidget(this)),
      color_(new QuietCombo(this)),
      legend_(new QLabel(this)),
      plot_(new LazyPlot(this)) {
  setObjectName("stateMap");
  setAccessibleName(tr("Map of states"));
  setFocusPolicy(Qt::StrongFocus);
  plot_->setFocusPolicy(Qt::NoFocus);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->setContentsMargins(6, 3, 6, 0);
  auto* label = new QLabel(tr("&Colour"), this);
  color_->setObjectName("stateMapColor");
  color_->setAccessibleName(tr("Colour"));
  color_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  for (const auto& [key, text] : {std::pair{"weight", tr("weight")},
                                  {"return", tr("return")},
                                  {"source", tr("source")},
                                  {"q", tr("Q")},
                                  {"time", tr("time")}})
    color_->addItem(text, QString(key));
  label->setBuddy(color_);
  legend_->setObjectName("stateMapLegend");
  legend_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  row->addWidget(label);
  row->addWidget(color_);
  row->addWidget(legend_, 1);
  column->addLayout(row);
  auto* empty = new QLabel(tr("States of the data in two dimensions appear here once a run was explained: "
                              "open the Explain dock"),
                           pages_);
  empty->setAlignment(Qt::AlignCenter);
  empty->setWordWrap(true);
  empty->setMargin(24);
  empty->setProperty("role", "faint");
  pages_->addWidget(empty);
  pages_->addWidget(plot_);
  column->addWidget(pages_, 1);
  plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  plot_->setAccessibleName(tr("Map of states"));
  plot_->setToolTip(
      tr("Shift and drag chooses the trajectories of the states in the frame; a click picks one, as do Shift "
         "and the arrows, then Enter"));
  new FocusFrame(this);
  key_cursor_ = new KeyCursor(*plot_, *this, "overlay");
  connect(key_cursor_, &KeyCursor::picked, this, &StateMapPlot::pick);
  connect(key_cursor_, &KeyCursor::moved, this, &StateMapPlot::read);
  connect(key_cursor_, &KeyCursor::hidden, this, [this] { legend_->setText(legend_text_); });
  enableBrush(*plot_, [this](AxisLimits x, AxisLimits y, bool add) { chooseIn(x, y, add); });
  connect(plot_, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) { pressed_at_ = event->pos(); });
  connect(plot_, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
    const bool still = (event->pos() - pressed_at_).manhattanLength() < 4;
    if (still && event->button() == Qt::LeftButton && !(event->modifiers() & Qt::ShiftModifier))
      pick(event->pos(), event->modifiers() & Qt::ControlModifier);
  });
  connect(plot_, &QCustomPlot::mouseDoubleClick, this, [this] {
    fitted_ = false;
    dirty_ = true;
    refresh();
  });
  connect(color_, &QComboBox::activated, this, [this] {
    dirty_ = true;
    refresh();
  });
}

void StateMapPlot::setMap(std::shared_ptr<const StateMap> map, std::shared_ptr<const ExplainedRun> run) {
  map_ = std::move(map);
  run_ = std::move(run);
  fitted_ = false;
  dirty_ = true;
  pages_->setCurrentIndex(map_ ? 1 : 0);
  refresh();
}

void StateMapPlot::setChosen(const std::vector<int>& trajectories) {
  chosen_ = trajectories;
  dirty_ = true;
  refresh();
}

void StateMapPlot::refresh() {
  if (!dirty_ || !map_ || !isVisible()) return;
  dirty_ = false;
  draw();
}

StateMapPlot::Colors StateMapPlot::colorPoints() const {
  Colors result;
  const auto count = map_->rows.size();
  const auto key = color_->currentData().toString();
  result.of_point.resize(count);
  if (key == "source") {
    SlotBook book;
    QStringList names;
    for (const auto& name : run_->table.sources) {
      result.colors.push_back(theme_.color(book.slot(name)));
      names << QString("<span style='color:%1'>■</span> %2")
                   .arg(result.colors.back().name(), QString::fromStdString(name).toHtmlEscaped());
    }
    for (size_t i = 0; i < count; ++i)
      result.of_point[i] = run_->table.trajectory_source[static_cast<size_t>(map_->episode[i])];
    result.legend = names.join("  ");
    return result;
  }
  const bool dark = theme_.background.lightness() < 128;
  for (int step = 0; step < kShades; ++step) result.colors.push_back(shade(step, dark));
  const auto value = [&](size_t i) -> double {
    const auto row = static_cast<size_t>(map_->rows[i]);
    if (key == "weight") return run_->weight.empty() ? 0.0 : run_->weight[row];
    if (key == "q") return run_->rows.q.empty() ? 0.0 : run_->rows.q[row];
    if (key == "return") return run_->table.episodes.returns[static_cast<size_t>(map_->episode[i])];
    return map_->time[i];
  };
  LimitsOf limits;
  for (size_t i = 0; i < count; ++i) limits.include(value(i));
  const auto range = limits.get();
  const double width = std::max(1e-12, range.high - range.low);
  for (size_t i = 0; i < count; ++i)
    result.of_point[i] = std::clamp(static_cast<int>((value(i) - range.low) / width * kShades), 0, kShades - 1);
  result.legend =
      QString(
          "%1 <span style='color:%2'>■</span><span style='color:%3'>■</span><span "
          "style='color:%4'>■</span> %5")
          .arg(valueText(range.low), result.colors.front().name(), result.colors[kShades / 2].name(),
               result.colors.back().name(), valueText(range.high));
  return result;
}

void StateMapPlot::draw() {
  plot_->clearPlottables();
  applyTheme(*plot_, theme_);
  const auto colors = colorPoints();
  // Unlit points first, so that nothing lies over those that are lit.
  std::vector<QVector<double>> x(2 * colors.colors.size()), y(2 * colors.colors.size());
  lit_ = 0;
  for (size_t i = 0; i < map_->rows.size(); ++i) {
    const bool lit = chosen_.empty() || std::binary_search(chosen_.begin(), chosen_.end(), map_->episode[i]);
    lit_ += lit ? 1 : 0;
    const size_t at = static_cast<size_t>(colors.of_point[i]) + (lit ? colors.colors.size() : 0);
    x[at] << map_->x[i];
    y[at] << map_->y[i];
  }
  LimitsOf xs, ys;
  for (size_t k = 0; k < x.size(); ++k) {
    if (x[k].isEmpty()) continue;
    QColor color = colors.colors[k % colors.colors.size()];
    if (k < colors.colors.size()) color.setAlphaF(kUnlit);
    auto* graph = addStampedPoints(*plot_, x[k], y[k],
                                   QCPScatterStyle(QCPScatterStyle::ssSquare, color, color, kPointSize));
    graph->setAntialiasedScatters(false);
  }
  for (size_t i = 0; i < map_->x.size(); ++i) {
    xs.include(map_->x[i]);
    ys.include(map_->y[i]);
  }
  if (!fitted_) {
    const auto across = xs.get(), up = ys.get();
    plot_->xAxis->setRange(across.low - 0.03 * (across.high - across.low),
                           across.high + 0.03 * (across.high - across.low));
    plot_->yAxis->setRange(up.low - 0.03 * (up.high - up.low), up.high + 0.03 * (up.high - up.low));
    fitted_ = true;
  }
  plot_->xAxis->setLabel(
      tr("First principal component (%1 % of the variance)").arg(fixedText(100 * map_->share[0], 0)));
  plot_->yAxis->setLabel(tr("Second (%1 %)").arg(fixedText(100 * map_->share[1], 0)));
  legend_text_ =
      colors.legend + "  " +
      tr("%1 of %2 states lit").arg(countText(lit_), countText(static_cast<int64_t>(map_->rows.size())));
  legend_->setText(legend_text_);
  setAccessibleDescription(legend_->text());
  key_cursor_->tell();
  plot_->replot(QCustomPlot::rpQueuedReplot);
}

void StateMapPlot::chooseIn(AxisLimits x, AxisLimits y, bool add) {
  std::vector<int> inside;
  for (size_t i = 0; i < map_->rows.size(); ++i)
    if (map_->x[i] >= x.low && map_->x[i] <= x.high && map_->y[i] >= y.low && map_->y[i] <= y.high)
      inside.push_back(map_->episode[i]);
  emit brushed(inside, add);
}

std::optional<size_t> StateMapPlot::at(const QPoint& position) const {
  if (!map_) return {};
  size_t best = 0;
  double closest = 1e300;
  for (size_t i = 0; i < map_->rows.size(); ++i) {
    const double dx = plot_->xAxis->coordToPixel(map_->x[i]) - position.x(),
                 dy = plot_->yAxis->coordToPixel(map_->y[i]) - position.y();
    if (dx * dx + dy * dy >= closest) continue;
    closest = dx * dx + dy * dy;
    best = i;
  }
  constexpr double kReach = 12.0;  // pixels
  if (closest > kReach * kReach) return {};
  return best;
}

void StateMapPlot::pick(const QPoint& position, bool add) {
  const auto state = at(position);
  if (!state) return;
  const int trajectory = map_->episode[*state];
  add ? emit brushed({trajectory}, true) : emit picked(trajectory, map_->time[*state]);
}

void StateMapPlot::read(const QPoint& position) {
  const auto state = at(position);
  legend_->setText(state ? tr("trajectory %1, time step %2").arg(map_->episode[*state]).arg(map_->time[*state])
                         : legend_text_);
  setAccessibleDescription(legend_->text());
}

void StateMapPlot::keyPressEvent(QKeyEvent* event) {
  if (!map_ || !key_cursor_->press(*event)) QWidget::keyPressEvent(event);
}

void StateMapPlot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  dirty_ = true;
  inTurn(this, [this] { refresh(); });
}

void StateMapPlot::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();
  emit seen();
}

void StateMapPlot::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  theme_ = themeFor(palette());
  plot_->setBackground(theme_.background);
  dirty_ = true;
  inTurn(this, [this] { refresh(); });
}

}  // namespace vaco::ui
