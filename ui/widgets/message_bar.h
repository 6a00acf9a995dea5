// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QTimer>
#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace vaco::ui {

/// A note tells what has been done and leaves by itself after a while; what goes on, warnings and errors stay
/// until they are dismissed or closed.
enum class MessageKind { note, ongoing, warning, error };

/// Messages in the window, never a dialog; each can be closed. One is shown, so that many do not crowd what the
/// window is for: for some seconds the newest, then the gravest and of these the newest; a button lists the
/// others. The same key again replaces the text instead of piling up; more than a few push the oldest out.
class MessageBar : public QWidget {
  Q_OBJECT
 public:
  struct Action {
    QString label;
    std::function<void()> run;
  };
  explicit MessageBar(QWidget* parent = nullptr);

  void post(MessageKind kind, const QString& key, const QString& text, const Action& action = {});
  void dismiss(const QString& key);
  /// All whose keys begin so: "alarm.".
  void dismissAll(const QString& prefix);
  /// How long a new message is in sight before a graver one, and how long a note stays.
  void setTimes(int fresh_milliseconds, int note_milliseconds);
  void clear();
  [[nodiscard]] int count() const;
  /// All of them, the newest first.
  [[nodiscard]] QStringList texts() const;

 private:
  void remove(const QString& key);
  /// Gives the newest message another text and does another thing, if it is this one, is in sight and needs no
  /// other frame.
  bool reword(MessageKind kind, const QString& key, const QString& text, const Action& action);
  /// Each arranging lays the window out anew: of many changes in a turn of the event loop the first is seen at
  /// once, the others together at its end.
  void changed();
  void arrange();
  void setAction(QToolButton& button, const std::function<void()>& run);

  QVBoxLayout* column_;
  QToolButton* more_;                                         ///< shows or folds the others
  bool unfolded_ = false, arranged_ = false, stale_ = false;  ///< arranged: in this turn
  int fresh_milliseconds_ = 6000, note_milliseconds_ = 60000;
  QTimer fresh_;  ///< runs while the newest message is in sight
};

}  // namespace vaco::ui
