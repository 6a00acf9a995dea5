// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QWidget>

class QVBoxLayout;

namespace vaco::ui {

enum class MessageKind { note, warning, error };

/// Messages in the window, never a dialog: stacked, newest on top, each can be closed. The same key again
/// replaces the text instead of piling up; more than a few push the oldest out.
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
  void clear();
  [[nodiscard]] int count() const;
  [[nodiscard]] QStringList texts() const;

 private:
  QVBoxLayout* column_;
};

}  // namespace vaco::ui
