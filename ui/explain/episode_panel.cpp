// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/episode_panel.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>
#include <utility>

#include "ui/explain/distribution_plot.h"
#include "ui/explain/episode_model.h"
#include "ui/explain/time_line_plot.h"
#include "ui/figures/number_text.h"
#include "ui/widgets/sort_menu.h"

namespace vaco::ui {
namespace {

constexpr int kLeastRows = 8;       // of the table, before plots stand below it
constexpr int kLeastDetails = 110;  // pixels, of those plots
constexpr int kMeasuredRows = 50;   // for the widths of the columns of numbers

/// Where one column has changed, no other is drawn again: a choice changes ticks, with each move of a brush.
class EpisodeTable : public QTableView {
 public:
  using QTableView::QTableView;

 protected:
  void dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) override {
    if (first.column() != last.column() || QAccessible::isActive())
      return QTableView::dataChanged(first, last, roles);
    viewport()->update(columnViewportPosition(first.column()), 0, columnWidth(first.column()),
                       viewport()->height());
  }
};

}  // namespace

EpisodePanel::EpisodePanel(QWidget* parent) : QWidget(parent), model_(new EpisodeModel(this)) {
  setObjectName("episodePanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->setContentsMargins(6, 4, 6, 4);
  filter_ = new QLineEdit(this);
  filter_->setObjectName("episodeFilter");
  filter_->setAccessibleName(tr("Filter of episodes"));
  filter_->setPlaceholderText(tr("Filter: return>100 source=expert length<50 end=timeout finding"));
  filter_->setClearButtonEnabled(true);
  count_ = new QLabel(this);
  count_->setObjectName("episodeCount");
  choose_ = new QPushButton(tr("Choose l&isted"), this);
  choose_->setObjectName("chooseListed");
  choose_->setToolTip(tr("Choose all episodes that are listed: they light up in every plot"));
  replay_ = new QPushButton(tr("Repla&y"), this);
  replay_->setObjectName("replayEpisode");
  replay_->setToolTip(tr("Play the current episode in the rollout (double click, Enter)"));
  row->addWidget(filter_, 1);
  row->addWidget(count_);
  row->addWidget(choose_);
  row->addWidget(replay_);
  column->addLayout(row);
  auto* split = new QSplitter(Qt::Vertical, this);
  split->setChildrenCollapsible(false);
  table_ = new EpisodeTable(split);
  table_->setObjectName("episodeTable");
  table_->setAccessibleName(tr("Episodes of the dataset"));
  table_->setModel(model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSortingEnabled(true);
  table_->sortByColumn(EpisodeModel::number, Qt::AscendingOrder);
  table_->setAlternatingRowColors(true);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  table_->horizontalHeader()->setStretchLastSection(false);
  table_->horizontalHeader()->setResizeContentsPrecision(kMeasuredRows);
  table_->horizontalHeader()->setSectionResizeMode(EpisodeModel::findings, QHeaderView::Stretch);
  split->addWidget(table_);
  auto* details = new QSplitter(Qt::Horizontal, split);
  rewards_ = new TimeLinePlot(tr("Time step"), details);
  rewards_->setAccessibleName(tr("Rewards of the episode"));
  distribution_ = new DistributionPlot(details);
  split->addWidget(details);
  details_ = details;
  split->setStretchFactor(0, 3);
  split->setStretchFactor(1, 1);
  column->addWidget(split, 1);
  connect(filter_, &QLineEdit::textChanged, this, &EpisodePanel::applyFilter);
  connect(choose_, &QPushButton::clicked, this, [this] { emit chosen(model_->shown()); });
  connect(replay_, &QPushButton::clicked, this, [this] {
    if (current_ >= 0) emit replayRequested(current_);
  });
  connect(table_, &QTableView::activated, this,
          [this](const QModelIndex& at) { emit replayRequested(model_->episodeAt(at.row())); });
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(table_, &QWidget::customContextMenuRequested, this, &EpisodePanel::showMenu);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &EpisodePanel::takeSelection);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& at) {
            if (at.isValid()) emit currentPicked(model_->episodeAt(at.row()));
          });
  connect(model_, &EpisodeModel::ticked, this, &EpisodePanel::ticked);
  applyFilter();
  showDetails();
}

