// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/dock_host.h"

#include <algorithm>

#include <QApplication>
#include <QDataStream>
#include <QGuiApplication>
#include <QLayout>
#include <QPaintEvent>
#include <QPainter>
#include <QPointer>
#include <QScreen>
#include <utility>

#include "ui/widgets/in_turn.h"
#include "ui/widgets/panel_focus.h"

namespace vaco::ui {

namespace {
constexpr int kLowHost = 800;  // pixels

/// Hides what is beneath and not that it is there: to the focus, panels beneath it can be seen.
class Veil : public QWidget {
 public:
  explicit Veil(QWidget* parent) : QWidget(parent) { setAttribute(Qt::WA_TransparentForMouseEvents); }

 protected:
  void paintEvent(QPaintEvent* event) override {
    QPainter(this).fillRect(event->rect(), palette().color(QPalette::Window));
  }
};

/// Whether a stored state knows a dock: it holds the names as Qt writes texts.
bool names(const QByteArray& state, const QString& dock) {
  QByteArray text;
  QDataStream stream(&text, QIODevice::WriteOnly);
  stream << dock;
  return state.contains(text);
}
}  // namespace

DockHost::DockHost(QWidget* parent) : QMainWindow(parent) {
  setWindowFlags(Qt::Widget);  // the constructor makes it a window of its own
  setObjectName("dockHost");
  // Not animated: each step of an animation lays all panels out anew.
  setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  setContextMenuPolicy(Qt::NoContextMenu);
}

void DockHost::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  // What a hidden dock needs when it is shown for the first time is done beforehand.
  if (std::exchange(prepared_, true)) return;
  for (auto* one : order_)
    inTurn(one, [one] {
      for (auto* inner : one->findChildren<QWidget*>()) inner->ensurePolished();
      (void)one->widget()->sizeHint();
    });
}

QDockWidget* DockHost::add(const QString& id, const QString& title, QWidget* content) {
  auto* made = new QDockWidget(title, this);
  made->setObjectName(id);
  made->setAccessibleName(title);
  made->setWidget(content);
  docks_[id] = made;
  order_.push_back(made);
  addDockWidget(Qt::TopDockWidgetArea, made);
  return made;
}

QDockWidget* DockHost::dock(const QString& id) const {
  const auto found = docks_.find(id);
  return found == docks_.end() ? nullptr : found->second;
}

void DockHost::reveal(const QString& id) {
  if (auto* found = dock(id)) {
    found->show();
    found->raise();
  }
}

const std::vector<DockHost::Layout>& DockHost::layouts() {
  static const std::vector<Layout> all{{"setup", tr("Set up")},
                                       {"watch", tr("Watch")},
                                       {"compare", tr("Compare")},
                                       {"paper", tr("Paper")},
                                       {"explain", tr("Explain")}};
  return all;
}

void DockHost::applyLayout(const QString& key) {
  const auto& all = layouts();
  const bool known = std::any_of(all.begin(), all.end(), [&](const Layout& one) { return one.key == key; });
  const QString wanted = known ? key : all.front().key;
  if (wanted == current_) return;
  if (!current_.isEmpty()) left_[current_] = saveState(kStateVersion);
  current_ = wanted;
  const auto left = left_.find(current_);
  placeAtOnce([&] {
    if (left == left_.end() || !restoreDocks(left->second)) place(current_);
  });
}

void DockHost::keepWindow(const QSize& size) {
  // On the way from one layout to another the docks of both want room, and the window makes it.
  for (auto* inner : {static_cast<QWidget*>(this), parentWidget(), window()})
    if (inner && inner->layout()) inner->layout()->activate();
  if (window()->isVisible() && !window()->isMaximized() && !window()->isFullScreen()) window()->resize(size);
}

void DockHost::showStored(const QString& key, const QByteArray& docks) {
  applyLayout(key);
  if (currentLayout() == key) restoreDocks(docks);
}

void DockHost::resetLayout() {
  left_.erase(current_);
  placeAtOnce([&] { place(current_); });
}

void DockHost::letGoOfEdges() {
  // QMainWindow keeps the place of the edge under the mouse and would look there after the docks have moved.
  const QPointF nowhere(0.0, 0.0);
  QMouseEvent release(QEvent::MouseButtonRelease, nowhere, mapToGlobal(nowhere), Qt::LeftButton, Qt::NoButton,
                      {});
  QHoverEvent leave(QEvent::HoverLeave, nowhere, mapToGlobal(nowhere), nowhere);
  QMainWindow::event(&release);
  QMainWindow::event(&leave);
}

void DockHost::placeAtOnce(const std::function<void()>& placing) {
  // Every dock would be laid out and drawn for each step of the way.
  const auto size = window()->size();
  const bool seen = isVisible();
  auto* focused = QApplication::focusWidget();
  const QPointer<QWidget> had = focused && isAncestorOf(focused) ? focused : nullptr;
  if (seen) hide();
  fronts_.clear();
  placing();
  if (seen) show();
  for (auto* front : fronts_) front->raise();
  keepWindow(size);
  // Hiding took the focus out of the docks.
  if (had && had->isVisible() && !isBehindATab(had))
    had->setFocus();
  else if (had)
    focusNextPanel(order_);
  paintInTurn();
  emit layoutApplied(current_);
}

