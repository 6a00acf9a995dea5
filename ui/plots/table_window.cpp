// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/table_window.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/figures/number_text.h"

namespace vaco::ui {

void FigureTableModel::setTable(FigureTable table) {
  // Growing tables keep the reader's place and selection.
  const bool grown = table.columns == table_.columns && table.rows.size() > table_.rows.size() &&
                     std::equal(table_.rows.begin(), table_.rows.end(), table.rows.begin());
  if (grown) {
    beginInsertRows({}, static_cast<int>(table_.rows.size()), static_cast<int>(table.rows.size()) - 1);
    table_ = std::move(table);
    endInsertRows();
    return;
  }
  if (table.columns == table_.columns && table.rows == table_.rows) return;
  beginResetModel();
  table_ = std::move(table);
  endResetModel();
}

int FigureTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.rows.size());
}

int FigureTableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.columns.size());
}

QVariant FigureTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const FigureCell& cell = table_.rows[static_cast<size_t>(index.row())][static_cast<size_t>(index.column())];
  if (role == Qt::DisplayRole) return QString::fromStdString(cellText(cell));
  if (role == Qt::TextAlignmentRole && !std::holds_alternative<std::string>(cell))
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  return {};
}

QVariant FigureTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole) return {};
  if (orientation == Qt::Vertical) return section + 1;
  return QString::fromStdString(table_.columns[static_cast<size_t>(section)]);
}

TableWindow::TableWindow(const QString& title, QWidget* parent)
    : QDialog(parent), model_(new FigureTableModel(this)), count_(new QLabel(this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(title);
  resize(560, 420);
  auto* view = new QTableView(this);
  view->setWordWrap(false);  // a wrapped number reads as another one
  view->setModel(model_);
  view->setAccessibleName(title);
  view->setAlternatingRowColors(true);
  view->horizontalHeader()->setStretchLastSection(true);
  auto* copy = new QPushButton(tr("Copy all"), this);
  connect(copy, &QPushButton::clicked, this,
          [this] { QApplication::clipboard()->setText(QString::fromStdString(toTsv(model_->table()))); });
  auto* bottom = new QHBoxLayout;
  bottom->addWidget(count_, 1);
  bottom->addWidget(copy);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(view);
  layout->addLayout(bottom);
}

void TableWindow::setTable(FigureTable table) {
  model_->setTable(std::move(table));
  count_->setText(countText(model_->rowCount(), tr("row"), tr("rows")));
}

}  // namespace vaco::ui
