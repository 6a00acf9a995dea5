// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QAbstractTableModel>

#include "ui/studies/study_watcher.h"

namespace vaco::ui {

/// The runs of a study as a table. kFraction is the role of a run's progress, 0 to 1.
class StudyModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { kDataset, kAlgorithm, kSeed, kState, kProgress, kEta, kScore, kPearson, kColumns };
  static constexpr int kFraction = Qt::UserRole;

  explicit StudyModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
  void setState(std::shared_ptr<const StudyState> state);
  [[nodiscard]] const StudyCell* cell(int row) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  [[nodiscard]] QString text(const StudyCell& cell, int column) const;
  [[nodiscard]] QString score(const StudyCell& cell) const;

  std::shared_ptr<const StudyState> state_;
  bool mixes_ = false;  ///< normalized scores and plain returns are shown
};

}  // namespace vaco::ui
