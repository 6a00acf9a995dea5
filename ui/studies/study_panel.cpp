// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studies/study_panel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/figures/number_text.h"
#include "ui/studies/study_process.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/theme.h"

namespace vaco::ui {

namespace {
constexpr int kProgressSteps = 1000;
constexpr int kCellBarWidth = 90;

/// Draws a run's progress as a bar with its percentage.
class ProgressDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);  // without its text
    const double fraction = index.data(StudyModel::kFraction).toDouble();
    const QRect words = option.rect.adjusted(kCellBarWidth - 34, 0, -4, 0);
    const QRect bar(option.rect.left() + 6, option.rect.center().y() - 2, kCellBarWidth - 44, 5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(themeColors().line);
    painter->drawRoundedRect(bar, 2, 2);
    painter->setBrush(themeColors().accent);
    painter->drawRoundedRect(QRect(bar.topLeft(), QSize(qRound(fraction * bar.width()), bar.height())), 2, 2);
    const bool chosen = option.state & QStyle::State_Selected;
    painter->setPen(option.palette.color(chosen ? QPalette::HighlightedText : QPalette::Text));
    painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
    painter->restore();
  }
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    return {kCellBarWidth + 8, QStyledItemDelegate::sizeHint(option, index).height()};
  }

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    option->text.clear();
  }
};
}  // namespace

StudyPanel::StudyPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("studyPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeTop());
  table_ = new QTableView(this);
  table_->setWordWrap(false);  // a wrapped number reads as another one
  table_->setObjectName("studyTable");
  table_->setAccessibleName(tr("Runs of the study"));
  table_->setModel(&model_);
  table_->setItemDelegateForColumn(StudyModel::kProgress, new ProgressDelegate(table_));
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setShowGrid(false);
  table_->setAlternatingRowColors(true);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  // Names of variants may be long: the scores stay in view.
  table_->horizontalHeader()->setSectionResizeMode(StudyModel::kAlgorithm, QHeaderView::Stretch);
  column->addWidget(table_, 1);
  empty_ = new QLabel(
      tr("Open the folder of a study (vaco sweep, vaco study) to watch its runs, or start several seeds "
         "or “Reproduce the poster” from the Run menu"),
      this);
  empty_->setProperty("role", "faint");
  empty_->setWordWrap(true);
  empty_->setMargin(10);
  empty_->setAlignment(Qt::AlignTop);
  column->addWidget(empty_, 1);
  table_->hide();
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (const auto* cell = model_.cell(index.row()); cell && cell->look.state != CellState::fresh)
      emit openRequested(cell->folder);
  });
  connect(&watcher_, &StudyWatcher::changed, this, &StudyPanel::takeState);
  connect(&watcher_, &StudyWatcher::failed, this, &StudyPanel::failed);
}

QWidget* StudyPanel::makeTop() {
  auto* top = new QWidget(this);
  auto* column = new QVBoxLayout(top);
  column->setContentsMargins(10, 4, 6, 6);
  column->setSpacing(4);
  auto* row = new QHBoxLayout;
  where_ = new ElidedLabel(top, Qt::ElideMiddle);
  where_->setProperty("role", "faint");
  auto* choose = new QToolButton(top);
  choose->setObjectName("chooseStudy");
  choose->setText(tr("Folder…"));
  choose->setToolTip(tr("Choose the folder of a study"));
  choose->setAutoRaise(true);
  row->addWidget(where_, 1);
  row->addWidget(choose);
  const auto button = [&](const char* name, const QString& text, const QString& tip) {
    auto* made = new QToolButton(top);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(tip);
    made->setAutoRaise(true);
    made->setEnabled(false);
    row->addWidget(made);
    return made;
  };
  go_on_ = button("goOnStudy", tr("Continue"),
                  tr("Go on with the runs that are not finished, from their checkpoints"));
  retry_ = button("retryStudy", tr("Retry failed"), tr("Go on, also with the runs that failed"));
  stop_ = button("stopStudy", tr("Stop"),
                 tr("Save all runs of the study and stop them; Continue goes on with them"));
  connect(go_on_, &QToolButton::clicked, this, [this] { emit goOnRequested(folder(), false); });
  connect(retry_, &QToolButton::clicked, this, [this] { emit goOnRequested(folder(), true); });
  summary_ = new QLabel(top);
  summary_->setObjectName("studySummary");
  summary_->setWordWrap(true);
  progress_ = new QProgressBar(top);
  progress_->setObjectName("datasetProgress");
  progress_->setAccessibleName(tr("Progress of the study"));
  progress_->setRange(0, kProgressSteps);
  progress_->setTextVisible(false);
  compared_ = new QCheckBox(tr("&Compare its runs"), top);
  compared_->setObjectName("compareStudy");
  compared_->setToolTip(
      tr("Lay all runs of the study over each other in the plots and the comparison; single ones "
         "are ticked in the list of runs"));
  auto* second = new QHBoxLayout;
  second->addWidget(summary_, 1);
  second->addWidget(compared_, 0, Qt::AlignTop);
  column->addLayout(row);
  column->addLayout(second);
  column->addWidget(progress_);
  summary_->hide();
  compared_->hide();
  progress_->hide();
  // Some ticked becomes all ticked: a half is shown, and never chosen.
  connect(compared_, &QCheckBox::clicked, this,
          [this] { emit compareRequested(compared_->checkState() != Qt::Unchecked); });
  connect(choose, &QToolButton::clicked, this, &StudyPanel::chooseFolderRequested);
  connect(stop_, &QToolButton::clicked, this, [this] { emit stopRequested(folder()); });
  return top;
}

