// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/distribution_plot.h"

#include <qcustomplot.h>

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>
#include <vector>

#include "core/stats/statistics.h"
#include "ui/widgets/in_turn.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {
namespace {

constexpr int64_t kMostDrawnRows = 200'000;
constexpr int kBins = 40;

/// A column of the rows [first, end), as many as kMostDrawnRows of them that lie evenly.
std::vector<float> valuesOf(const Dataset& data, int64_t column, int64_t first, int64_t end) {
  const bool of_observation = column < data.obs_dim;
  const bool of_reward = column >= data.obs_dim + data.action_dim;
  const auto& from = of_observation ? data.observations : of_reward ? data.rewards : data.actions;
  const int64_t width = of_observation ? data.obs_dim : of_reward ? 1 : data.action_dim;
  const int64_t at = of_observation ? column : of_reward ? 0 : column - data.obs_dim;
  const int64_t count = std::min(end - first, kMostDrawnRows);
  std::vector<float> values;
  values.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i)
    values.push_back(from[static_cast<size_t>((first + i * (end - first) / count) * width + at)]);
  return values;
}

}  // namespace

DistributionPlot::DistributionPlot(QWidget* parent)
    : QWidget(parent),
      theme_(themeFor(palette())),
      column_(new QuietCombo(this)),
      plot_(new QCustomPlot(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->setContentsMargins(6, 3, 6, 0);
  auto* label = new QLabel(tr("&Distribution of"), this);
  column_->setObjectName("distributionColumn");
  column_->setAccessibleName(tr("Distribution of"));
  column_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  label->setBuddy(column_);
  row->addWidget(label);
  row->addWidget(column_);
  row->addStretch(1);
  column->addLayout(row);
  column->addWidget(plot_, 1);
  plot_->setMinimumHeight(70);
  plot_->setAccessibleName(tr("Distribution of a column"));
  connect(column_, &QComboBox::currentIndexChanged, this, [this] {
    dirty_ = true;
    refresh();
  });
}

void DistributionPlot::setDataset(std::shared_ptr<const Dataset> dataset) {
  dataset_ = std::move(dataset);
  episode_ = -1;
  const QSignalBlocker quiet(column_);
  column_->clear();
  if (dataset_) {
    for (int64_t i = 0; i < dataset_->obs_dim; ++i) column_->addItem(tr("observation %1").arg(i));
    for (int64_t i = 0; i < dataset_->action_dim; ++i) column_->addItem(tr("action %1").arg(i));
    column_->addItem(tr("reward"));
    column_->setCurrentIndex(column_->count() - 1);
  }
  dirty_ = true;
  refresh();
}

void DistributionPlot::setEpisode(int episode) {
  if (episode == episode_) return;
  episode_ = episode;
  dirty_ = true;
  refresh();
}

void DistributionPlot::setColumn(int column) {
  column_->setCurrentIndex(column);
}

void DistributionPlot::refresh() {
  if (!dirty_ || !isVisible()) return;
  dirty_ = false;
  draw();
}

void DistributionPlot::draw() {
  plot_->clearPlottables();
  applyTheme(*plot_, theme_);
  if (!dataset_ || column_->currentIndex() < 0) return plot_->replot(QCustomPlot::rpQueuedReplot);
  const auto values = valuesOf(*dataset_, column_->currentIndex(), 0, dataset_->rows);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double from = *low, to = *high > *low ? *high : *low + 1.0;
  const auto edges = linear_edges(from, to, kBins);
  const auto add = [&](const std::vector<float>& of, const QPen& pen, const QColor& fill) {
    const auto counts = histogram(of, edges).counts;
    auto* graph = plot_->addGraph();
    QVector<double> x{edges.front()}, y{0.0};
    for (size_t bin = 0; bin < counts.size(); ++bin) {
      x << edges[bin];
      y << static_cast<double>(counts[bin]) / static_cast<double>(of.size());
    }
    x << edges.back();
    y << 0.0;
    graph->setLineStyle(QCPGraph::lsStepLeft);
    graph->setPen(pen);
    graph->setBrush(fill);
    graph->setData(x, y, true);
  };
  add(values, theme_.linePen(0, 0), theme_.faint(0, 0.2));
  if (episode_ >= 0 && static_cast<size_t>(episode_) < dataset_->episodes.size()) {
    const auto e = static_cast<size_t>(episode_);
    const int64_t first = dataset_->episodes.first[e];
    add(valuesOf(*dataset_, column_->currentIndex(), first, first + dataset_->episodes.length[e]),
        theme_.linePen(1, 1), Qt::transparent);
  }
  plot_->rescaleAxes();
  plot_->yAxis->setLabel(tr("Share"));
  plot_->xAxis->setLabel(
      episode_ >= 0 ? tr("%1: all data filled, episode %2 dashed").arg(column_->currentText()).arg(episode_)
                    : column_->currentText());
  plot_->yAxis->ticker()->setTickCount(3);
  plot_->replot(QCustomPlot::rpQueuedReplot);
}

void DistributionPlot::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();
}

void DistributionPlot::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  theme_ = themeFor(palette());
  plot_->setBackground(theme_.background);
  dirty_ = true;
  inTurn(this, [this] { refresh(); });
}

}  // namespace vaco::ui
