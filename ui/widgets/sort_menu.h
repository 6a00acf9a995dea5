// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QMenu>

namespace vaco::ui {

/// Adds what a click on a header does for those who have no mouse: an entry for each column that is shown, in
/// its order; the one that the rows are sorted by turns them round.
inline void addSorting(QMenu& menu, QHeaderView& header) {
  auto* columns = menu.addMenu(QMenu::tr("Sort b&y"));
  columns->setObjectName("sortBy");
  for (int place = 0; place < header.count(); ++place) {
    const int column = header.logicalIndex(place);
    const auto title = header.model()->headerData(column, Qt::Horizontal).toString();
    if (title.isEmpty() || header.isSectionHidden(column)) continue;
    const bool sorted = header.sortIndicatorSection() == column;
    auto* action = columns->addAction(title);
    action->setCheckable(true);
    action->setChecked(sorted);
    QObject::connect(action, &QAction::triggered, &header, [&header, column, sorted] {
      const bool turned = sorted && header.sortIndicatorOrder() == Qt::AscendingOrder;
      header.setSortIndicator(column, turned ? Qt::DescendingOrder : Qt::AscendingOrder);
    });
  }
}

}  // namespace vaco::ui
