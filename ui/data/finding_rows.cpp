// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/finding_rows.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "core/base/readable.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {

namespace {
constexpr int64_t kMostRows = 5000;
enum Lead { kRow, kStep, kLeads };    // columns in front of the numbers
enum Tail { kReward, kEnd, kTails };  // and behind them

/// "velocity 2", or "s3" of observations without names.
QString observationName(const Dataset& dataset, int64_t at) {
  int64_t first = 0;
  for (const auto& part : dataset.observation_parts) {
    if (at < first + part.width) {
      const auto name = QString::fromStdString(part.name);
      return part.width == 1 ? name : FindingRowsModel::tr("%1 %2").arg(name).arg(at - first);
    }
    first += part.width;
  }
  return FindingRowsModel::tr("s%1").arg(at);
}

QString episodeEnd(EndedBy by) {
  if (by == EndedBy::terminal) return FindingRowsModel::tr("terminal");
  return by == EndedBy::timeout ? FindingRowsModel::tr("time limit") : FindingRowsModel::tr("cut");
}
}  // namespace

void FindingRowsModel::setRow(std::shared_ptr<const Dataset> dataset, int64_t row) {
  beginResetModel();
  dataset_ = std::move(dataset);
  const auto& episodes = dataset_->episodes;
  const auto behind = std::upper_bound(episodes.first.begin(), episodes.first.end(), row);
  const auto at = static_cast<size_t>(std::max<std::ptrdiff_t>(0, behind - episodes.first.begin() - 1));
  episode_ = static_cast<int64_t>(at);
  const int64_t end = episodes.first[at] + episodes.length[at];
  first_ = std::max(episodes.first[at], std::min(row - kMostRows / 2, end - kMostRows));
  count_ = std::min(kMostRows, end - first_);
  endResetModel();
}

int FindingRowsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !dataset_ ? 0 : static_cast<int>(count_);
}

int FindingRowsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() || !dataset_
             ? 0
             : static_cast<int>(kLeads + dataset_->obs_dim + dataset_->action_dim + kTails);
}

QString FindingRowsModel::cell(int64_t row, int64_t column) const {
  const Dataset& d = *dataset_;
  const auto& episodes = d.episodes;
  const auto at = static_cast<size_t>(episode_);
  if (column == kRow) return countText(row);
  if (column == kStep) return countText(row - episodes.first[at]);
  const auto number = [](const std::vector<float>& values, int64_t index) {
    return QString::fromStdString(significant(static_cast<double>(values[static_cast<size_t>(index)]), 6));
  };
  column -= kLeads;
  if (column < d.obs_dim) return number(d.observations, row * d.obs_dim + column);
  column -= d.obs_dim;
  if (column < d.action_dim) return number(d.actions, row * d.action_dim + column);
  column -= d.action_dim;
  if (column == kReward) return number(d.rewards, row);
  return row == episodes.first[at] + episodes.length[at] - 1 ? episodeEnd(episodes.ended_by[at]) : QString();
}

QVariant FindingRowsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || !dataset_) return {};
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  return cell(first_ + index.row(), index.column());
}

QVariant FindingRowsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal || !dataset_) return {};
  int64_t column = section;
  if (column == kRow) return tr("Row");
  if (column == kStep) return tr("Step");
  column -= kLeads;
  if (column < dataset_->obs_dim) return observationName(*dataset_, column);
  column -= dataset_->obs_dim;
  if (column < dataset_->action_dim) return dataset_->action_dim == 1 ? tr("a") : tr("a%1").arg(column);
  return column - dataset_->action_dim == kReward ? tr("Reward") : tr("End");
}

FindingRowsTable::FindingRowsTable(QWidget* parent) : QWidget(parent) {
  setObjectName("findingRows");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(10, 8, 10, 10);
  auto* bar = new QHBoxLayout;
  title_ = new QLabel(this);
  title_->setProperty("role", "title");
  title_->setWordWrap(true);
  auto* back = new QPushButton(tr("Back to the summary"), this);
  back->setObjectName("rowsBack");
  connect(back, &QPushButton::clicked, this, &FindingRowsTable::backRequested);
  bar->addWidget(title_, 1);
  bar->addWidget(back);
  column->addLayout(bar);
  model_ = new FindingRowsModel(this);
  table_ = new QTableView(this);
  table_->setObjectName("rows");
  table_->setAccessibleName(tr("Rows of the episode"));
  table_->setModel(model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setWordWrap(false);  // a wrapped number reads as another one
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  table_->horizontalHeader()->setDefaultSectionSize(fontMetrics().horizontalAdvance("-0.123456e-12"));
  table_->setTabKeyNavigation(false);
  column->addWidget(table_, 1);
}

void FindingRowsTable::show(const std::shared_ptr<const Dataset>& dataset, int64_t row) {
  model_->setRow(dataset, row);
  const auto at = static_cast<int>(row - model_->first());
  title_->setText(tr("Episode %1, row %2").arg(countText(model_->episode()), countText(row)));
  table_->selectRow(at);
  table_->scrollTo(model_->index(at, 0), QAbstractItemView::PositionAtCenter);
  table_->setFocus();
}

}  // namespace vaco::ui
