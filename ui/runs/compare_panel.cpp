// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/compare_panel.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/widgets/quiet_combo.h"
#include "ui/widgets/segmented_control.h"

namespace vaco::ui {

namespace {
constexpr int kWidestColumn = 260;
}

ComparePanel::ComparePanel(QWidget* parent) : QWidget(parent) {
  setObjectName("comparePanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(8, 4, 6, 4);
  top->setSpacing(8);
  shown_ = new SegmentedControl(this);
  shown_->setSegments({{"settings", tr("Settings"), tr("What the runs were started with")},
                       {"results", tr("Results"), tr("What came out, as means over the seeds")}});
  shown_->setCurrent("settings");
  only_ = new QCheckBox(tr("Only &differences"), this);
  only_->setChecked(true);
  only_->setToolTip(tr("Leave out the settings in which all of these runs agree"));
  filter_ = new QLineEdit(this);
  filter_->setPlaceholderText(tr("Filter"));
  filter_->setAccessibleName(tr("Filter the rows"));
  filter_->setClearButtonEnabled(true);
  filter_->setMinimumWidth(60);
  top->addWidget(shown_);
  top->addWidget(only_);
  top->addWidget(filter_, 1);
  column->addLayout(top);

  auto* second = new QHBoxLayout;
  second->setContentsMargins(8, 0, 6, 4);
  second->setSpacing(8);
  auto* caption = new QLabel(tr("&Baseline"), this);
  baseline_ = new QuietCombo(this);
  baseline_->setObjectName("compareBaseline");
  baseline_->setAccessibleName(tr("Baseline"));
  baseline_->setToolTip(
      tr("Stands first; what differs from it is bold. Choosing one pins its first run as the baseline"));
  caption->setBuddy(baseline_);
  auto* copy = new QToolButton(this);
  copy->setText(tr("Copy table"));
  copy->setToolTip(tr("Copies what is shown, for a spreadsheet (Ctrl+C)"));
  copy->setAutoRaise(true);
  second->addWidget(caption);
  second->addWidget(baseline_, 1);
  second->addWidget(copy);
  column->addLayout(second);

  table_ = new QTableView(this);
  table_->setWordWrap(false);  // a wrapped number reads as another one
  table_->setObjectName("compareTable");
  table_->setAccessibleName(tr("Runs side by side"));
  table_->setModel(&model_);
  table_->setShowGrid(false);
  table_->setTextElideMode(Qt::ElideMiddle);
  table_->setAlternatingRowColors(true);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table_->horizontalHeader()->setMaximumSectionSize(kWidestColumn);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  column->addWidget(table_, 1);
  empty_ = new QLabel(this);
  empty_->setObjectName("compareEmpty");
  empty_->setProperty("role", "faint");
  empty_->setWordWrap(true);
  empty_->setMargin(10);
  empty_->setAlignment(Qt::AlignTop);
  column->addWidget(empty_, 1);

  connect(shown_, &SegmentedControl::chosen, this, [this](const QString& key) {
    model_.setShown(key == "results" ? CompareModel::Shown::results : CompareModel::Shown::settings);
    only_->setEnabled(key != "results");
    updateControls();
  });
  connect(only_, &QCheckBox::toggled, this, [this](bool on) {
    model_.setDifferencesOnly(on);
    updateControls();
  });
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    model_.setFilter(text);
    updateControls();
  });
  connect(baseline_, &QComboBox::activated, this,
          [this](int group) { emit baselineChosen(model_.runOf(group)); });
  connect(copy, &QToolButton::clicked, this, &ComparePanel::copyTable);
  updateControls();
}

void ComparePanel::setRuns(const ComparedRuns& runs) {
  model_.setRuns(runs);
  updateControls();
}

void ComparePanel::setBaseline(const std::filesystem::path& run) {
  model_.setBaseline(run);
  updateControls();
}

void ComparePanel::updateControls() {
  const QSignalBlocker quiet(baseline_);
  if (const auto& groups = model_.groups(); baseline_->count() != groups.size() || [&] {
        for (int i = 0; i < baseline_->count(); ++i)
          if (baseline_->itemText(i) != groups[i]) return true;
        return false;
      }()) {
    baseline_->clear();
    baseline_->addItems(groups);
  }
  baseline_->setCurrentText(model_.baseline());
  baseline_->setEnabled(baseline_->count() > 1);
  const bool some = model_.rowCount() > 0;
  table_->setVisible(some);
  empty_->setVisible(!some);
  if (model_.groups().isEmpty())
    empty_->setText(tr("Tick runs in the list of runs to see here in what they differ"));
  else if (!filter_->text().isEmpty())
    empty_->setText(tr("No row has “%1” in its name").arg(filter_->text()));
  else if (model_.runs() == 1)
    empty_->setText(
        tr("Differences need two runs: tick another one in the list of runs. Without “Only differences”, all "
           "settings of this run are shown"));
  else
    empty_->setText(tr("These runs have the same settings, but for the seed"));
}

void ComparePanel::copyTable() {
  QApplication::clipboard()->setText(model_.toText());
}

void ComparePanel::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return copyTable();
  QWidget::keyPressEvent(event);
}

}  // namespace vaco::ui
