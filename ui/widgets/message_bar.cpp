// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/message_bar.h"

#include <QAccessible>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "ui/widgets/icons.h"

namespace vaco::ui {

namespace {
constexpr int kMostMessages = 4;

void alert(QWidget* frame) {
  QAccessibleEvent event(frame, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
}

const char* name_of(MessageKind kind) {
  // What goes on looks like a note.
  return kind == MessageKind::error ? "error" : kind == MessageKind::warning ? "warning" : "note";
}
}  // namespace

MessageBar::MessageBar(QWidget* parent) : QWidget(parent) {
  setObjectName("messageBar");
  setAccessibleName(tr("Messages"));
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  column_ = new QVBoxLayout(this);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(0);
  more_ = new QToolButton(this);
  more_->setObjectName("messageMore");
  more_->setAccessibleName(tr("Other messages"));
  more_->setAutoRaise(true);
  connect(more_, &QToolButton::clicked, this, [this] {
    unfolded_ = !unfolded_;
    arrange();
  });
  fresh_.setSingleShot(true);
  connect(&fresh_, &QTimer::timeout, this, &MessageBar::arrange);
  hide();
}

void MessageBar::setTimes(int fresh_milliseconds, int note_milliseconds) {
  fresh_milliseconds_ = fresh_milliseconds;
  note_milliseconds_ = note_milliseconds;
}

void MessageBar::changed() {
  if (arranged_) {
    stale_ = true;
    return;
  }
  arrange();
  arranged_ = true;
  QMetaObject::invokeMethod(
      this,
      [this] {
        arranged_ = false;
        if (std::exchange(stale_, false)) arrange();
      },
      Qt::QueuedConnection);
}

void MessageBar::arrange() {
  more_->hide();
  more_->setParent(this);  // not with the message that goes
  const int all = count();
  if (all < 2) unfolded_ = false;
  QWidget* first = nullptr;
  for (int i = 0; i < all; ++i) {
    auto* frame = column_->itemAt(i)->widget();
    if (i > 0 && fresh_.isActive()) break;
    if (!first || frame->property("grade").toInt() > first->property("grade").toInt()) first = frame;
  }
  for (int i = 0; i < all; ++i) {
    auto* frame = column_->itemAt(i)->widget();
    frame->setVisible(unfolded_ || frame == first);
  }
  setVisible(all > 0);
  if (all < 2) return;
  auto* top = unfolded_ ? column_->itemAt(0)->widget() : first;
  auto* row = static_cast<QHBoxLayout*>(top->layout());
  row->insertWidget(row->count() - 1, more_, 0, Qt::AlignTop);
  more_->setText(unfolded_ ? tr("Show one") : tr("%1 more").arg(all - 1));
  more_->setToolTip(unfolded_ ? tr("Fold the messages to the most important one") : tr("Show all messages"));
  more_->show();
}

void MessageBar::setAction(QToolButton& button, const std::function<void()>& run) {
  button.disconnect(this);
  connect(&button, &QToolButton::clicked, this, [run] { run(); });
}

bool MessageBar::reword(MessageKind kind, const QString& key, const QString& text, const Action& action) {
  auto* first = count() > 0 ? column_->itemAt(0)->widget() : nullptr;
  if (!first || first->isHidden() || first->property("key") != key ||
      first->property("grade") != static_cast<int>(kind))
    return false;
  auto* button = first->findChild<QToolButton*>("messageAction");
  if ((button ? button->text() : QString()) != action.label) return false;
  if (button) setAction(*button, action.run);
  first->findChild<QLabel*>("messageText")->setText(text);
  if (auto* leave = first->findChild<QTimer*>()) leave->start(note_milliseconds_);
  fresh_.start(fresh_milliseconds_);
  alert(first);
  return true;
}

void MessageBar::post(MessageKind kind, const QString& key, const QString& text, const Action& action) {
  if (reword(kind, key, text, action)) return;
  remove(key);
  more_->setParent(this);
  while (count() >= kMostMessages) {
    auto* item = column_->takeAt(column_->count() - 1);
    delete item->widget();
    delete item;
  }
  auto* frame = new QFrame(this);
  frame->hide();
  frame->setObjectName("message." + key);
  frame->setProperty("message", name_of(kind));
  frame->setProperty("key", key);
  frame->setProperty("grade", static_cast<int>(kind));
  auto* row = new QHBoxLayout(frame);
  row->setContentsMargins(12, 5, 6, 5);
  auto* label = new QLabel(text, frame);
  label->setObjectName("messageText");
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  row->addWidget(label, 1);
  if (action.run) {
    auto* button = new QToolButton(frame);
    button->setText(action.label);
    button->setObjectName("messageAction");
    setAction(*button, action.run);
    row->addWidget(button, 0, Qt::AlignTop);
  }
  auto* close = new QToolButton(frame);
  close->setObjectName("messageClose");
  close->setIcon(themedIcon("close"));
  close->setIconSize({12, 12});
  close->setAutoRaise(true);
  close->setToolTip(tr("Close"));
  close->setAccessibleName(tr("Close message"));
  // Queued: the button must not be destroyed by its own click.
  connect(
      close, &QToolButton::clicked, this, [this, key] { dismiss(key); }, Qt::QueuedConnection);
  row->addWidget(close, 0, Qt::AlignTop);
  column_->insertWidget(0, frame);
  fresh_.start(fresh_milliseconds_);
  if (kind == MessageKind::note && !action.run) {
    auto* leave = new QTimer(frame);
    leave->setSingleShot(true);
    // A newer message of the same key can be another frame.
    connect(leave, &QTimer::timeout, frame, [this, frame] {
      for (int i = 0; i < count(); ++i)
        if (column_->itemAt(i)->widget() == frame) return dismiss(frame->property("key").toString());
    });
    leave->start(note_milliseconds_);
  }
  changed();
  alert(frame);
}

void MessageBar::remove(const QString& key) {
  for (int i = 0; i < column_->count(); ++i) {
    if (column_->itemAt(i)->widget()->property("key").toString() != key) continue;
    auto* item = column_->takeAt(i);
    more_->setParent(this);
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
    return;
  }
}

void MessageBar::dismiss(const QString& key) {
  remove(key);
  changed();
}

void MessageBar::dismissAll(const QString& prefix) {
  for (int i = count(); i-- > 0;)
    if (const auto key = column_->itemAt(i)->widget()->property("key").toString(); key.startsWith(prefix))
      remove(key);
  changed();
}

void MessageBar::clear() {
  dismissAll({});
}

int MessageBar::count() const {
  return column_->count();
}

QStringList MessageBar::texts() const {
  QStringList texts;
  for (int i = 0; i < column_->count(); ++i)
    texts << column_->itemAt(i)->widget()->findChild<QLabel*>("messageText")->text();
  return texts;
}

}  // namespace vaco::ui