void StudyPanel::setFolder(const std::filesystem::path& folder) {
  where_->setText(QString::fromStdString(folder.string()));
  where_->setToolTip(where_->text());
  begun_.clear();
  model_.setState(nullptr);
  watcher_.watch(folder);
}

void StudyPanel::setCompared(size_t runs) {
  compared_->setTristate(runs > 0 && runs < begun_.size());
  compared_->setCheckState(runs == 0              ? Qt::Unchecked
                           : runs < begun_.size() ? Qt::PartiallyChecked
                                                  : Qt::Checked);
}

QString StudyPanel::summary(const StudyState& state) const {
  if (state.cells.empty()) {
    // Before the plan is there, data are made: the program's own words say how far that is.
    const auto doing = StudyProcess::lastLine(state.folder);
    return doing.isEmpty() ? tr("No plan here yet") : doing;
  }
  QStringList parts{tr("%1 of %2 runs finished").arg(state.count(CellState::finished)).arg(state.cells.size())};
  if (const int running = state.count(CellState::running)) parts << tr("%1 running").arg(running);
  if (const int failed = state.count(CellState::failed)) parts << tr("%1 failed").arg(failed);
  if (const int rest = state.count(CellState::interrupted)) parts << tr("%1 interrupted").arg(rest);
  if (state.eta_seconds >= 0.0) parts << tr("about %1 left").arg(durationText(state.eta_seconds));
  if (state.queued()) parts << tr("on Slurm");
  if (!state.slurm_problem.isEmpty()) parts << state.slurm_problem;
  if (!state.running && !state.queued() && state.count(CellState::running) == 0 &&
      state.count(CellState::finished) < static_cast<int>(state.cells.size())) {
    // A job is submitted by a process that has ended: when that went wrong, its last words say why.
    const auto why = state.on_slurm ? QString() : StudyProcess::lastError(state.folder);
    parts << (why.isEmpty() ? tr("stopped") : why);
  }
  return parts.join(", ");
}

void StudyPanel::updateButtons(const StudyState& state) {
  stop_->setEnabled(state.running || state.queued());
  const bool can = !state.running && !state.queued() && StudyProcess::canGoOn(state.folder);
  const int failed = state.count(CellState::failed);
  const int open = static_cast<int>(state.cells.size()) - failed - state.count(CellState::finished);
  go_on_->setEnabled(can && (open > 0 || state.cells.empty()));
  retry_->setEnabled(can && failed > 0);
}

void StudyPanel::takeState() {
  const auto& state = watcher_.state();
  if (!state) return;
  model_.setState(state);
  summary_->setText(summary(*state));
  summary_->show();
  compared_->setVisible(!state->cells.empty());
  progress_->setVisible(!state->cells.empty());
  progress_->setValue(qRound(kProgressSteps * state->fraction()));
  updateButtons(*state);
  table_->setVisible(!state->cells.empty());
  empty_->setVisible(false);
  std::vector<std::filesystem::path> begun;
  for (const auto& cell : state->cells)
    if (cell.look.state != CellState::fresh) begun.push_back(cell.folder);
  if (begun == begun_) return;
  begun_ = std::move(begun);
  emit runsChanged(begun_);
}

}  // namespace vaco::ui
