// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/recent_files.h"

#include <QFileInfo>
#include <QMenu>

namespace vaco::ui {

namespace {
constexpr int kMost = 10;
}

void RecentFiles::setLists(const QStringList& datasets, const QStringList& runs) {
  datasets_ = datasets.mid(0, kMost);
  runs_ = runs.mid(0, kMost);
}

void RecentFiles::add(QStringList& list, const QString& path) {
  const auto absolute = QFileInfo(path).absoluteFilePath();
  if (!list.isEmpty() && list.front() == absolute) return;
  list.removeAll(absolute);
  list.prepend(absolute);
  while (list.size() > kMost) list.removeLast();
  emit changed();
}

QMenu* RecentFiles::makeMenu(QWidget* parent) {
  auto* menu = new QMenu(tr("Open re&cent"), parent);
  menu->setObjectName("menu.recent");
  connect(menu, &QMenu::aboutToShow, this, [this, menu] { fill(*menu); });
  return menu;
}

void RecentFiles::fill(QMenu& menu) {
  menu.clear();
  int number = 0;
  for (const bool of_runs : {false, true}) {
    menu.addSection(of_runs ? tr("Runs") : tr("Datasets"));
    int offered = 0;
    for (const auto& path : of_runs ? runs_ : datasets_) {
      if (!QFileInfo::exists(path)) continue;
      ++offered;
      const auto name = QFileInfo(path).fileName().replace('&', "&&");
      auto* action = menu.addAction(number < 9 ? tr("&%1  %2").arg(++number).arg(name) : name);
      action->setToolTip(path);
      action->setData(path);
      connect(action, &QAction::triggered, this,
              [this, path, of_runs] { of_runs ? emit runChosen(path) : emit datasetChosen(path); });
    }
    if (offered == 0) menu.addAction(tr("none"))->setEnabled(false);
  }
}

}  // namespace vaco::ui
