// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include "ui/bridge/run_set.h"

namespace vaco::ui {

/// Runs side by side: a column for each group of runs that differ in nothing but the seed, a row for each
/// setting or, kept apart from them, for each result. The first column is the baseline; cells that differ from
/// it stand out.
class CompareModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum class Shown { settings, results };

  explicit CompareModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
  void setRuns(const ComparedRuns& runs);
  void setShown(Shown shown);
  /// Only the settings in which the groups differ.
  void setDifferencesOnly(bool only);
  /// Only the rows whose name or key has this in it.
  void setFilter(const QString& text);
  /// By its name; it stays the baseline while there is a group of that name.
  void setBaseline(const QString& group);

  [[nodiscard]] const QStringList& groups() const { return groups_; }
  /// How many runs the groups have together.
  [[nodiscard]] size_t runs() const { return count_; }
  [[nodiscard]] QString baseline() const;
  /// What is shown, tab-separated with a header.
  [[nodiscard]] QString toText() const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    QString key, label;
    QStringList values;  ///< [groups]
    bool differs = false;
  };
  void readSettings(const ComparedRuns& runs, const std::vector<int>& group_of);
  void readResults(const ComparedRuns& runs, const std::vector<int>& group_of);
  void refill();
  [[nodiscard]] int group(int column) const { return order_[static_cast<size_t>(column - 1)]; }

  QStringList groups_;
  size_t count_ = 0;
  std::vector<Row> settings_, results_, rows_;  ///< rows_: those that are shown
  std::vector<int> order_;                      ///< [columns] group; the baseline first
  Shown shown_ = Shown::settings;
  bool only_ = true;
  QString filter_, baseline_;
};

}  // namespace vaco::ui
