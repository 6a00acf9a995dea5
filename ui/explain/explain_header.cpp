// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/explain_header.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

ExplainHeader::ExplainHeader(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 4, 6, 2);
  row->setSpacing(6);
  const auto number = [this](const char* name, const QString& text, const QString& tip) {
    auto* made = new QSpinBox(this);
    made->setObjectName(name);
    made->setAccessibleName(text);
    made->setToolTip(tip);
    made->setRange(0, 0);
    made->setKeyboardTracking(false);
    return made;
  };
  auto* label = new QLabel(tr("&Trajectory"), this);
  which_ =
      number("explainTrajectory", tr("Trajectory"),
             tr("Which trajectory is explained; a point of the scatter or a row of the episodes picks it too"));
  label->setBuddy(which_);
  auto* beside = new QLabel(tr("&Beside it"), this);
  compare_ = new QuietCombo(this);
  compare_->setObjectName("explainCompare");
  compare_->setAccessibleName(tr("Beside it"));
  compare_->setToolTip(tr("Another trajectory, or what the policy does from the state at the cursor"));
  compare_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  compare_->addItem(tr("nothing"), static_cast<int>(Compared::nothing));
  compare_->addItem(tr("trajectory"), static_cast<int>(Compared::trajectory));
  compare_->addItem(tr("policy from here"), static_cast<int>(Compared::policy));
  beside->setBuddy(compare_);
  other_ = number("explainOther", tr("The other trajectory"), tr("Which trajectory stands beside it"));
  other_->hide();
  busy_ = new QProgressBar(this);
  busy_->setTextVisible(false);
  busy_->setMaximumWidth(110);
  busy_->setRange(0, 1000);
  busy_->setAccessibleName(tr("Explaining"));
  busy_->hide();
  cancel_ = new QPushButton(tr("Cancel"), this);
  cancel_->setObjectName("explainCancel");
  cancel_->hide();
  refresh_ = new QPushButton(tr("Refre&sh"), this);
  refresh_->setObjectName("explainRefresh");
  refresh_->setToolTip(
      tr("Ask the networks again, at the newest checkpoint; of a run that trains here one is saved first"));
  row->addWidget(label);
  row->addWidget(which_);
  row->addWidget(beside);
  row->addWidget(compare_);
  row->addWidget(other_);
  row->addStretch(1);
  row->addWidget(busy_);
  row->addWidget(cancel_);
  row->addWidget(refresh_);
  connect(which_, &QSpinBox::valueChanged, this, &ExplainHeader::trajectoryPicked);
  connect(compare_, &QComboBox::activated, this, &ExplainHeader::tellComparison);
  connect(other_, &QSpinBox::valueChanged, this, &ExplainHeader::tellComparison);
  connect(refresh_, &QPushButton::clicked, this, &ExplainHeader::refreshRequested);
  connect(cancel_, &QPushButton::clicked, this, &ExplainHeader::cancelRequested);
}

void ExplainHeader::setLast(int trajectory) {
  const QSignalBlocker quiet(which_), quietOther(other_);
  which_->setRange(0, trajectory);
  other_->setRange(0, trajectory);
}

void ExplainHeader::setTrajectory(int trajectory) {
  const QSignalBlocker quiet(which_);
  which_->setValue(trajectory);
}

ExplainHeader::Compared ExplainHeader::compared() const {
  return static_cast<Compared>(compare_->currentData().toInt());
}

int ExplainHeader::other() const {
  return other_->value();
}

void ExplainHeader::compareNothing() {
  compare_->setCurrentIndex(0);
  tellComparison();
}

void ExplainHeader::tellComparison() {
  other_->setVisible(compared() == Compared::trajectory);
  emit comparisonPicked();
}

void ExplainHeader::setBusy(const QString& doing, double fraction) {
  const bool busy = !doing.isEmpty();
  busy_->setVisible(busy);
  cancel_->setVisible(busy);
  refresh_->setVisible(!busy);
  busy_->setValue(static_cast<int>(1000 * fraction));
  busy_->setToolTip(doing);
}

}  // namespace vaco::ui
