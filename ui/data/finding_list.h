// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/data/reader.h"

class QLabel;
class QVBoxLayout;

namespace vaco::ui {

/// What is odd about a dataset, each finding with the way to its first row and to do without its episodes.
class FindingList : public QWidget {
  Q_OBJECT
 public:
  explicit FindingList(QWidget* parent = nullptr);
  void show(const DatasetSummary& summary);

 signals:
  void rowRequested(qint64 row);
  void excludeRequested(const vaco::EpisodeList& episodes);

 private:
  QWidget* makeFinding(const Finding& finding, const DatasetSummary& summary, int number);

  QLabel* heading_;
  QVBoxLayout* column_;
};

}  // namespace vaco::ui
