// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QAbstractItemModel>
#include <QStringList>

#include "ui/runs/runs_model.h"

namespace vaco::ui {

/// The runs as the user has arranged them: filtered, sorted, and put together under a heading for each group,
/// or each under the run that it was forked from. A heading has means over its runs.
class RunsTree : public QAbstractItemModel {
  Q_OBJECT
 public:
  struct Grouping {
    QString key, label;
  };
  /// "" (none), "settings" (all but the seed), "forks", and keys of a run.
  [[nodiscard]] static const std::vector<Grouping>& groupings();

  explicit RunsTree(RunsModel& runs, QObject* parent = nullptr);
  void setGrouping(const QString& key);
  [[nodiscard]] const QString& grouping() const { return grouping_; }
  /// Words that a run must all have in its texts, tags or notes; "status:finished" looks in that text only,
  /// "is:starred" for stars.
  void setFilter(const QString& text);
  [[nodiscard]] const QString& filter() const { return filter_; }
  void sort(int column, Qt::SortOrder order) override;

  /// Null for a heading.
  [[nodiscard]] const RunRow* run(const QModelIndex& index) const;
  [[nodiscard]] QModelIndex indexOf(const std::filesystem::path& folder) const;
  /// The runs at an index and below it, in order; of an invalid one, all that are listed.
  [[nodiscard]] std::vector<std::filesystem::path> runsBelow(const QModelIndex& index) const;
  [[nodiscard]] int runsListed() const { return listed_; }

  [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

 signals:
  /// The arrangement is about to be made anew, and has been: whoever shows it keeps what is selected and open.
  void aboutToArrange();
  void arranged();

 private:
  struct Node {
    int run = -1;   ///< row of the runs' model; -1: a heading
    QString title;  ///< of a heading
    int parent = -1, place = 0;
    std::vector<int> children;
  };
  void arrange();
  void beginToArrange();
  void endToArrange();
  void arrangeForks(const std::vector<int>& runs);
  void arrangeGroups(const std::vector<int>& runs);
  int add(int run, int parent, const QString& title = {});
  void sortChildren(std::vector<int>& nodes);
  void tellTicks(const QModelIndex& parent);
  [[nodiscard]] bool matches(const RunRow& row) const;
  [[nodiscard]] QString groupOf(const RunRow& row) const;
  [[nodiscard]] const Node* node(const QModelIndex& index) const;
  [[nodiscard]] const Node& at(int node) const { return nodes_[static_cast<size_t>(node)]; }
  [[nodiscard]] const RunRow& runAt(int node) const { return *runs_.row(at(node).run); }
  [[nodiscard]] QVariant sortKey(const Node& node, int column) const;
  /// What a score is measured in, see RunRow::unit(); of a heading, that of its runs that have one.
  [[nodiscard]] QString unitOf(const Node& node, int column) const;
  [[nodiscard]] QVariant heading(const Node& node, int column, int role) const;
  [[nodiscard]] QVariant meanOf(const Node& node, int column, int role) const;
  void collect(int node, std::vector<std::filesystem::path>& folders) const;

  RunsModel& runs_;
  QString grouping_, filter_;
  QStringList words_;
  int column_ = -1, listed_ = 0;  ///< column_: sorted by; -1: the newest first
  Qt::SortOrder order_ = Qt::AscendingOrder;
  std::vector<Node> nodes_;
  std::vector<int> roots_;
};

}  // namespace vaco::ui
