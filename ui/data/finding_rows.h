// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QAbstractTableModel>
#include <QWidget>

#include "core/data/dataset.h"

class QLabel;
class QTableView;

namespace vaco::ui {

/// The rows of one episode: row of the file, step, observation, action, reward, and how it ends. Of a long
/// episode those around the row that is looked for.
class FindingRowsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  using QAbstractTableModel::QAbstractTableModel;
  /// row is one of the dataset.
  void setRow(std::shared_ptr<const Dataset> dataset, int64_t row);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] int64_t episode() const { return episode_; }
  [[nodiscard]] int64_t first() const { return first_; }

 private:
  [[nodiscard]] QString cell(int64_t row, int64_t column) const;

  std::shared_ptr<const Dataset> dataset_;
  int64_t episode_ = 0, first_ = 0, count_ = 0;
};

/// The model in a table, with the way back.
class FindingRowsTable : public QWidget {
  Q_OBJECT
 public:
  explicit FindingRowsTable(QWidget* parent = nullptr);
  /// Shows the episode of a row and marks the row.
  void show(const std::shared_ptr<const Dataset>& dataset, int64_t row);

 signals:
  void backRequested();

 private:
  FindingRowsModel* model_;
  QTableView* table_;
  QLabel* title_;
};

}  // namespace vaco::ui
