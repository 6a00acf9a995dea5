// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QDialog>

#include "ui/figures/figure_table.h"

class QLabel;

namespace vaco::ui {

/// A figure's numbers as a table.
class FigureTableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  using QAbstractTableModel::QAbstractTableModel;
  void setTable(FigureTable table);
  [[nodiscard]] const FigureTable& table() const { return table_; }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  FigureTable table_;
};

/// A window that does not block, with a plot's table and a button that copies it. Deletes itself when closed.
class TableWindow : public QDialog {
  Q_OBJECT
 public:
  TableWindow(const QString& title, QWidget* parent);
  void setTable(FigureTable table);

 private:
  FigureTableModel* model_;
  QLabel* count_;
};

}  // namespace vaco::ui
