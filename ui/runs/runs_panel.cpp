// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_panel.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/widgets/elided_label.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

namespace {
constexpr int kScanMilliseconds = 2000;
constexpr int kDatasetLetters = 20;
}  // namespace

RunsPanel::RunsPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("runsPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(10, 4, 6, 4);
  where_ = new ElidedLabel(this, Qt::ElideMiddle);
  where_->setProperty("role", "faint");
  top->addWidget(where_, 1);
  const auto button = [&](const char* name, const QString& text, const QString& tip) {
    auto* made = new QToolButton(this);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(tip);
    made->setAutoRaise(true);
    top->addWidget(made);
    return made;
  };
  auto* choose =
      button("chooseRunsFolder", tr("Folder…"), tr("Choose the folder in which runs are written and listed"));
  open_ = button("openSelectedRun", tr("Show"), tr("Show the selected run in the plots (Enter)"));
  resume_ =
      button("resumeSelectedRun", tr("Resume"), tr("Go on with the selected run from its last checkpoint"));
  connect(choose, &QToolButton::clicked, this, &RunsPanel::chooseFolderRequested);
  connect(open_, &QToolButton::clicked, this, [this] {
    if (const auto* row = selected()) emit openRequested(std::filesystem::path(row->folder));
  });
  connect(resume_, &QToolButton::clicked, this, [this] {
    if (const auto* row = selected()) emit resumeRequested(std::filesystem::path(row->folder));
  });
  column->addLayout(top);
  source_row_ = new QWidget(this);
  auto* second = new QHBoxLayout(source_row_);
  second->setContentsMargins(10, 0, 6, 4);
  auto* caption = new QLabel(tr("&List"), source_row_);
  sources_ = new QuietCombo(source_row_);
  sources_->setObjectName("runsListed");
  sources_->setAccessibleName(tr("Runs that are listed"));
  sources_->setToolTip(tr("Which runs stand in this list; ticked ones stay in the comparison"));
  caption->setBuddy(sources_);
  second->addWidget(caption);
  second->addWidget(sources_, 1);
  column->addWidget(source_row_);
  source_row_->hide();
  connect(sources_, &QComboBox::activated, this,
          [this](int at) { model_.setShownFolder(sources_->itemData(at).toString().toStdString()); });
  table_ = new QTableView(this);
  table_->setWordWrap(false);  // a wrapped number reads as another one
  table_->setObjectName("runsTable");
  table_->setAccessibleName(tr("Runs"));
  table_->setModel(&model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setShowGrid(false);
  table_->setAlternatingRowColors(true);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  // Names of data may be long: the scores stay in view.
  table_->setTextElideMode(Qt::ElideMiddle);
  table_->horizontalHeader()->setSectionResizeMode(RunsModel::kDataset, QHeaderView::Interactive);
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  column->addWidget(table_, 1);
  empty_ = new QLabel(
      tr("No runs here yet. A run appears as soon as it is started, here or on the command line"), this);
  empty_->setProperty("role", "faint");
  empty_->setWordWrap(true);
  empty_->setMargin(10);
  empty_->setAlignment(Qt::AlignTop);
  column->addWidget(empty_, 1);
  table_->hide();

  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (const auto* row = model_.row(index.row())) emit openRequested(row->folder);
  });
  connect(table_, &QWidget::customContextMenuRequested, this, &RunsPanel::showMenu);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPanel::updateButtons);
  updateButtons();
  timer_.setInterval(kScanMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &RunsPanel::rescan);
  connect(&scan_, &BackgroundJob::failed, this, &RunsPanel::failed);
}

void RunsPanel::setFolder(const std::filesystem::path& folder) {
  folder_ = folder;
  std::error_code error;
  const auto absolute = std::filesystem::absolute(folder, error);
  where_->setText(QString::fromStdString((error ? folder : absolute).string()));
  where_->setToolTip(where_->text());
  fillSources();
  rescan();
}

void RunsPanel::setStudy(const std::filesystem::path& folder) {
  study_ = folder;
  fillSources();
  rescan();
}

