// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_panel.h"

#include <algorithm>
#include <utility>

#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/runs/run_notes.h"
#include "ui/runs/run_rows.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/quiet_combo.h"
#include "ui/widgets/sort_menu.h"

namespace vaco::ui {

namespace {
constexpr int kScanMilliseconds = 2000;
constexpr int kGroupingLetters = 16, kFilterLetters = 10, kDatasetLetters = 20, kLongestLetters = 40;
constexpr int kMeasuredRows = 60;  ///< whose widths decide those of the columns
}  // namespace

RunsPanel::RunsPanel(QWidget* parent) : QWidget(parent), tree_(model_), commands_(model_) {
  setObjectName("runsPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeTop());
  source_row_ = makeSources();
  column->addWidget(source_row_);
  column->addWidget(makeFinder());
  makeTable();
  column->addWidget(table_, 1);
  empty_ = new QLabel(this);
  empty_->setProperty("role", "faint");
  empty_->setWordWrap(true);
  empty_->setMargin(10);
  empty_->setAlignment(Qt::AlignTop);
  column->addWidget(empty_, 1);
  notes_ = new RunNotes(model_, this);
  notes_->hide();
  column->addWidget(notes_);
  connect(notes_shown_, &QToolButton::toggled, this, [this](bool on) {
    notes_->keep();
    notes_->setVisible(on);
    notes_->show(selected());
  });
  connect(notes_, &RunNotes::failed, this, &RunsPanel::failed);

  connect(&commands_, &RunCommands::renameRequested, this, [this] {
    if (table_->currentIndex().isValid())
      table_->edit(table_->currentIndex().siblingAtColumn(RunsModel::kName));
  });
  connect(&commands_, &RunCommands::trashed, this, &RunsPanel::rescan);
  connect(&commands_, &RunCommands::failed, this, &RunsPanel::failed);
  connect(&model_, &RunsModel::baselineChanged, this, &RunsPanel::arrangementChanged);
  connect(&model_, &RunsModel::failed, this, &RunsPanel::failed);
  connect(&tree_, &RunsTree::aboutToArrange, this, &RunsPanel::remember);
  connect(&tree_, &RunsTree::arranged, this, &RunsPanel::restore);
  connect(&scan_, &BackgroundJob::failed, this, &RunsPanel::failed);
  timer_.setInterval(kScanMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &RunsPanel::rescan);
  updateButtons();
  updateEmpty();
}

QWidget* RunsPanel::makeTop() {
  auto* row = new QWidget(this);
  auto* top = new QHBoxLayout(row);
  top->setContentsMargins(10, 4, 6, 4);
  where_ = new ElidedLabel(row, Qt::ElideMiddle);
  where_->setProperty("role", "faint");
  top->addWidget(where_, 1);
  const auto button = [&](const char* name, const QString& text, const QString& tip) {
    auto* made = new QToolButton(row);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(tip);
    made->setAutoRaise(true);
    top->addWidget(made);
    return made;
  };
  auto* choose =
      button("chooseRunsFolder", tr("Folder…"), tr("Choose the folder in which runs are written and listed"));
  notes_shown_ = button("showRunNotes", tr("Notes"), tr("Show and write notes of the selected run"));
  notes_shown_->setCheckable(true);
  open_ = button("openSelectedRun", tr("Show"), tr("Show the selected run in the plots (Enter)"));
  resume_ =
      button("resumeSelectedRun", tr("Resume"), tr("Go on with the selected run from its last checkpoint"));
  connect(choose, &QToolButton::clicked, this, &RunsPanel::chooseFolderRequested);
  connect(open_, &QToolButton::clicked, this, [this] {
    if (const auto* run = selected()) emit commands_.openRequested(std::filesystem::path(run->folder));
  });
  connect(resume_, &QToolButton::clicked, this, [this] {
    if (const auto* run = selected()) emit commands_.resumeRequested(std::filesystem::path(run->folder));
  });
  return row;
}

QWidget* RunsPanel::makeSources() {
  auto* row = new QWidget(this);
  auto* second = new QHBoxLayout(row);
  second->setContentsMargins(10, 0, 6, 4);
  auto* caption = new QLabel(tr("L&ist"), row);
  sources_ = new QuietCombo(row);
  sources_->setObjectName("runsListed");
  sources_->setAccessibleName(tr("Runs that are listed"));
  sources_->setToolTip(tr("Which runs stand in this list; ticked ones stay in the comparison"));
  caption->setBuddy(sources_);
  second->addWidget(caption);
  second->addWidget(sources_, 1);
  row->hide();
  connect(sources_, &QComboBox::activated, this,
          [this](int at) { model_.setShownFolder(sources_->itemData(at).toString().toStdString()); });
  return row;
}

QWidget* RunsPanel::makeFinder() {
  auto* row = new QWidget(this);
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(10, 0, 6, 4);
  filter_ = new QLineEdit(row);
  filter_->setObjectName("runsFilter");
  filter_->setPlaceholderText(tr("Find runs"));
  filter_->setAccessibleName(tr("Find runs"));
  filter_->setClearButtonEnabled(true);
  filter_->setToolTip(
      tr("Words that a run must all have. Also: status:finished, algorithm:bc, tag:good, seed:3, "
         "notes:…, is:starred"));
  grouping_ = new QuietCombo(row);
  grouping_->setObjectName("runsGrouping");
  grouping_->setAccessibleName(tr("Group runs by"));
  grouping_->setToolTip(
      tr("Puts runs together under headings with their means, or each under the run it was "
         "forked from"));
  for (const auto& [key, label] : RunsTree::groupings()) grouping_->addItem(label, key);
  auto* caption = new QLabel(tr("&Group by"), row);
  caption->setBuddy(grouping_);
  count_ = new QLabel(row);
  count_->setObjectName("runsCount");
  count_->setProperty("role", "faint");
  grouping_->setMinimumWidth(fontMetrics().averageCharWidth() * kGroupingLetters);
  filter_->setMinimumWidth(fontMetrics().averageCharWidth() * kFilterLetters);
  line->addWidget(filter_, 1);
  line->addWidget(count_);
  line->addWidget(caption);
  line->addWidget(grouping_);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    tree_.setFilter(text);
    emit arrangementChanged();
  });
  connect(grouping_, &QComboBox::activated, this, [this] {
    tree_.setGrouping(grouping_->currentData().toString());
    emit arrangementChanged();
  });
  return row;
}

