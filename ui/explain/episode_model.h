// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QAbstractTableModel>

#include "core/data/dataset.h"
#include "ui/explain/episode_filter.h"

namespace vaco::ui {

/// The episodes of a dataset as a table that sorts and filters itself: rows are those that are listed.
class EpisodeModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { number, source, total_reward, length, ended_by, findings, weight, change, columns };
  using QAbstractTableModel::QAbstractTableModel;

  void setDataset(const Dataset* dataset);  ///< copied from; null: no episodes
  /// Mean weights and changes by leaving out, by episode; empty where they are not known.
  void setWeights(const std::vector<double>& weights, const std::vector<double>& changes);
  /// Episodes with a tick, increasing.
  void setChosen(const std::vector<int>& chosen);
  void setFilter(const EpisodeFilter& filter);
  [[nodiscard]] int episodeAt(int row) const { return shown_[static_cast<size_t>(row)]; }
  [[nodiscard]] int rowOf(int episode) const;  ///< −1 when it is not listed
  [[nodiscard]] const std::vector<int>& shown() const { return shown_; }
  [[nodiscard]] const std::vector<EpisodeLine>& lines() const { return lines_; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  void sort(int column, Qt::SortOrder order) override;

 signals:
  void ticked(int episode, bool on);

 private:
  void arrange();
  [[nodiscard]] QString text(const EpisodeLine& line, int column) const;

  std::vector<EpisodeLine> lines_;
  std::vector<int> shown_;
  std::vector<char> chosen_;  ///< [episodes]
  EpisodeFilter filter_;
  int sorted_by_ = number;
  Qt::SortOrder order_ = Qt::AscendingOrder;
};

}  // namespace vaco::ui