void DockHost::paintInTurn() {
  // Panels that wait show what was there before: a veil makes that plain.
  if (!veil_) {
    veil_ = new Veil(this);
    inTurn(veil_, [this] { delete veil_; });
  }
  veil_->setGeometry(rect());
  veil_->raise();
  veil_->show();
  for (auto* one : order_) {
    auto* content = one->widget();
    if (one->isFloating() || !content->isVisible() || !content->updatesEnabled()) continue;
    content->setUpdatesEnabled(false);
    inTurn(content, [content] { content->setUpdatesEnabled(true); });
  }
}

void DockHost::place(const QString& key) {
  letGoOfEdges();
  // Columns of cells; a cell is a list of tabbed docks, the first one in front.
  if (key == "watch") {
    placeColumns({{{"dock.experiment", "dock.dataset", "dock.runs"}},
                  {{"dock.returns"}, {"dock.scatter"}, {"dock.losses"}},
                  {{"dock.rollout"}, {"dock.histogram"}, {"dock.correlation", "dock.ess", "dock.alarms"}}},
                 {27, 40, 33});
  } else if (key == "compare") {
    placeColumns({{{"dock.runs", "dock.study"}, {"dock.compare", "dock.statistics", "dock.losses"}},
                  {{"dock.returns"}, {"dock.scores", "dock.correlation", "dock.side"}}},
                 {45, 55});
  } else if (key == "paper") {
    placeColumns({{{"dock.scatter"}, {"dock.returns"}},
                  {{"dock.histogram"}, {"dock.correlation", "dock.scores", "dock.ess"}}},
                 {50, 50});
  } else if (key == "explain") {
    // In a low window the plots share a place, so that the episodes can be read.
    const bool low = height() < kLowHost;
    std::vector<QStringList> beside{{"dock.scatter"},
                                    {"dock.histogram", "dock.states", "dock.rollout", "dock.side"}};
    if (low) beside = {beside[0] + beside[1]};
    beside.push_back({"dock.episodes", "dock.dataset"});
    placeColumns({{{"dock.explain"}}, beside}, {56, 44});
  } else {
    placeColumns({{{"dock.dataset"}}, {{"dock.experiment"}}, {{"dock.rollout"}, {"dock.runs"}}}, {31, 35, 34});
  }
}

void DockHost::placeColumns(const std::vector<std::vector<QStringList>>& columns,
                            const std::vector<int>& widths) {
  setUpdatesEnabled(false);
  for (auto* one : order_) {
    if (one->isFloating()) one->setFloating(false);
    removeDockWidget(one);
  }
  QList<QDockWidget*> tops;
  QDockWidget* previous = nullptr;
  std::vector<QList<QDockWidget*>> stacks;
  for (const auto& column : columns) {
    auto* top = dock(column.front().front());
    if (!top) continue;
    if (previous)
      splitDockWidget(previous, top, Qt::Horizontal);
    else
      addDockWidget(Qt::TopDockWidgetArea, top, Qt::Horizontal);
    previous = top;
    tops << top;
    stacks.push_back({top});
  }
  for (size_t c = 0; c < columns.size() && c < stacks.size(); ++c) {
    for (size_t r = 1; r < columns[c].size(); ++r) {
      auto* next = dock(columns[c][r].front());
      if (!next) continue;
      splitDockWidget(stacks[c].back(), next, Qt::Vertical);
      stacks[c] << next;
    }
    for (const auto& cell : columns[c]) {
      auto* front = dock(cell.front());
      if (!front) continue;
      for (qsizetype i = 1; i < cell.size(); ++i)
        if (auto* tab = dock(cell[i])) {
          tabifyDockWidget(front, tab);
          tab->show();
        }
      front->show();
      fronts_.push_back(front);
    }
  }
  // A dock without a place would come back visible when the state is restored: it gets one, hidden.
  for (auto* one : order_) {
    if (dockWidgetArea(one) != Qt::NoDockWidgetArea) continue;
    addDockWidget(Qt::TopDockWidgetArea, one);
    one->hide();
  }
  QList<int> pixels;
  for (const int percent : widths) pixels << percent * width() / 100;
  resizeDocks(tops, pixels, Qt::Horizontal);
  for (const auto& stack : stacks)
    resizeDocks(stack, QList<int>(stack.size(), height() / static_cast<int>(stack.size())), Qt::Vertical);
  setUpdatesEnabled(true);
}

std::map<QString, QByteArray> DockHost::store() const {
  auto states = left_;
  if (!current_.isEmpty()) states[current_] = saveState(kStateVersion);
  return states;
}

bool DockHost::restore(const std::map<QString, QByteArray>& states, const QString& layout) {
  left_ = states;
  const auto found = left_.find(layout);
  if (found == left_.end() || !restoreDocks(found->second)) return false;
  current_ = layout;
  emit layoutApplied(current_);
  return true;
}

bool DockHost::restoreDocks(const QByteArray& state) {
  letGoOfEdges();
  if (state.isEmpty() || !restoreState(state, kStateVersion)) return false;
  // Docks that the program did not have when the layout was left would push the others aside.
  for (auto* one : order_)
    if (!names(state, one->objectName())) one->hide();
  rescueFloating();
  return true;
}

void DockHost::rescueFloating() {
  for (auto* one : order_) {
    if (!one->isFloating()) continue;
    bool seen = false;
    for (const auto* screen : QGuiApplication::screens())
      seen = seen || screen->availableGeometry().intersected(one->frameGeometry()).width() > 40;
    if (!seen) one->setFloating(false);
  }
}

}  // namespace vaco::ui
