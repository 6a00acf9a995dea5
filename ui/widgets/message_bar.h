// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace vaco::ui {

enum class MessageKind { note, warning, error };

/// Messages in the window, never a dialog; each can be closed. One is shown, the gravest and of these the
/// newest, so that many do not crowd what the window is for; a button lists the others. The same key again
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
  /// All of them, the newest first.
  [[nodiscard]] QStringList texts() const;

 private:
  void arrange();

  QVBoxLayout* column_;
  QToolButton* more_;  ///< shows or folds the others
  bool unfolded_ = false;
};

}  // namespace vaco::ui
