// SPDX-License-Identifier: GPL-3.0-or-later
// The help is complete: every page, picture and link is in the program.
#include <QImage>
#include <QListWidget>
#include <QRegularExpression>
#include <QScreen>
#include <QScrollBar>
#include <QTest>
#include <QTextBrowser>

#include "core/learn/algorithm.h"
#include "core/records/run_config.h"
#include "resources/resources.h"
#include "ui/help/about_window.h"
#include "ui/help/help_window.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
QStringList allMatches(const QString& text, const QString& pattern) {
  QStringList found;
  for (auto at = QRegularExpression(pattern).globalMatch(text); at.hasNext();) found << at.next().captured(1);
  return found;
}
}  // namespace

class HelpTest : public QObject {
  Q_OBJECT

 private slots:
  void everyTopicHasAPage() {
    QWidget parent;
    auto* window = showHelp(parent, "weights");
    auto* list = window->findChild<QListWidget*>("helpTopics");
    QCOMPARE(list->count(), static_cast<int>(HelpWindow::topics().size()));
    QStringList pages;
    for (int i = 0; i < list->count(); ++i) {
      list->setCurrentRow(i);
      pages << window->browser().toPlainText();
      QVERIFY2(pages.back().size() > 300, qPrintable(HelpWindow::topics()[static_cast<size_t>(i)].key));
    }
    QCOMPARE(QSet<QString>(pages.begin(), pages.end()).size(), pages.size());
    QCOMPARE(showHelp(parent, "keys"), window);  // raised, not opened twice
    QCOMPARE(list->currentItem()->text(), HelpWindow::topics().back().title);
  }

  void theSheetOfKeysIsAsWideAsItsLines() {
    QWidget parent;
    auto* sheet = showShortcutSheet(parent);
    auto* text = sheet->findChild<QTextBrowser*>("shortcutSheet.text");
    QTRY_VERIFY(text->isVisible());
    const auto document = text->document()->size();
    QVERIFY(document.width() > 40 * text->fontMetrics().averageCharWidth());
    // Where the screen has room, nothing needs to be scrolled.
    const bool narrow = text->horizontalScrollBar()->maximum() > 0;
    QVERIFY(!narrow || text->width() + 60 >= sheet->screen()->availableSize().width());
    QVERIFY(narrow || text->verticalScrollBar()->maximum() == 0);
  }

  void everyPictureAndLinkLeadsSomewhere() {
    QStringList keys;
    for (const auto& topic : HelpWindow::topics()) keys << topic.key;
    int pictures = 0;
    for (const auto& topic : HelpWindow::topics()) {
      const auto page = helpPage(topic.key);
      for (const auto& picture : allMatches(page, "<img[^>]*src='([^']*)'")) {
        const auto bytes = find_resource("help/" + picture.toStdString());
        QVERIFY2(!bytes.empty(), qPrintable(picture));
        QVERIFY2(bytes.size() < 60000, qPrintable(picture));
        QVERIFY2(!QImage::fromData(QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()))).isNull(),
                 qPrintable(picture));
        ++pictures;
      }
      for (const auto& link : allMatches(page, "href='?\"?topic:([a-z]+)"))
        QVERIFY2(keys.contains(link), qPrintable(topic.key + " links to " + link));
      QVERIFY2(!page.contains('@'), qPrintable(topic.key));
    }
    QVERIFY(pictures >= 12);
  }

  void picturesAreScaledToThePixelsOfTheScreen() {
    QWidget parent;
    auto& browser = showHelp(parent, "weights")->browser();
    const auto widths = allMatches(helpPage("weights"), "<img src='[^']*' width='([0-9]+)'");
    const auto names = allMatches(helpPage("weights"), "<img src='([^']*)' width='");
    QVERIFY(!names.isEmpty() && names.size() == widths.size());
    for (qsizetype i = 0; i < names.size(); ++i) {
      const auto picture =
          browser.document()->resource(QTextDocument::ImageResource, QUrl(names[i])).value<QImage>();
      QCOMPARE(picture.width(), qRound(widths[i].toInt() * browser.devicePixelRatioF()));
    }
  }

  void everyAlgorithmAndSettingIsTold() {
    const auto told = helpPage("algorithms"), settings = helpPage("settings");
    for (const auto& info : algorithms()) {
      QVERIFY2(told.contains(QString("<a name='%1'>").arg(QString::fromStdString(info.key))), info.key.c_str());
      const auto schema = full_schema(info.key);
      QVERIFY(schema.ok());
      for (const auto& spec : *schema)
        QVERIFY2(settings.contains("<code>" + QString::fromStdString(spec.key) + "</code>"), spec.key.c_str());
    }
  }
};

QTEST_MAIN(HelpTest)
#include "help_test.moc"
