// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "ui/data/dataset_loader.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QStackedWidget;

namespace vaco::ui {

class FindingList;
class ReturnHistogram;
class FindingRowsTable;

/// The data of the experiment: a place to drop a file, progress while it is read, and its summary with
/// findings.
class DatasetPanel : public QWidget {
  Q_OBJECT
 public:
  explicit DatasetPanel(DatasetLoader& loader, QWidget* parent = nullptr);
  /// Less than its parts would like: no dock may widen the window.
  [[nodiscard]] QSize minimumSizeHint() const override { return {260, 120}; }
  /// Which episodes are left out of what would be trained on.
  void setExcluded(const EpisodeList& episodes);

  [[nodiscard]] ReturnHistogram& returns() { return *histogram_; }

 signals:
  void openRequested();
  void demoRequested();
  void excludeRequested(const vaco::EpisodeList& episodes);  ///< leave these out too
  void includeAllRequested();
  void rowRequested(qint64 row);                  ///< of a finding; its table is shown here
  void columnsRequested(const QString& columns);  ///< of a table: what stands where

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QWidget* makeEmpty();
  QWidget* makeBusy();
  QWidget* makeSummary();
  void show(const DatasetView& view);
  void showFacts(const DatasetSummary& summary);
  void showPolicies(const DatasetSummary& summary);
  void showRow(qint64 row);
  QWidget* makeColumns(QWidget* parent);
  QWidget* makeExcluded(QWidget* parent);

  DatasetLoader& loader_;
  QStackedWidget* pages_;
  QLabel *busy_what_, *busy_doing_;
  QProgressBar* busy_bar_;
  QLabel *name_, *where_;
  QFormLayout* facts_;
  QLabel* policies_;
  ReturnHistogram* histogram_;
  FindingList* findings_;
  FindingRowsTable* rows_;
  QWidget *columns_box_, *excluded_box_;
  QLineEdit* columns_;
  QLabel* excluded_;
};

}  // namespace vaco::ui
