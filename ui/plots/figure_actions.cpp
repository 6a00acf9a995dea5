// SPDX-License-Identifier: GPL-3.0-or-later
// The context menu of a plot: copies, export, table.
#include <QApplication>
#include <QClipboard>
#include <QMenu>

#include "ui/export/export_dialog.h"
#include "ui/export/export_figure.h"
#include "ui/figures/figure.h"
#include "ui/plots/figure_plot.h"
#include "ui/plots/look_dialog.h"
#include "ui/plots/table_window.h"

namespace vaco::ui {

void FigurePlot::sayNothingDrawn() {
  emit done(tr("“%1” has nothing to export: nothing is drawn in it").arg(figure_->name()));
}

void FigurePlot::copyPicture() {
  if (table().rows.empty()) return sayNothingDrawn();
  QApplication::clipboard()->setMimeData(figureToPaste(spec(), *figure_));
  emit done(tr("The picture of “%1” is in the clipboard").arg(figure_->name()));
}

void FigurePlot::copyData() {
  QApplication::clipboard()->setText(QString::fromStdString(toTsv(table())));
  emit done(tr("The numbers of “%1” are in the clipboard").arg(figure_->name()));
}

void FigurePlot::exportFigure() {
  if (table().rows.empty()) return sayNothingDrawn();
  auto* dialog = new ExportDialog(spec(), *figure_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &ExportDialog::exported, this,
          [this](const QStringList& files) { emit done(tr("Written: %1").arg(files.join(", "))); });
  dialog->open();
}

void FigurePlot::editLook() {
  auto* dialog = new LookDialog(*this);
  dialog->show();
}

void FigurePlot::showTable() {
  if (!table_) table_ = new TableWindow(figure_->name(), this);
  table_->setTable(table());
  table_->show();
  table_->raise();
  table_->activateWindow();
}

void FigurePlot::showMenu(const QPoint& position) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const bool some = !table().rows.empty();
  menu->addAction(tr("Copy picture"), this, &FigurePlot::copyPicture)->setEnabled(some);
  menu->addAction(tr("Copy data"), this, &FigurePlot::copyData)->setEnabled(some);
  menu->addAction(tr("Export figure..."), this, &FigurePlot::exportFigure)->setEnabled(some);
  menu->addAction(tr("Title, labels, font and limits…"), this, &FigurePlot::editLook);
  menu->addSeparator();
  menu->addAction(tr("Show data table"), this, &FigurePlot::showTable)->setEnabled(some);
  menu->addSeparator();
  menu->addAction(tr("Reset view"), QKeySequence(Qt::Key_Home), this, &FigurePlot::resetView);
  menu->popup(position);
}

}  // namespace vaco::ui
