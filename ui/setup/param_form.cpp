// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/param_form.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include "ui/setup/config_model.h"
#include "ui/setup/param_row.h"
#include "ui/widgets/segmented_control.h"

namespace vaco::ui {

ParamForm::ParamForm(ConfigModel& model, QWidget* parent) : QWidget(parent), model_(model) {
  setObjectName("paramForm");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* bar = new QHBoxLayout;
  bar->setSpacing(8);
  search_ = new QLineEdit(this);
  search_->setObjectName("paramSearch");
  search_->setPlaceholderText(tr("Find parameter (Ctrl+F)"));
  search_->setAccessibleName(tr("Find parameter"));
  search_->setClearButtonEnabled(true);
  tier_ = new SegmentedControl(this);
  tier_->setObjectName("paramTier");
  tier_->setSegments({{"basic", tr("Basic"), tr("The parameters most experiments change")},
                      {"advanced", tr("Advanced"), tr("All parameters")}});
  tier_->setCurrent("basic");
  bar->addWidget(search_, 1);
  bar->addWidget(tier_);
  column->addLayout(bar);
  scroll_ = new QScrollArea(this);
  scroll_->setObjectName("paramScroll");
  scroll_->setAccessibleName(tr("Parameters"));
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* content = new QWidget;
  content->setObjectName("paramContent");
  scroll_->setWidget(content);
  column->addWidget(scroll_, 1);
  connect(search_, &QLineEdit::textChanged, this, [this] {
    filter();
    // Where the list stood says nothing about what is found.
    scroll_->verticalScrollBar()->setValue(0);
  });
  connect(tier_, &SegmentedControl::chosen, this,
          [this](const QString& key) { setAdvanced(key == "advanced"); });
  connect(&model_, &ConfigModel::schemaChanged, this, &ParamForm::rebuild);
  connect(&model_, &ConfigModel::paramChanged, this, [this](const std::string& key) {
    for (const auto& group : groups_)
      for (auto* row : group.rows)
        if (row->spec().key == key) row->refresh();
  });
  rebuild();
}

void ParamForm::focusSearch() {
  search_->setFocus(Qt::ShortcutFocusReason);
  search_->selectAll();
}

void ParamForm::setAdvanced(bool advanced) {
  if (advanced == advanced_) return;
  advanced_ = advanced;
  tier_->setCurrent(advanced ? "advanced" : "basic");
  filter();
  emit advancedChanged(advanced);
}

ParamForm::Rows ParamForm::takeRows() {
  Rows rows;
  for (auto& group : groups_) {
    delete group.heading;
    for (auto* row : group.rows) rows[row->spec().key].reset(row);
  }
  groups_.clear();
  delete nothing_;
  delete scroll_->widget()->layout();
  return rows;
}

void ParamForm::rebuild() {
  // Algorithms share most of their parameters, and a row takes long to make.
  auto had = takeRows();
  auto* content = scroll_->widget();
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 8, 8);
  column->setSpacing(4);
  QStringList headings;
  for (const auto& spec : model_.schema()) {
    const auto name = spec.group.empty() ? tr("Other") : QString::fromStdString(spec.group);
    if (!headings.contains(name)) headings << name;
  }
  QWidget* before = scroll_;
  for (const auto& name : headings) {
    Group group;
    auto* heading = new QLabel(name, content);
    heading->setProperty("role", "heading");
    heading->setIndent(0);
    group.heading = heading;
    column->addWidget(heading);
    for (const auto& spec : model_.schema()) {
      if ((spec.group.empty() ? tr("Other") : QString::fromStdString(spec.group)) != name) continue;
      auto& known = had[spec.key];
      auto* row = known && known->spec() == spec ? known.release() : new ParamRow(model_, spec, content);
      row->refresh();
      before = row->tabAfter(before);
      group.rows.push_back(row);
      column->addWidget(row);
    }
    groups_.push_back(std::move(group));
  }
  nothing_ = new QLabel(tr("No parameter matches"), content);
  nothing_->setProperty("role", "faint");
  column->addWidget(nothing_);
  column->addStretch(1);
  filter();
}

void ParamForm::filter() {
  const auto words = search_->text().split(' ', Qt::SkipEmptyParts);
  bool any = false;
  for (const auto& group : groups_) {
    bool shown = false;
    for (auto* row : group.rows) {
      const bool tier = advanced_ || row->spec().tier == ParamTier::basic;
      const bool show = words.isEmpty() ? tier : row->matches(words);
      row->setVisible(show);
      shown = shown || show;
    }
    group.heading->setVisible(shown);
    any = any || shown;
  }
  nothing_->setVisible(!any);
}

}  // namespace vaco::ui