void RunsPanel::makeTable() {
  table_ = new QTreeView(this);
  table_->setObjectName("runsTable");
  table_->setAccessibleName(tr("Runs"));
  table_->setModel(&tree_);
  table_->setItemDelegate(new RunRows(tree_, table_));
  table_->setUniformRowHeights(true);
  table_->setAllColumnsShowFocus(true);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setEditTriggers(QAbstractItemView::EditKeyPressed);
  table_->setAlternatingRowColors(true);
  table_->setIndentation(16);
  table_->setTextElideMode(Qt::ElideMiddle);
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  auto* header = table_->header();
  header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  header->setResizeContentsPrecision(kMeasuredRows);
  header->setSectionResizeMode(QHeaderView::ResizeToContents);
  header->setMaximumSectionSize(kLongestLetters * fontMetrics().averageCharWidth());
  header->setSectionsMovable(false);
  // Names of data may be long: the scores stay in view.
  header->moveSection(header->visualIndex(RunsModel::kDataset), RunsModel::kPearson);
  header->setSectionResizeMode(RunsModel::kDataset, QHeaderView::Interactive);
  header->resizeSection(RunsModel::kDataset, kDatasetLetters * fontMetrics().averageCharWidth());
  header->setSectionsClickable(true);
  // The newest first until a column is chosen.
  header->setSortIndicator(-1, Qt::AscendingOrder);
  header->setSortIndicatorClearable(true);
  table_->setSortingEnabled(true);
  table_->installEventFilter(this);
  table_->hide();
  connect(table_, &QTreeView::activated, this, [this](const QModelIndex& index) {
    if (const auto* run = tree_.run(index)) emit commands_.openRequested(std::filesystem::path(run->folder));
  });
  connect(table_, &QTreeView::collapsed, this,
          [this](const QModelIndex& index) { folded_.insert(index.data(RunsModel::kSortRole).toString()); });
  connect(table_, &QTreeView::expanded, this,
          [this](const QModelIndex& index) { folded_.erase(index.data(RunsModel::kSortRole).toString()); });
  connect(table_, &QWidget::customContextMenuRequested, this, &RunsPanel::showMenu);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPanel::updateButtons);
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

