// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard reaches every panel that can be seen, and none that cannot.
#include <set>

#include <QAction>
#include <QDockWidget>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/tiny_window.h"
#include "ui/rollout/film_dialog.h"
#include "ui/shell/main_window.h"
#include "ui/studies/queue_dialog.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/panel_focus.h"

using namespace vaco;
using namespace vaco::ui;

class PanelFocusTest : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  QString focused() const {
    for (const QWidget* at = QApplication::focusWidget(); at; at = at->parentWidget())
      if (qobject_cast<const QDockWidget*>(at)) return at->objectName();
    return {};
  }
  std::set<QString> inFront() const {
    std::set<QString> names;
    for (const auto* dock : window_->docks().docks())
      if (isInFront(*dock)) names.insert(dock->objectName());
    return names;
  }

 private slots:
  void initTestCase() {
    window_ = test::openWindow(folder_);
    window_->resize(1440, 900);
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
  }
  void cleanupTestCase() { window_.reset(); }

  void tabNeverLeavesWhatCanBeSeen() {
    for (const char* layout : {"watch", "compare", "explain"}) {
      window_->docks().applyLayout(layout);
      std::set<QWidget*> met;
      for (int stop = 0; stop < 400; ++stop) {
        QTest::keyClick(window_.get(), Qt::Key_Tab);
        auto* focus = QApplication::focusWidget();
        QVERIFY(focus);
        QVERIFY2(!isBehindATab(focus), qPrintable(QString("%1: %2").arg(layout, focus->objectName())));
        if (!met.insert(focus).second) break;
      }
      QVERIFY2(met.size() > 10, layout);
    }
  }

  void f6GoesRoundThePanelsInFront() {
    window_->docks().applyLayout("watch");
    std::set<QString> met;
    for (size_t i = 0; i < inFront().size(); ++i) {
      QTest::keyClick(window_.get(), Qt::Key_F6);
      QVERIFY2(met.insert(focused()).second, qPrintable(focused()));
    }
    for (const auto& name : met) QVERIFY2(inFront().contains(name), qPrintable(name));
    QVERIFY(met.size() >= 5);
    const auto last = focused();
    QTest::keyClick(window_.get(), Qt::Key_F6);
    QVERIFY(focused() != last);
    QTest::keyClick(window_.get(), Qt::Key_F6, Qt::ShiftModifier);
    QCOMPARE(focused(), last);
  }

  void theMenuBringsAPanelToTheFrontAndPutsItAway() {
    window_->docks().applyLayout("watch");
    auto* action = window_->findChild<QAction*>("action.panel.dock.dataset");
    QVERIFY(action);
    auto* dock = window_->docks().dock("dock.dataset");
    QVERIFY(dock->isVisible() && !isInFront(*dock));
    action->trigger();
    QTRY_VERIFY(isInFront(*dock));
    QCOMPARE(focused(), QString("dock.dataset"));
    action->trigger();
    QTRY_VERIFY(!dock->isVisible());
    action->trigger();
    QTRY_VERIFY(isInFront(*dock));
    // Each has a letter of its own.
    std::set<QChar> keys;
    for (auto* panel : window_->docks().docks()) {
      const auto text = window_->findChild<QAction*>("action.panel." + panel->objectName())->text();
      const auto at = text.indexOf('&');
      QVERIFY2(at >= 0 && keys.insert(text[at + 1].toLower()).second, qPrintable(text));
    }
  }

  void aLayoutKeepsTheFocusInAPanelThatIsSeen() {
    for (const char* layout : {"compare", "explain", "setup", "watch"}) {
      window_->docks().applyLayout(layout);
      QVERIFY2(inFront().contains(focused()), layout);
    }
  }

  void enterInADialogDoesWhatItIsFor() {
    FilmDialog film("an episode", "episode", 100, 0.01, {}, window_.get());
    film.setAttribute(Qt::WA_DeleteOnClose, false);
    film.show();
    QueueDialog queue({}, window_.get());
    queue.setAttribute(Qt::WA_DeleteOnClose, false);
    queue.show();
    for (auto* dialog : {static_cast<QDialog*>(&film), static_cast<QDialog*>(&queue)})
      for (const auto* button : dialog->findChildren<QPushButton*>())
        QVERIFY2(button->isDefault() ==
                     (button->objectName() == "filmWrite" || button->objectName() == "queueStart"),
                 qPrintable(button->text()));
  }
};

QTEST_MAIN(PanelFocusTest)
#include "panel_focus_test.moc"
