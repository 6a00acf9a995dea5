// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/finding_list.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/data/mends.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {

namespace {
const char* roleOf(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}
}  // namespace

FindingList::FindingList(QWidget* parent) : QWidget(parent) {
  setObjectName("findings");
  column_ = new QVBoxLayout(this);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(5);
  heading_ = new QLabel(this);
  heading_->setProperty("role", "heading");
  heading_->setIndent(0);
  column_->addWidget(heading_);
}

void FindingList::show(const DatasetSummary& summary) {
  while (auto* item = column_->takeAt(1)) {
    delete item->widget();
    delete item;
  }
  heading_->setText(summary.findings.empty() ? tr("No findings: nothing unusual in this data")
                                             : tr("Findings"));
  int number = 0;
  for (const auto& finding : summary.findings) column_->addWidget(makeFinding(finding, summary, number++));
}

QWidget* FindingList::makeFinding(const Finding& finding, const DatasetSummary& summary, int number) {
  auto* box = new QWidget(this);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(1);
  auto* text = new QLabel(QString::fromStdString(finding.message), box);
  text->setProperty("role", roleOf(finding.severity));
  text->setIndent(0);
  text->setWordWrap(true);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  const auto mend = QString::fromStdString(mend_for(finding.key));
  const auto key = QString::fromStdString(finding.key);
  text->setToolTip(mend.isEmpty() ? key : tr("%1: %2").arg(key, mend));
  column->addWidget(text);
  auto* actions = new QHBoxLayout;
  const auto add = [&](const QString& name, const QString& label, const QString& tip) {
    auto* button = new QToolButton(box);
    button->setObjectName(QString("%1.%2").arg(name).arg(number));
    button->setText(label);
    button->setToolTip(tip);
    button->setAccessibleName(tr("%1: %2").arg(label, key));
    button->setAutoRaise(true);
    actions->addWidget(button);
    return button;
  };
  if (finding.row >= 0 && finding.row < summary.rows) {
    auto* show =
        add("findingRow", tr("Show row %1").arg(countText(finding.row)), tr("Show the first row of it"));
    connect(show, &QToolButton::clicked, this, [this, row = finding.row] { emit rowRequested(row); });
  }
  const int64_t episodes = finding.episodes.size();
  if (episodes > 0 && episodes < summary.episodes) {
    const auto list = QString::fromStdString(finding.episodes.short_text());
    auto* leave =
        add("findingExclude", tr("Leave out %1").arg(countText(episodes, tr("episode"), tr("episodes"))),
            tr("Train without the episodes that this is about: %1").arg(list));
    connect(leave, &QToolButton::clicked, this,
            [this, list = finding.episodes] { emit excludeRequested(list); });
  }
  actions->addStretch(1);
  if (actions->count() > 1)
    column->addLayout(actions);
  else
    delete actions;
  return box;
}

}  // namespace vaco::ui
