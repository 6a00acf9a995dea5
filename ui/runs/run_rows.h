// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeyEvent>
#include <QMetaProperty>
#include <QStyledItemDelegate>

#include "ui/runs/runs_tree.h"

namespace vaco::ui {

/// The rows of the list of runs, with some room between them, and the editors of names and tags in them.
class RunRows : public QStyledItemDelegate {
 public:
  RunRows(RunsTree& tree, QObject* parent) : QStyledItemDelegate(parent), tree_(tree) {}
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, kRowRoom);
  }
  /// Tab would open the next run's editor, which the list that is arranged anew takes away.
  bool eventFilter(QObject* editor, QEvent* event) override {
    const auto key = event->type() == QEvent::KeyPress ? static_cast<QKeyEvent*>(event)->key() : 0;
    if (key != Qt::Key_Tab && key != Qt::Key_Backtab) return QStyledItemDelegate::eventFilter(editor, event);
    emit commitData(static_cast<QWidget*>(editor));
    emit closeEditor(static_cast<QWidget*>(editor));
    return true;
  }
  /// Once the editor is closed: another name arranges the list anew, and would take the editor away under it.
  void setModelData(QWidget* editor, QAbstractItemModel*, const QModelIndex& index) const override {
    const auto* run = tree_.run(index);
    if (!run) return;
    const auto text = editor->property(editor->metaObject()->userProperty().name());
    QMetaObject::invokeMethod(
        &tree_,
        [&tree = tree_, text, folder = run->folder, column = index.column()] {
          tree.setData(tree.indexOf(folder).siblingAtColumn(column), text, Qt::EditRole);
        },
        Qt::QueuedConnection);
  }

 private:
  static constexpr int kRowRoom = 8;  ///< pixels between the texts of two rows

  RunsTree& tree_;
};

}  // namespace vaco::ui