void RunsPanel::fillSources() {
  sources_->clear();
  sources_->addItem(tr("All runs"));
  const bool apart = !study_.empty() && study_ != folder_;
  if (apart) {
    sources_->addItem(tr("Study %1").arg(QString::fromStdString(study_.filename().string())),
                      QString::fromStdString(study_.string()));
    sources_->addItem(tr("Runs in %1").arg(QString::fromStdString(folder_.filename().string())),
                      QString::fromStdString(folder_.string()));
  }
  source_row_->setVisible(apart);
  model_.setShownFolder({});
}

void RunsPanel::rescan() {
  if (scan_.running() || folder_.empty()) return;
  std::vector<std::filesystem::path> folders{folder_};
  if (!study_.empty() && study_ != folder_) folders.push_back(study_);
  scan_.start([this, folders, scanner = scanner_](const ProgressFn&,
                                                  const std::stop_token&) -> BackgroundJob::Completion {
    auto rows = std::make_shared<std::vector<RunRow>>(scanner->scan(folders));
    return [this, rows] { takeRows(std::move(*rows)); };
  });
}

void RunsPanel::takeRows(std::vector<RunRow> rows) {
  table_->setVisible(!rows.empty());
  empty_->setVisible(rows.empty());
  // A new run must not take the selection away.
  const auto* row = selected();
  const auto chosen = row ? row->folder : std::filesystem::path();
  model_.setRows(std::move(rows));
  if (!selected() && !chosen.empty())
    for (int at = 0; at < model_.rowCount(); ++at)
      if (model_.row(at)->folder == chosen) table_->selectRow(at);
  updateButtons();
  fitDatasetColumn();
}

void RunsPanel::fitDatasetColumn() {
  const auto* header = table_->horizontalHeader();
  const QAbstractItemView* view = table_;
  const auto wanted = [&](int column) {
    return std::max(header->sectionSizeHint(column), view->sizeHintForColumn(column));
  };
  int room = table_->viewport()->width();
  for (int column = 0; column < RunsModel::kColumns; ++column)
    if (column != RunsModel::kDataset) room -= wanted(column);
  const int least = kDatasetLetters * fontMetrics().averageCharWidth();
  table_->setColumnWidth(RunsModel::kDataset,
                         std::clamp(wanted(RunsModel::kDataset), least, std::max(least, room)));
}

const RunRow* RunsPanel::selected() const {
  const auto rows = table_->selectionModel()->selectedRows();
  return rows.isEmpty() ? nullptr : model_.row(rows.front().row());
}

void RunsPanel::updateButtons() {
  const auto* row = selected();
  open_->setEnabled(row);
  resume_->setEnabled(row && row->canResume());
}

void RunsPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  timer_.start();
  rescan();
}

void RunsPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitDatasetColumn();
}

void RunsPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  timer_.stop();
}

void RunsPanel::showMenu(const QPoint& at) {
  const auto* row = model_.row(table_->indexAt(at).row());
  if (!row) return;
  const auto folder = row->folder;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(tr("Open"), this, [this, folder] { emit openRequested(folder); });
  auto* resume = menu->addAction(tr("Resume from its last checkpoint"), this,
                                 [this, folder] { emit resumeRequested(folder); });
  resume->setEnabled(row->canResume());
  menu->addSeparator();
  std::vector<std::filesystem::path> seeds, all;
  for (int at_row = 0; at_row < model_.rowCount(); ++at_row) {
    const auto* other = model_.row(at_row);
    all.push_back(other->folder);
    if (!row->settings.empty() && other->settings == row->settings) seeds.push_back(other->folder);
  }
  menu->addAction(tr("Overlay all its seeds (%1)").arg(seeds.size()), this,
                  [this, seeds] { model_.overlay(seeds); })
      ->setEnabled(seeds.size() > 1);
  menu->addAction(tr("Overlay all runs (%1)").arg(all.size()), this, [this, all] { model_.overlay(all); });
  menu->addAction(tr("Clear the overlay"), this, [this] { model_.clearOverlay(); })
      ->setEnabled(!model_.overlaid().empty());
  menu->addSeparator();
  menu->addAction(tr("Show folder"), this, [folder] {
    QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(folder.string())));
  });
  menu->addAction(tr("Copy path"), this,
                  [folder] { QApplication::clipboard()->setText(QString::fromStdString(folder.string())); });
  menu->popup(table_->viewport()->mapToGlobal(at));
}

}  // namespace vaco::ui
