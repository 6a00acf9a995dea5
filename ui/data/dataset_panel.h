// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "ui/data/dataset_loader.h"

class QFormLayout;
class QLabel;
class QProgressBar;
class QStackedWidget;
class QVBoxLayout;

namespace vaco::ui {

class ReturnHistogram;

/// The data of the experiment: a place to drop a file, progress while it is read, and its summary with
/// findings.
class DatasetPanel : public QWidget {
  Q_OBJECT
 public:
  explicit DatasetPanel(DatasetLoader& loader, QWidget* parent = nullptr);

  [[nodiscard]] ReturnHistogram& returns() { return *histogram_; }

 signals:
  void openRequested();
  void demoRequested();
  void rowRequested(qint64 row);  ///< of a finding, to be looked at

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QWidget* makeEmpty();
  QWidget* makeBusy();
  QWidget* makeSummary();
  void show(const DatasetView& view);
  void showFacts(const DatasetSummary& summary);
  void showPolicies(const DatasetSummary& summary);
  void showFindings(const DatasetSummary& summary);

  DatasetLoader& loader_;
  QStackedWidget* pages_;
  QLabel *busy_what_, *busy_doing_;
  QProgressBar* busy_bar_;
  QLabel *name_, *where_;
  QFormLayout* facts_;
  QLabel* policies_;
  ReturnHistogram* histogram_;
  QLabel* findings_heading_;
  QVBoxLayout* findings_;
};

}  // namespace vaco::ui
