// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/param_row.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

#include "ui/setup/config_model.h"
#include "ui/setup/param_text.h"
#include "ui/widgets/number_edit.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

namespace {
constexpr int kEditorWidth = 112;
constexpr int kUnitWidth = 66;
constexpr int kRevertSize = 20;
constexpr int kSpacing = 6;
constexpr int kReleasePause = 50;  // milliseconds
}  // namespace

ParamRow::ParamRow(ConfigModel& model, const ParamSpec& spec, QWidget* parent)
    : QWidget(parent), model_(model), spec_(spec) {
  const auto key = QString::fromStdString(spec.key);
  setObjectName("param." + key);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(kSpacing);
  grid->setVerticalSpacing(1);

  name_ = new QLabel(this);
  name_->setTextFormat(Qt::PlainText);
  name_->setText(QString::fromStdString(spec.label).replace('&', "&&"));
  name_->setWordWrap(true);
  name_->setMinimumWidth(90);
  auto* symbol = new QLabel(QString::fromStdString(spec.symbol), this);
  symbol->setProperty("role", "symbol");
  editor_ = makeEditor();
  editor_->setObjectName("edit." + key);
  editor_->setAccessibleName(QString::fromStdString(spec.label));
  // A choice has no unit: its words get that room.
  editor_->setFixedWidth(combo_ ? kEditorWidth + kUnitWidth + kSpacing : kEditorWidth);
  name_->setBuddy(editor_);
  auto* unit = new QLabel(QString::fromStdString(spec.unit), this);
  unit->setProperty("role", "faint");
  unit->setFixedWidth(kUnitWidth);
  revert_ = new QToolButton(this);
  revert_->setObjectName("revert." + key);
  revert_->setText(QString(QChar(0x21BA)));
  revert_->setAutoRaise(true);
  revert_->setFixedSize(kRevertSize, kRevertSize);
  revert_->setAccessibleName(tr("Revert %1").arg(QString::fromStdString(spec.label)));
  auto keep = revert_->sizePolicy();
  keep.setRetainSizeWhenHidden(true);
  revert_->setSizePolicy(keep);
  note_ = new QLabel(this);
  note_->setWordWrap(true);
  note_->hide();

  grid->addWidget(name_, 0, 0);
  grid->addWidget(symbol, 0, 1);
  grid->addWidget(editor_, 0, 2, 1, combo_ ? 2 : 1);
  if (combo_)
    unit->hide();
  else
    grid->addWidget(unit, 0, 3);
  grid->addWidget(revert_, 0, 4);
  grid->addWidget(note_, 1, 0, 1, 5);
  grid->setColumnStretch(0, 1);
  connect(revert_, &QToolButton::clicked, this, [this] { model_.revertParam(spec_.key); });
}

QWidget* ParamRow::makeEditor() {
  switch (spec_.type) {
    case ParamType::boolean:
      check_ = new QCheckBox(this);
      connect(check_, &QCheckBox::clicked, this, [this](bool on) { commit(on ? "true" : "false"); });
      return check_;
    case ParamType::choice:
      combo_ = new QuietCombo(this);
      for (const auto& choice : spec_.choices)
        combo_->addItem(choiceLabel(spec_.key, choice), QString::fromStdString(choice));
      connect(combo_, &QComboBox::activated, this, [this](int at) { commit(combo_->itemData(at).toString()); });
      return combo_;
    case ParamType::integer:
    case ParamType::real:
      break;
  }
  number_ = new NumberEdit(spec_, this);
  connect(number_, &NumberEdit::committed, this, &ParamRow::commit);
  return number_;
}

void ParamRow::commit(const QString& text) {
  const auto problem = model_.setParam(spec_.key, text);
  if (problem.isEmpty()) {
    refresh();
    return;
  }
  if (number_) number_->setInvalid(true);
  setNote(problem, "error");
}

void ParamRow::refresh() {
  if (!model_.has(spec_.key)) return;
  const auto& value = model_.value(spec_.key);
  if (number_) {
    number_->setText(spec_.type == ParamType::integer ? readable(value)
                                                      : QString::fromStdString(to_text(value)));
    number_->setInvalid(false);
  }
  if (check_) check_->setChecked(std::get<bool>(value));
  if (combo_) combo_->setCurrentIndex(combo_->findData(QString::fromStdString(std::get<std::string>(value))));

  const bool edited = model_.edited(spec_.key);
  // By its font: rich text is laid out anew for each width that a layout tries.
  QFont font = this->font();
  font.setBold(edited);
  font.setItalic(edited);
  name_->setFont(font);
  revert_->setVisible(edited);
  const auto& base = model_.baseValue(spec_.key);
  const auto* choice = std::get_if<std::string>(&base);
  const auto baseText = choice ? choiceLabel(spec_.key, *choice) : readable(base);
  revert_->setToolTip(tr("Differs from the preset's value. Click to restore %1").arg(baseText));
  const auto tip = tooltipText(spec_, base);
  setToolTip(tip);
  // What the preset chose is not for the user to mend.
  setNote(edited ? warningText(spec_, value) : QString(), "warning");
}

void ParamRow::setNote(const QString& text, const char* role) {
  note_text_ = text;
  note_role_ = role;
  showNote();
}

void ParamRow::showNote() {
  // A field that is left by a click elsewhere must not move what is clicked: its note waits for the release.
  if (note_->isHidden() != note_text_.isEmpty() && QApplication::mouseButtons() != Qt::NoButton) {
    QTimer::singleShot(kReleasePause, this, &ParamRow::showNote);
    return;
  }
  if (note_->property("role").toString() != note_role_) {
    note_->setProperty("role", note_role_);
    note_->style()->polish(note_);  // the style sheet chooses by role
  }
  note_->setText(note_text_);
  note_->setVisible(!note_text_.isEmpty());
}

QWidget* ParamRow::tabAfter(QWidget* before) {
  setTabOrder(before, editor_);
  setTabOrder(editor_, revert_);
  return revert_;
}

bool ParamRow::matches(const QStringList& words) const {
  const auto text = QString::fromStdString(spec_.label + ' ' + spec_.symbol + ' ' + spec_.key + ' ' +
                                           spec_.help + ' ' + spec_.group + ' ' + spec_.affects);
  for (const auto& word : words)
    if (!text.contains(word, Qt::CaseInsensitive)) return false;
  return true;
}

}  // namespace vaco::ui
