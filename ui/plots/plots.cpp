// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plots.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/figures/metric_names.h"
#include "ui/figures/metrics_figure.h"
#include "ui/figures/weight_figures.h"

namespace vaco::ui {
namespace {

/// Positions of the smoothing slider: evenly spaced in the logarithm of 1 − w, up to 0.999.
constexpr int kSmoothingSteps = 100;
double smoothingAt(int position) {
  return position <= 0 ? 0.0 : 1.0 - std::pow(10.0, -3.0 * position / kSmoothingSteps);
}
int positionOf(double weight) {
  return weight <= 0.0 ? 0 : static_cast<int>(std::lround(-std::log10(1.0 - weight) / 3.0 * kSmoothingSteps));
}

}  // namespace

LossPlot::LossPlot(QWidget* parent)
    : FigurePlot(std::make_unique<MetricsFigure>(), parent),
      metrics_(new QToolButton(this)),
      logarithmic_(new QCheckBox(tr("Log"), this)),
      smoothing_(new QSlider(Qt::Horizontal, this)),
      smoothingText_(new QLabel(this)) {
  metrics_->setText(tr("Metrics"));
  metrics_->setToolTip(tr("Which metrics are drawn"));
  metrics_->setPopupMode(QToolButton::InstantPopup);
  metrics_->setMenu(new QMenu(metrics_));
  logarithmic_->setToolTip(tr("Logarithmic axis; values that are not positive cannot be drawn on it"));
  logarithmic_->setAccessibleName(tr("Logarithmic axis"));
  smoothing_->setRange(0, kSmoothingSteps);
  smoothing_->setMaximumWidth(140);
  smoothing_->setMinimumWidth(50);
  smoothing_->setAccessibleName(tr("Smoothing"));
  smoothing_->setToolTip(
      tr("Exponential smoothing with its start bias removed; the raw curve stays behind it"));
  smoothingText_->setMinimumWidth(smoothingText_->fontMetrics().horizontalAdvance("0.999 "));
  auto* caption = new QLabel(tr("Smoothing"), this);
  caption->setBuddy(smoothing_);
  controls()->addWidget(metrics_);
  controls()->addWidget(logarithmic_);
  controls()->addStretch();
  controls()->addWidget(caption);
  controls()->addWidget(smoothing_);
  controls()->addWidget(smoothingText_);
  connect(logarithmic_, &QCheckBox::toggled, this, &LossPlot::setLogarithmic);
  connect(smoothing_, &QSlider::valueChanged, this,
          [this](int position) { setSmoothing(smoothingAt(position)); });
  updateControls();
}

void LossPlot::setLogarithmic(bool logarithmic) {
  ownSpec().logarithmic = logarithmic;
  resetView();
}

void LossPlot::setSmoothing(double weight) {
  ownSpec().smoothing = std::clamp(weight, 0.0, 0.999);
  applyChoice();
}

void LossPlot::fillMenu() {
  const auto& metrics = static_cast<const MetricsFigure&>(figure());
  if (static_cast<size_t>(metrics_->menu()->actions().size()) != metrics.keys().size())
    metrics_->menu()->clear();
  const bool filled = !metrics_->menu()->isEmpty();
  const auto shown = metrics.shownKeys(ownSpec());
  for (size_t i = 0; i < metrics.keys().size(); ++i) {
    const std::string& key = metrics.keys()[i];
    QAction* action = filled ? metrics_->menu()->actions()[static_cast<int>(i)]
                             : metrics_->menu()->addAction(metricName(key));
    action->setCheckable(true);
    action->setChecked(std::find(shown.begin(), shown.end(), key) != shown.end());
    if (!filled) connect(action, &QAction::triggered, this, [this, key](bool on) { toggleMetric(key, on); });
  }
}

void LossPlot::toggleMetric(const std::string& key, bool on) {
  auto shown = static_cast<const MetricsFigure&>(figure()).shownKeys(ownSpec());
  std::erase(shown, key);
  if (on) shown.push_back(key);
  // Nothing chosen would mean the losses: the last one stays.
  if (!shown.empty()) ownSpec().metrics = shown;
  resetView();
}

void LossPlot::updateControls() {
  const QSignalBlocker quietLog(logarithmic_), quietSlider(smoothing_);
  fillMenu();
  metrics_->setEnabled(!metrics_->menu()->isEmpty());
  logarithmic_->setChecked(ownSpec().logarithmic);
  if (std::abs(smoothingAt(smoothing_->value()) - ownSpec().smoothing) > 1e-9)
    smoothing_->setValue(positionOf(ownSpec().smoothing));
  smoothingText_->setText(ownSpec().smoothing > 0.0 ? QString::number(ownSpec().smoothing, 'f', 3) : tr("off"));
}

SnapshotPlot::SnapshotPlot(std::unique_ptr<Figure> figure, QWidget* parent)
    : FigurePlot(std::move(figure), parent),
      slider_(new QSlider(Qt::Horizontal, this)),
      stepText_(new QLabel(this)) {
  slider_->setAccessibleName(tr("Snapshot"));
  slider_->setToolTip(tr("Which snapshot is drawn; at the right end the newest as it comes"));
  slider_->setMinimumWidth(60);
  stepText_->setMinimumWidth(stepText_->fontMetrics().horizontalAdvance(tr("step %1").arg("1,000,000 ")));
  auto* caption = new QLabel(tr("Snapshot"), this);
  caption->setBuddy(slider_);
  controls()->addWidget(caption);
  controls()->addWidget(slider_, 1);
  controls()->addWidget(stepText_);
  connect(slider_, &QSlider::valueChanged, this, [this](int position) {
    const auto steps = static_cast<const WeightFigure&>(this->figure()).steps();
    const bool newest = position + 1 >= static_cast<int>(steps.size());
    setStep(newest ? -1 : steps[static_cast<size_t>(position)]);
    emit stepChosen(ownSpec().step);
  });
  SnapshotPlot::updateControls();
}

void SnapshotPlot::setStep(int64_t step) {
  ownSpec().step = step;
  applyChoice();
}

void SnapshotPlot::updateControls() {
  const QSignalBlocker quiet(slider_);
  const auto steps = static_cast<const WeightFigure&>(figure()).steps();
  slider_->setEnabled(steps.size() > 1);
  slider_->setRange(0, std::max(0, static_cast<int>(steps.size()) - 1));
  int position = slider_->maximum();
  if (ownSpec().step >= 0) {
    const auto after = std::upper_bound(steps.begin(), steps.end(), ownSpec().step);
    position = std::max(0, static_cast<int>(after - steps.begin()) - 1);
  }
  slider_->setValue(position);
  stepText_->setText(
      steps.empty() ? QString()
                    : tr("step %1").arg(stepText(static_cast<double>(steps[static_cast<size_t>(position)]))));
}

WeightHistogramPlot::WeightHistogramPlot(QWidget* parent)
    : SnapshotPlot(std::make_unique<WeightHistogramFigure>(), parent),
      share_(new QCheckBox(tr("Share"), this)),
      logarithmic_(new QCheckBox(tr("Log"), this)) {
  share_->setToolTip(tr("Share of each source's samples instead of their number"));
  logarithmic_->setToolTip(tr("Logarithmic axis, which shows the thin tails"));
  logarithmic_->setAccessibleName(tr("Logarithmic axis"));
  controls()->insertWidget(0, share_);
  controls()->insertWidget(1, logarithmic_);
  connect(share_, &QCheckBox::toggled, this, [this](bool on) {
    ownSpec().share = on;
    resetView();
  });
  connect(logarithmic_, &QCheckBox::toggled, this, [this](bool on) {
    ownSpec().logarithmic = on;
    resetView();
  });
  makeBrushable();
}

void WeightHistogramPlot::mark(std::vector<double> weights) {
  std::sort(weights.begin(), weights.end());  // as they are drawn
  static_cast<WeightHistogramFigure&>(ownFigure()).mark(std::move(weights));
  markDirty();
  refresh();
}

void WeightHistogramPlot::clicked(double x, double, bool add) {
  const auto bin = static_cast<const WeightHistogramFigure&>(figure()).binAt(spec(), x);
  if (bin) emit weightsChosen(bin->low, bin->high, add);
}

void WeightHistogramPlot::brushed(AxisLimits x, AxisLimits, bool add) {
  emit weightsChosen(x.low, x.high, add);
}

void WeightHistogramPlot::updateControls() {
  const QSignalBlocker quietShare(share_), quietLog(logarithmic_);
  share_->setChecked(ownSpec().share);
  logarithmic_->setChecked(ownSpec().logarithmic);
  SnapshotPlot::updateControls();
}

WeightReturnPlot::WeightReturnPlot(QWidget* parent)
    : SnapshotPlot(std::make_unique<WeightReturnFigure>(), parent) {
  makeBrushable();
}

void WeightReturnPlot::light(const std::vector<int>& trajectories) {
  static_cast<WeightReturnFigure&>(ownFigure()).light(trajectories);
  markDirty();
  refresh();
}

std::vector<int> WeightReturnPlot::withWeights(double low, double high) const {
  return static_cast<const WeightReturnFigure&>(figure()).within(spec(), {-HUGE_VAL, HUGE_VAL}, {low, high});
}

std::vector<double> WeightReturnPlot::weightsOf(const std::vector<int>& trajectories) const {
  return static_cast<const WeightReturnFigure&>(figure()).weightsOf(spec(), trajectories);
}

void WeightReturnPlot::brushed(AxisLimits x, AxisLimits y, bool add) {
  emit trajectoriesChosen(static_cast<const WeightReturnFigure&>(figure()).within(spec(), x, y), add);
}

void WeightReturnPlot::clicked(double x, double y, bool add) {
  const auto& scatter = static_cast<const WeightReturnFigure&>(figure());
  const auto [width, height] = viewSize();
  const int trajectory = scatter.nearest(spec(), x, y, width, height);
  if (trajectory < 0) return;
  if (add) {
    emit trajectoriesChosen({trajectory}, true);
    return;
  }
  told_step_ = scatter.shownStep(spec());
  select(trajectory);
  emit trajectoryChosen(trajectory, told_step_);
}

void WeightReturnPlot::updateControls() {
  SnapshotPlot::updateControls();
  // What is told of the ringed trajectory is of the snapshot in which it is ringed.
  const int64_t step = static_cast<const WeightReturnFigure&>(figure()).shownStep(ownSpec());
  if (step != std::exchange(drawn_step_, step)) emit snapshotChanged();
  if (selected_ < 0 || step < 0 || step == told_step_) return;
  told_step_ = step;
  emit trajectoryChosen(selected_, step);
}

void WeightReturnPlot::select(int trajectory) {
  selected_ = trajectory;
  static_cast<WeightReturnFigure&>(ownFigure()).select(trajectory);
  markDirty();
  refresh();
}

}  // namespace vaco::ui
