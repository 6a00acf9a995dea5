// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/statistics_panel.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/figures/figure_table.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

namespace {
constexpr auto kProfile = "profile";

QString cellText(const std::string& words) {
  return QString::fromStdString(words);
}

std::string csvOf(const ReportTable& table) {
  FigureTable cells;
  cells.columns = table.header;
  for (const auto& row : table.rows) cells.rows.emplace_back(row.begin(), row.end());
  return toCsv(cells);
}
}  // namespace

StatisticsPanel::StatisticsPanel(QWidget* profile, QWidget* parent) : QWidget(parent), profile_(profile) {
  setObjectName("statisticsPanel");
  choice_ = new QuietCombo(this);
  choice_->setObjectName("statisticsChoice");
  choice_->setAccessibleName(tr("Statistics"));
  copy_ = new QToolButton(this);
  copy_->setObjectName("copyStatistics");
  copy_->setText(tr("Copy"));
  copy_->setToolTip(tr("Copy this table, with what its numbers are"));
  copy_->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(copy_);
  const std::pair<Format, QString> formats[] = {
      {Format::latex, tr("as &LaTeX")}, {Format::markdown, tr("as &Markdown")}, {Format::csv, tr("as &CSV")}};
  for (const auto& [format, label] : formats)
    connect(menu->addAction(label), &QAction::triggered, this, [this, format = format] { copy(format); });
  copy_->setMenu(menu);
  estimate_ = new QToolButton(this);
  estimate_->setObjectName("estimateOffline");
  estimate_->setText(tr("Estimate from data"));
  estimate_->setToolTip(
      tr("Estimates the value of the shown run's policy from its dataset alone (fitted Q "
         "evaluation), with an interval; takes minutes, in the background"));
  auto* top = new QHBoxLayout;
  top->setSpacing(6);
  top->setContentsMargins(10, 4, 6, 4);
  top->addWidget(choice_, 1);
  top->addWidget(estimate_);
  top->addWidget(copy_);
  note_ = new QLabel(this);
  note_->setProperty("role", "faint");
  note_->setWordWrap(true);
  note_->setMargin(10);
  table_ = new QTableView(this);
  table_->setObjectName("statisticsTable");
  model_ = new QStandardItemModel(this);
  table_->setModel(model_);
  table_->setWordWrap(false);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setShowGrid(false);
  table_->setAlternatingRowColors(true);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  empty_ = new QLabel(this);
  empty_->setProperty("role", "faint");
  empty_->setWordWrap(true);
  empty_->setMargin(10);
  empty_->setAlignment(Qt::AlignTop);
  pages_ = new QStackedWidget(this);
  for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(table_), profile_})
    pages_->addWidget(page);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(top);
  column->addWidget(pages_, 1);
  column->addWidget(note_);
  connect(choice_, &QComboBox::currentIndexChanged, this, &StatisticsPanel::showTable);
  connect(estimate_, &QToolButton::clicked, this, &StatisticsPanel::estimateRequested);
  setEmpty(tr("Tick runs in the list of runs: their means, intervals and comparisons appear here"));
}

void StatisticsPanel::setReport(std::shared_ptr<const Report> report, std::vector<ReportTable> tables) {
  report_ = std::move(report);
  tables_ = std::move(tables);
  const auto before = choice_->currentData().toString();
  {
    const QSignalBlocker quiet(choice_);
    choice_->clear();
    for (const auto& table : tables_) choice_->addItem(cellText(table.title), cellText(table.key));
    choice_->addItem(tr("Performance profiles"), kProfile);
    choice_->setCurrentIndex(std::max(0, choice_->findData(before)));
  }
  showTable();
}

void StatisticsPanel::setEmpty(const QString& why) {
  report_.reset();
  tables_.clear();
  choice_->clear();
  empty_->setText(why);
  showTable();
}

void StatisticsPanel::setCanEstimate(bool can) {
  estimate_->setEnabled(can);
}

const ReportTable* StatisticsPanel::shown() const {
  const auto key = choice_->currentData().toString().toStdString();
  const auto found =
      std::find_if(tables_.begin(), tables_.end(), [&](const ReportTable& table) { return table.key == key; });
  return found == tables_.end() ? nullptr : &*found;
}

void StatisticsPanel::showTable() {
  const auto* table = shown();
  copy_->setEnabled(table);
  note_->setText(table ? cellText(table->note) : QString());
  note_->setVisible(table);
  choice_->setEnabled(report_ != nullptr);
  if (!table) return pages_->setCurrentWidget(report_ ? profile_ : empty_);
  model_->clear();
  QStringList header;
  for (const auto& one : table->header) header << cellText(one);
  model_->setHorizontalHeaderLabels(header);
  for (const auto& row : table->rows) {
    QList<QStandardItem*> items;
    for (const auto& cell : row) {
      items << new QStandardItem(cellText(cell));
      items.back()->setToolTip(cellText(cell));
    }
    model_->appendRow(items);
  }
  table_->setAccessibleName(cellText(table->title));
  pages_->setCurrentWidget(table_);
}

void StatisticsPanel::copy(Format format) {
  const auto* table = shown();
  if (!table || !report_) return;
  const auto words = format == Format::csv     ? csvOf(*table)
                     : format == Format::latex ? to_latex(*report_, {*table})
                                               : to_markdown(*report_, {*table});
  QApplication::clipboard()->setText(cellText(words));
  emit copied(tr("“%1” copied").arg(cellText(table->title)));
}

void StatisticsPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  emit wanted();
}

void StatisticsPanel::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return copy(Format::csv);
  QWidget::keyPressEvent(event);
}

}  // namespace vaco::ui
