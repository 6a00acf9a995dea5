// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/panel_focus.h"

#include <algorithm>
#include <tuple>

#include <QApplication>

namespace vaco::ui {

namespace {

const QDockWidget* dockOf(const QWidget* widget) {
  for (; widget; widget = widget->parentWidget())
    if (const auto* dock = qobject_cast<const QDockWidget*>(widget)) return dock;
  return nullptr;
}

bool takesFocus(const QWidget* widget) {
  return widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0;
}

/// Null where nothing takes it.
QWidget* firstFocusIn(QWidget* content) {
  if (auto* last = content->focusWidget(); last && takesFocus(last)) return last;
  for (auto* next = content->nextInFocusChain(); next != content; next = next->nextInFocusChain())
    if (content->isAncestorOf(next) && takesFocus(next)) return next;
  return takesFocus(content) ? content : nullptr;
}

}  // namespace

bool isInFront(const QDockWidget& dock) {
  return dock.isVisible() && !dock.visibleRegion().isEmpty();
}

bool isBehindATab(const QWidget* widget) {
  const auto* dock = dockOf(widget);
  return dock && dock->isVisible() && dock->visibleRegion().isEmpty();
}

void focusPanel(QDockWidget& dock) {
  dock.show();
  dock.raise();
  if (dock.isFloating()) dock.activateWindow();
  if (auto* inside = dock.widget() ? firstFocusIn(dock.widget()) : nullptr)
    inside->setFocus(Qt::TabFocusReason);
}

void focusNextPanel(const std::vector<QDockWidget*>& docks, bool back) {
  std::vector<QDockWidget*> front;
  std::copy_if(docks.begin(), docks.end(), std::back_inserter(front),
               [](const QDockWidget* dock) { return isInFront(*dock) && firstFocusIn(dock->widget()); });
  if (front.empty()) return;
  const auto place = [](const QDockWidget* dock) {
    const QPoint at = dock->mapToGlobal(QPoint());
    return std::tuple(dock->isFloating(), at.x(), at.y());
  };
  std::sort(front.begin(), front.end(), [&](const auto* a, const auto* b) { return place(a) < place(b); });
  const auto at = std::find(front.begin(), front.end(), dockOf(QApplication::focusWidget()));
  const size_t now = static_cast<size_t>(at - front.begin()), count = front.size();
  const bool inNone = at == front.end();
  focusPanel(
      *front[back ? (inNone ? count - 1 : (now + count - 1) % count) : (inNone ? 0 : (now + 1) % count)]);
}

}  // namespace vaco::ui
