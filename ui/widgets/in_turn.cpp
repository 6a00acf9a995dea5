// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/in_turn.h"

#include <deque>
#include <utility>

#include <QCoreApplication>
#include <QPointer>
#include <QTimer>

namespace vaco::ui {

namespace {
/// A posted event would not do: all that are posted are delivered at one go.
class Turns : public QTimer {
 public:
  explicit Turns(QObject* parent) : QTimer(parent) {
    setInterval(0);
    connect(this, &QTimer::timeout, this, &Turns::next);
  }
  void add(QObject* owner, std::function<void()> work) {
    waiting_.emplace_back(owner, std::move(work));
    if (!isActive()) start();
  }
  [[nodiscard]] bool areWaiting() const { return !waiting_.empty(); }

 private:
  void next() {
    while (!waiting_.empty() && !waiting_.front().first) waiting_.pop_front();
    if (waiting_.empty()) return stop();
    const auto work = std::move(waiting_.front().second);
    waiting_.pop_front();
    work();
  }
  std::deque<std::pair<QPointer<QObject>, std::function<void()>>> waiting_;
};

QPointer<Turns> turns;
}  // namespace

void inTurn(QObject* owner, std::function<void()> work) {
  if (!turns) turns = new Turns(QCoreApplication::instance());
  turns->add(owner, std::move(work));
}

bool turnsAreWaiting() {
  return turns && turns->areWaiting();
}

}  // namespace vaco::ui
