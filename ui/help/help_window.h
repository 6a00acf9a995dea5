// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <vector>

#include <QTextBrowser>
#include <QWidget>

class QListWidget;

namespace vaco::ui {

/// Shows pages and pictures that are embedded in the program; opens no address by itself.
class HelpBrowser : public QTextBrowser {
  Q_OBJECT
 public:
  explicit HelpBrowser(QWidget* parent = nullptr) : QTextBrowser(parent) {}
  /// Shows a page of HTML whose pictures may have a width.
  void showPage(const QString& html);

 protected:
  QVariant loadResource(int type, const QUrl& name) override;

 private:
  std::map<QString, int> widths_;  ///< of the pictures of the page, by name
};

/// The help, in a window of its own that blocks nothing: topics on the left, the page on the right.
class HelpWindow : public QWidget {
  Q_OBJECT
 public:
  explicit HelpWindow(QWidget* parent);
  /// A topic by its key ("weights", "algorithms", "settings", "keys"), and a place in its page.
  void showTopic(const QString& key, const QString& anchor = {});
  [[nodiscard]] QTextBrowser& browser() { return *browser_; }

  struct Topic {
    QString key, title;
  };
  [[nodiscard]] static const std::vector<Topic>& topics();

 private:
  QListWidget* list_;
  HelpBrowser* browser_;
};

/// The page of a topic as HTML.
QString helpPage(const QString& topic);

/// Opens the help, or raises it where it is open already.
HelpWindow* showHelp(QWidget& parent, const QString& topic);

}  // namespace vaco::ui
