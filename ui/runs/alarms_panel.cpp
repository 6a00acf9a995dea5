// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/alarms_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "ui/figures/number_text.h"
#include "ui/widgets/in_turn.h"

namespace vaco::ui {

namespace {
enum Column { kWhen, kWhat, kColumns };
}

AlarmsPanel::AlarmsPanel(QWidget* parent)
    : QWidget(parent), empty_(new QLabel(this)), table_(new QTableWidget(0, kColumns, this)) {
  setObjectName("alarmsPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* top = new QHBoxLayout;
  top->setSpacing(6);
  top->setContentsMargins(10, 4, 6, 4);
  auto* pause = new QToolButton(this);
  pause->setObjectName("pauseAtAlarms");
  pause->setText(tr("Pause training at"));
  pause->setToolTip(tr("Which alarms pause a training that this window runs"));
  pause->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(pause);
  for (const AlarmKind& kind : alarm_kinds()) {
    auto* action = menu->addAction(tr(kind.label));
    action->setCheckable(true);
    action->setData(kind.key);
    connect(action, &QAction::toggled, this, [this, key = std::string(kind.key)](bool on) {
      on ? (void)pauses_at_.insert(key) : (void)pauses_at_.erase(key);
      emit pausesChanged();
    });
    kinds_.push_back(action);
  }
  pause->setMenu(menu);
  top->addStretch();
  top->addWidget(pause);
  column->addLayout(top);
  empty_->setText(tr("No alarms in this run: weights, values and losses are watched as they are recorded"));
  empty_->setProperty("role", "faint");
  empty_->setWordWrap(true);
  empty_->setMargin(10);
  empty_->setAlignment(Qt::AlignTop);
  column->addWidget(empty_, 1);
  table_->setObjectName("alarmsTable");
  table_->setAccessibleName(tr("Alarms of the run"));
  table_->setHorizontalHeaderLabels({tr("Steps"), tr("What is wrong, and what to try")});
  table_->setWordWrap(true);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setShowGrid(false);
  table_->setAlternatingRowColors(true);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  auto* header = table_->horizontalHeader();
  header->setHighlightSections(false);
  header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  header->setSectionResizeMode(QHeaderView::ResizeToContents);
  header->setSectionResizeMode(kWhat, QHeaderView::Stretch);
  column->addWidget(table_, 1);
  table_->hide();
}

void AlarmsPanel::setHistory(std::vector<AlarmSpan> history) {
  history_ = std::move(history);
  if (std::exchange(awaits_turn_, true)) return;
  inTurn(this, [this] {
    awaits_turn_ = false;
    fill();
  });
}

void AlarmsPanel::fill() {
  empty_->setVisible(history_.empty());
  table_->setVisible(!history_.empty());
  // Else every item would have all rows measured anew.
  table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table_->horizontalHeader()->setSectionResizeMode(kWhen, QHeaderView::Fixed);
  table_->setRowCount(static_cast<int>(history_.size()));
  for (size_t i = 0; i < history_.size(); ++i) {
    // The newest first.
    const AlarmSpan& span = history_[history_.size() - 1 - i];
    const auto* kind = alarm_kind(span.key);
    const auto what = QString::fromStdString(span.message);
    const QString texts[kColumns] = {span.end < 0
                                         ? tr("holds\nfrom %1").arg(countText(span.begin))
                                         : tr("over\n%1 to %2").arg(countText(span.begin), countText(span.end)),
                                     kind ? tr("%1.\nTry: %2").arg(what, tr(kind->advice)) : what};
    for (int c = 0; c < kColumns; ++c) {
      auto* item = new QTableWidgetItem(texts[c]);
      item->setTextAlignment(Qt::AlignLeft | Qt::AlignTop);
      item->setToolTip(texts[c]);
      table_->setItem(static_cast<int>(i), c, item);
    }
  }
  table_->horizontalHeader()->setSectionResizeMode(kWhen, QHeaderView::ResizeToContents);
  table_->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
}

void AlarmsPanel::setPausesAt(const std::set<std::string>& kinds) {
  for (auto* action : kinds_) action->setChecked(kinds.contains(action->data().toString().toStdString()));
}

}  // namespace vaco::ui
