// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QWidget>

#include "core/study/report_tables.h"

class QComboBox;
class QLabel;
class QStackedWidget;
class QStandardItemModel;
class QTableView;
class QToolButton;

namespace vaco::ui {

/// The dock with the statistics of the compared runs, as vaco report has them: one table at a time, with how it
/// is read, to be copied as LaTeX, Markdown or CSV.
class StatisticsPanel : public QWidget {
  Q_OBJECT
 public:
  /// profile: what draws the performance profiles; this takes it over.
  explicit StatisticsPanel(QWidget* profile, QWidget* parent = nullptr);
  /// The table that was shown stays, where there still is one of its key.
  void setReport(std::shared_ptr<const Report> report, std::vector<ReportTable> tables);
  /// Why there are none.
  void setEmpty(const QString& why);
  /// Whether a policy is there whose value can be estimated.
  void setCanEstimate(bool can);
  [[nodiscard]] const ReportTable* shown() const;

 signals:
  /// The statistics are in sight, so they are worth the time they take.
  void wanted();
  void estimateRequested();
  void copied(const QString& what);

 protected:
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum class Format { latex, markdown, csv };
  void showTable();
  void copy(Format format);

  std::shared_ptr<const Report> report_;
  std::vector<ReportTable> tables_;
  QComboBox* choice_;
  QToolButton *copy_, *estimate_;
  QLabel* note_;
  QStackedWidget* pages_;
  QTableView* table_;
  QStandardItemModel* model_;
  QWidget* profile_;
  QLabel* empty_;
};

}  // namespace vaco::ui
