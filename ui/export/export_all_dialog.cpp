// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_all_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/export/export_form.h"

namespace vaco::ui {

ExportAllDialog::ExportAllDialog(Figures figures, const std::filesystem::path& folder, QWidget* parent)
    : QDialog(parent),
      figures_(std::move(figures)),
      form_(new ExportForm(exportChoices())),
      list_(new QListWidget),
      count_(new QLabel) {
  setObjectName("exportAll");
  setWindowTitle(tr("Export figures"));
  resize(720, 420);
  form_->setFolder(QString::fromStdString(folder.string()));
  list_->setObjectName("exportedFigures");
  list_->setAccessibleName(tr("Figures to export"));
  for (const auto& [name, spec, run] : figures_) {
    const auto title = makeFigure(spec.kind)->variantTitle(spec);
    auto* item =
        new QListWidgetItem(run.empty() ? title : tr("%1: %2").arg(title, QString::fromStdString(run)), list_);
    item->setToolTip(QString::fromStdString(name));
    item->setCheckState(exportChoices().left_out.contains(name) ? Qt::Unchecked : Qt::Checked);
  }
  list_->setCurrentRow(0);
  auto* caption = new QLabel(tr("Fi&gures"));
  caption->setBuddy(list_);
  auto* all = new QToolButton;
  all->setText(tr("&All"));
  auto* none = new QToolButton;
  none->setText(tr("N&one"));
  auto* head = new QHBoxLayout;
  head->addWidget(caption, 1);
  head->addWidget(all);
  head->addWidget(none);
  auto* right = new QVBoxLayout;
  right->addLayout(head);
  right->addWidget(list_, 1);
  auto* left = new QVBoxLayout;
  left->addWidget(form_);
  left->addStretch();
  auto* sides = new QHBoxLayout;
  sides->addLayout(left, 1);
  sides->addSpacing(12);
  sides->addLayout(right, 1);
  count_->setObjectName("exportCount");
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  export_ = buttons->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
  auto* foot = new QHBoxLayout;
  foot->addWidget(count_, 1);
  foot->addWidget(buttons);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(sides, 1);
  layout->addLayout(foot);
  export_->setDefault(true);
  connect(all, &QToolButton::clicked, this, [this] { tickAll(true); });
  connect(none, &QToolButton::clicked, this, [this] { tickAll(false); });
  connect(list_, &QListWidget::itemChanged, this, &ExportAllDialog::updateCount);
  connect(form_, &ExportForm::changed, this, &ExportAllDialog::updateCount);
  connect(buttons, &QDialogButtonBox::accepted, this, &ExportAllDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  updateCount();
}

ExportAllDialog::Figures ExportAllDialog::figures() const {
  Figures chosen;
  for (size_t i = 0; i < figures_.size(); ++i)
    if (list_->item(static_cast<int>(i))->checkState() == Qt::Checked)
      chosen.push_back({figures_[i].name, form_->sized(figures_[i].spec), figures_[i].run});
  return chosen;
}

std::vector<std::string> ExportAllDialog::formats() const {
  return form_->formats();
}

std::filesystem::path ExportAllDialog::folder() const {
  return form_->folder().toStdString();
}

void ExportAllDialog::accept() {
  ExportChoices& remembered = exportChoices();
  remembered.size = form_->sized({});
  remembered.formats = formats();
  for (size_t i = 0; i < figures_.size(); ++i)
    if (list_->item(static_cast<int>(i))->checkState() == Qt::Checked)
      remembered.left_out.erase(figures_[i].name);
    else
      remembered.left_out.insert(figures_[i].name);
  QDialog::accept();
}

void ExportAllDialog::tickAll(bool on) {
  {
    const QSignalBlocker quiet(list_);
    for (int i = 0; i < list_->count(); ++i) list_->item(i)->setCheckState(on ? Qt::Checked : Qt::Unchecked);
  }
  updateCount();
}

void ExportAllDialog::updateCount() {
  const auto chosen = figures().size(), kinds = formats().size();
  count_->setText(kinds == 0 ? tr("Choose at least one format")
                  : chosen == 0
                      ? tr("Choose at least one figure")
                      : tr("%1 of %2, %3")
                            .arg(chosen)
                            .arg(countText(static_cast<int64_t>(figures_.size()), tr("figure"), tr("figures")),
                                 countText(static_cast<int64_t>(chosen * kinds), tr("file"), tr("files"))));
  export_->setEnabled(chosen > 0 && kinds > 0);
}

}  // namespace vaco::ui