void RunsPanel::setGrouping(const QString& key) {
  grouping_->setCurrentIndex(std::max(0, grouping_->findData(key)));
  tree_.setGrouping(grouping_->currentData().toString());
}

void RunsPanel::setFilter(const QString& text) {
  filter_->setText(text);
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

bool RunsPanel::isEditing() const {
  const auto* focused = QApplication::focusWidget();
  return focused && table_->viewport()->isAncestorOf(focused);
}

void RunsPanel::takeRows(std::vector<RunRow> rows) {
  if (isEditing()) return;  // a new list would close the name that is being written; the next look comes soon
  model_.setRows(std::move(rows));
  updateEmpty();
  updateButtons();
}

void RunsPanel::updateEmpty() {
  const bool none = tree_.runsListed() == 0;
  table_->setVisible(!none);
  empty_->setVisible(none);
  empty_->setText(
      model_.rowCount() > 0
          ? tr("No run has all of these words: %1").arg(tree_.filter())
          : tr("No runs here yet. A run appears as soon as it is started, here or on the command line"));
  count_->setText(tree_.runsListed() < model_.rowCount()
                      ? tr("%1 of %2").arg(tree_.runsListed()).arg(model_.rowCount())
                      : QString());
}

void RunsPanel::remember() {
  kept_chosen_ = chosen();
  kept_focus_ = table_->hasFocus() || isEditing();
  kept_place_ = table_->verticalScrollBar()->value();
}

void RunsPanel::restore() {
  // A new run, or another order, must not take the selection away. Notes are kept when all is in its place:
  // keeping them arranges the list once more.
  const auto kept = std::exchange(kept_chosen_, {});
  const QSignalBlocker quiet(table_);
  restoring_ = true;
  table_->expandAll();
  for (int row = 0; row < tree_.rowCount(); ++row)
    if (const auto index = tree_.index(row, 0); folded_.contains(index.data(RunsModel::kSortRole).toString()))
      table_->collapse(index);
  for (auto run = kept.rbegin(); run != kept.rend(); ++run)
    if (const auto index = tree_.indexOf(*run); index.isValid()) {
      table_->selectionModel()->setCurrentIndex(
          index, QItemSelectionModel::Select | QItemSelectionModel::Rows | QItemSelectionModel::Current);
    }
  table_->verticalScrollBar()->setValue(kept_place_);
  if (kept_focus_) table_->setFocus();
  restoring_ = false;
  updateEmpty();
  updateButtons();
}

RunCommands::Runs RunsPanel::chosen() const {
  RunCommands::Runs runs;
  for (const auto& index : table_->selectionModel()->selectedRows())
    if (const auto* run = tree_.run(index)) runs.push_back(run->folder);
  if (const auto* current = tree_.run(table_->currentIndex()))
    if (const auto found = std::find(runs.begin(), runs.end(), current->folder); found != runs.end())
      std::rotate(runs.begin(), found, found + 1);
  return runs;
}

const RunRow* RunsPanel::selected() const {
  const auto runs = chosen();
  return runs.empty() ? nullptr : model_.row(runs.front());
}

void RunsPanel::updateButtons() {
  if (restoring_) return;
  const auto* row = selected();
  open_->setEnabled(row);
  resume_->setEnabled(row && row->canResume());
  notes_->show(row);
}

bool RunsPanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == table_ && event->type() == QEvent::KeyPress) {
    const auto key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Delete) return commands_.trash(chosen()), true;
    if (key == Qt::Key_S) return commands_.toggleStar(chosen()), true;
  }
  return QWidget::eventFilter(watched, event);
}

void RunsPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  timer_.start();
  rescan();
}

void RunsPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  notes_->keep();
  timer_.stop();
}

void RunsPanel::showMenu(const QPoint& at) {
  auto runs = chosen();
  if (runs.empty()) runs = tree_.runsBelow(table_->indexAt(at));
  if (runs.empty() || !table_->indexAt(at).isValid()) return;
  auto* menu = new QMenu(this);
  menu->setObjectName("runMenu");
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setToolTipsVisible(true);
  commands_.fill(*menu, runs, tree_.runsBelow({}));
  addSorting(*menu, *table_->header());
  menu->popup(table_->viewport()->mapToGlobal(at));
}

}  // namespace vaco::ui
