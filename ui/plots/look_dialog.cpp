// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/look_dialog.h"

#include <QDialogButtonBox>
#include <QDoubleValidator>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

#include "ui/plots/figure_plot.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

namespace {
std::optional<AxisLimits> limitsOf(const QLineEdit* from, const QLineEdit* to) {
  bool low_is = false, high_is = false;
  const AxisLimits limits{QLocale::c().toDouble(from->text(), &low_is),
                          QLocale::c().toDouble(to->text(), &high_is)};
  if (!low_is || !high_is || !(limits.low < limits.high)) return {};
  return limits;
}
}  // namespace

LookDialog::LookDialog(FigurePlot& plot) : QDialog(&plot), plot_(plot) {
  setObjectName("lookDialog");
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Title, labels, font and limits"));
  auto* form = new QFormLayout(this);
  const auto field = [&](const char* name, const QString& label) {
    auto* made = new QLineEdit(this);
    made->setObjectName(name);
    made->setPlaceholderText(tr("as it is by itself"));
    made->setMinimumWidth(260);
    form->addRow(label, made);
    connect(made, &QLineEdit::editingFinished, this, &LookDialog::apply);
    return made;
  };
  title_ = field("lookTitle", tr("&Title"));
  x_ = field("lookX", tr("Label of &x"));
  y_ = field("lookY", tr("Label of &y"));
  font_ = new QuietCombo(this);
  font_->setObjectName("lookFont");
  font_->addItem(tr("as it is by itself"), QString());
  font_->addItem(tr("sans: Nimbus Sans, Arial or alike"), "sans");
  font_->addItem(tr("serif: Nimbus Roman, Times or alike"), "serif");
  font_->insertSeparator(font_->count());
  for (const auto& family : QFontDatabase::families())
    if (!QFontDatabase::isPrivateFamily(family)) font_->addItem(family, family);
  form->addRow(tr("&Font"), font_);
  connect(font_, &QComboBox::activated, this, &LookDialog::apply);
  for (size_t axis = 0; axis < 2; ++axis) {
    auto* row = new QHBoxLayout;
    for (size_t end = 0; end < 2; ++end) {
      auto*& limit = limits_[2 * axis + end];
      limit = new QLineEdit(this);
      limit->setObjectName(QString("lookLimit%1").arg(2 * axis + end));
      limit->setAccessibleName(
          (axis == 0 ? tr("Limit of x, %1") : tr("Limit of y, %1")).arg(end == 0 ? tr("from") : tr("to")));
      auto* numbers = new QDoubleValidator(limit);
      numbers->setLocale(QLocale::c());
      limit->setValidator(numbers);
      row->addWidget(limit);
      if (end == 0) row->addWidget(new QLabel(tr("to"), this));
      connect(limit, &QLineEdit::editingFinished, this, &LookDialog::apply);
    }
    auto* caption = new QLabel(axis == 0 ? tr("Limits of x") : tr("Limits of y"), this);
    caption->setBuddy(limits_[2 * axis]);
    form->addRow(caption, row);
  }
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  form->addRow(buttons);
  connect(&plot_, &FigurePlot::specChanged, this, &LookDialog::read);
  read();
}

void LookDialog::read() {
  const auto spec = plot_.spec();
  const auto label = [&](const char* key) {
    const auto found = spec.labels.find(key);
    return found == spec.labels.end() ? QString() : QString::fromStdString(found->second);
  };
  for (auto& [edit, key] : {std::pair{title_, "title"}, {x_, "x"}, {y_, "y"}})
    if (!edit->hasFocus() || !edit->isModified()) edit->setText(label(key));
  const auto font = QString::fromStdString(spec.font);
  if (font_->findData(font) < 0) font_->addItem(tr("%1 (not on this machine)").arg(font), font);
  font_->setCurrentIndex(font_->findData(font));
  const std::optional<AxisLimits> limits[] = {spec.x, spec.y};
  for (size_t i = 0; i < limits_.size(); ++i) {
    const auto& axis = limits[i / 2];
    limits_[i]->setText(axis ? QString::number(i % 2 == 0 ? axis->low : axis->high, 'g', 6) : QString());
  }
}

void LookDialog::apply() {
  auto spec = plot_.spec();
  const auto before = spec;
  for (auto& [edit, key] : {std::pair{title_, "title"}, {x_, "x"}, {y_, "y"}})
    if (const auto text = edit->text().trimmed(); text.isEmpty())
      spec.labels.erase(key);
    else
      spec.labels[key] = text.toStdString();
  spec.font = font_->currentData().toString().toStdString();
  spec.x = limitsOf(limits_[0], limits_[1]);
  spec.y = limitsOf(limits_[2], limits_[3]);
  if (!(spec == before)) plot_.changeLook(before, spec);
}

}  // namespace vaco::ui
