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
  /// The group of this run stands first, whenever there is one; else the first of all does.
  void setBaseline(const std::filesystem::path& run);

  [[nodiscard]] const QStringList& groups() const { return groups_; }
  /// How many runs the groups have together.
  [[nodiscard]] size_t runs() const { return count_; }
  /// The name of the group that stands first.
  [[nodiscard]] QString baseline() const;
  /// A run that stands for the group.
  [[nodiscard]] const std::filesystem::path& runOf(int group) const {
    return folders_[static_cast<size_t>(group)].front();
  }
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
  /// Whether the baseline is one of its runs.
  [[nodiscard]] bool hasBaseline(int group) const;
  [[nodiscard]] int group(int column) const { return order_[static_cast<size_t>(column - 1)]; }

  QStringList groups_;
  std::vector<std::vector<std::filesystem::path>> folders_;  ///< [groups] of its runs
  size_t count_ = 0;
  std::vector<Row> settings_, results_, rows_;  ///< rows_: those that are shown
  std::vector<int> order_;                      ///< [columns] group; the baseline first
  Shown shown_ = Shown::settings;
  bool only_ = true;
  QString filter_;
  std::filesystem::path baseline_;
};

}  // namespace vaco::ui