void EpisodePanel::showMenu(const QPoint& at) {
  auto* menu = new QMenu(this);
  menu->setObjectName("episodeMenu");
  menu->setAttribute(Qt::WA_DeleteOnClose);
  auto* replay = menu->addAction(replay_->text());
  replay->setEnabled(replay_->isEnabled());
  connect(replay, &QAction::triggered, replay_, &QPushButton::click);
  addSorting(*menu, *table_->horizontalHeader());
  menu->popup(table_->viewport()->mapToGlobal(at));
}

void EpisodePanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const int table = (kLeastRows + 1) * table_->verticalHeader()->defaultSectionSize();
  details_->setVisible(height() >= filter_->sizeHint().height() + table + kLeastDetails);
}

void EpisodePanel::setDataset(std::shared_ptr<const Dataset> dataset) {
  dataset_ = std::move(dataset);
  current_ = -1;
  model_->setDataset(dataset_.get());
  table_->resizeColumnsToContents();
  fitSources();
  distribution_->setDataset(dataset_);
  applyFilter();
  showDetails();
}

void EpisodePanel::fitSources() {
  if (!dataset_) return;
  int width = table_->columnWidth(EpisodeModel::source);
  for (const auto& name : dataset_->policy_names)
    width = std::max(width, table_->fontMetrics().horizontalAdvance(QString::fromStdString(name) + "  "));
  table_->setColumnWidth(EpisodeModel::source, width);
}

void EpisodePanel::setWeights(const std::vector<double>& weights, const std::vector<double>& changes) {
  model_->setWeights(weights, changes);
}

void EpisodePanel::setChosen(const std::vector<int>& episodes) {
  model_->setChosen(episodes);
}

void EpisodePanel::setCurrent(int episode) {
  if (episode == current_) return;
  current_ = episode;
  showDetails();
  const int row = episode < 0 ? -1 : model_->rowOf(episode);
  if (row < 0 || table_->currentIndex().row() == row) return;
  table_->selectionModel()->setCurrentIndex(model_->index(row, 0),
                                            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void EpisodePanel::goToRow(int64_t row) {
  if (!dataset_) return;
  const auto& first = dataset_->episodes.first;
  const auto behind = std::upper_bound(first.begin(), first.end(), row);
  if (behind == first.begin()) return;
  const int episode = static_cast<int>(behind - first.begin()) - 1;
  if (model_->rowOf(episode) < 0) filter_->clear();
  emit currentPicked(episode);
  setCurrent(episode);
  rewards_->setCursor(static_cast<double>(row - first[static_cast<size_t>(episode)]));
}

void EpisodePanel::applyFilter() {
  const EpisodeFilter filter(filter_->text());
  model_->setFilter(filter);
  const auto total = static_cast<int64_t>(model_->lines().size());
  const auto listed = static_cast<int64_t>(model_->shown().size());
  count_->setText(!filter.problem().isEmpty() ? tr("not understood")
                                              : tr("%1 of %2").arg(countText(listed), countText(total)));
  count_->setToolTip(filter.problem());
  filter_->setToolTip(filter.problem());
  choose_->setEnabled(listed > 0);
}

void EpisodePanel::takeSelection() {
  const auto selection = table_->selectionModel()->selection();
  std::vector<int> episodes;
  for (const auto& range : selection)
    for (int row = range.top(); row <= range.bottom(); ++row) episodes.push_back(model_->episodeAt(row));
  if (episodes.size() > 1) emit chosen(episodes);
}

void EpisodePanel::showDetails() {
  replay_->setEnabled(current_ >= 0);
  TimeLinePlot::Track track{tr("Reward"), {}};
  if (dataset_ && current_ >= 0 && static_cast<size_t>(current_) < dataset_->episodes.size()) {
    const auto e = static_cast<size_t>(current_);
    const auto first = dataset_->rewards.begin() + dataset_->episodes.first[e];
    QVector<double> x(dataset_->episodes.length[e]);
    std::iota(x.begin(), x.end(), 0.0);
    track.curves.push_back(
        {tr("reward of episode %1").arg(current_), x, {first, first + dataset_->episodes.length[e]}, 0, false});
  }
  rewards_->setTracks({std::move(track)});
  distribution_->setEpisode(current_);
}

}  // namespace vaco::ui
