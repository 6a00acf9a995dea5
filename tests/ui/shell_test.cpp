// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around the docks, and where they stand: layouts, status bar and messages.
#include <QElapsedTimer>
#include <QLabel>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>
#include <functional>
#include <map>
#include <set>

#include "ui/shell/status_panel.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/in_turn.h"
#include "ui/widgets/message_bar.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
/// Tells in which turn of the event loop it is painted.
class Canvas : public QWidget {
 public:
  Canvas(const int& turn, std::map<int, std::set<QWidget*>>& painted) : turn_(turn), painted_(painted) {}

 protected:
  void paintEvent(QPaintEvent*) override { painted_[turn_].insert(this); }

 private:
  const int& turn_;
  std::map<int, std::set<QWidget*>>& painted_;
};
}  // namespace

class ShellTest : public QObject {
  Q_OBJECT

  /// Docks with little in them, in a column of the window.
  static DockHost* makeDocks(
      QWidget& window, const std::function<QWidget*(const QString&)>& content = [](const QString& id) {
        return new QLabel(id);
      }) {
    auto* docks = new DockHost(&window);
    (new QVBoxLayout(&window))->addWidget(docks);
    for (const auto* id :
         {"experiment", "dataset", "runs", "study", "compare", "statistics", "returns", "losses", "scatter",
          "histogram", "correlation", "ess", "alarms", "rollout", "scores", "side"})
      docks->add(QString("dock.") + id, id, content(id));
    window.resize(1280, 900);
    window.show();
    return docks;
  }

 private slots:
  void theEndOfARunIsNotHiddenByItsLastStep() {
    StatusPanel panel;
    auto* phase = panel.findChild<QLabel*>("phase");
    const Progress last{.phase = "cloning",
                        .phase_label = "Cloning",
                        .phase_index = 0,
                        .phase_count = 1,
                        .phase_step = 600,
                        .phase_steps = 600,
                        .step = 600,
                        .total_steps = 600};
    for (const auto& [state, message] : {std::pair{RunState::finished, "finished in 1 min 51 s"},
                                         {RunState::idle, "stopped after 12.0 s at step 300"}}) {
      panel.setState(RunState::running, {});
      panel.setProgress(last);
      QVERIFY(phase->toolTip().contains("step 600 of 600") || phase->text().contains("step 600 of 600"));
      panel.setState(state, message);
      panel.setProgress(last);
      QCOMPARE(phase->text(), QString(message));
    }
  }

  void theFirstOfTabsIsInFront() {
    QWidget window;
    auto* docks = makeDocks(window);
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const auto inSight = [&](const char* id) { return !docks->dock(id)->visibleRegion().isEmpty(); };
    for (int turn = 0; turn < 2; ++turn) {  // as it is designed, and as it was left
      docks->applyLayout("watch");
      QTRY_VERIFY(inSight("dock.experiment") && inSight("dock.correlation") && inSight("dock.returns"));
      QVERIFY(!inSight("dock.dataset") && !inSight("dock.ess") && !inSight("dock.compare"));
      docks->applyLayout("compare");
      QTRY_VERIFY(inSight("dock.runs") && inSight("dock.compare") && inSight("dock.scores"));
      QVERIFY(!inSight("dock.study") && !inSight("dock.statistics") && !inSight("dock.experiment"));
    }
    docks->reveal("dock.statistics");
    docks->applyLayout("watch");
    docks->applyLayout("compare");
    QTRY_VERIFY(inSight("dock.statistics") && !inSight("dock.compare"));
    QCOMPARE(window.size(), QSize(1280, 900));
  }

  void anEdgeUnderTheMouseMayGo() {
    QWidget window;
    auto* docks = makeDocks(window);
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const auto move = [&](QPoint to, Qt::MouseButtons held) {
      QMouseEvent event(QEvent::MouseMove, to, docks->mapToGlobal(to), Qt::NoButton, held, {});
      QApplication::sendEvent(docks, &event);
    };
    int edges = 0;
    for (const bool drag : {false, true})
      for (const auto& from : DockHost::layouts())
        for (const auto& to : DockHost::layouts()) {
          if (from.key == to.key) continue;
          for (int y = 10; y < docks->height(); y += 130)
            for (int x = 0; x < docks->width(); ++x) {
              docks->applyLayout(from.key);
              const QPoint at(x, y);
              if (docks->childAt(at)) continue;
              // The mouse rests upon an edge between docks while a key asks for another layout.
              move(at, Qt::NoButton);
              if (drag) QTest::mousePress(docks, Qt::LeftButton, {}, at);
              docks->applyLayout(to.key);
              move(at + QPoint(40, 40), drag ? Qt::LeftButton : Qt::NoButton);
              QCoreApplication::processEvents();
              if (drag) QTest::mouseRelease(docks, Qt::LeftButton, {}, at);
              ++edges;
              x += 60;
            }
        }
    QVERIFY(edges > 100);
  }

  void aLayoutsPanelsArePaintedOneByOne() {
    int turn = 0;
    std::map<int, std::set<QWidget*>> painted;
    QWidget window;
    auto* docks = makeDocks(window, [&](const QString&) { return new Canvas(turn, painted); });
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    docks->applyLayout("compare");
    QTRY_VERIFY(!turnsAreWaiting());
    QTest::qWait(50);
    painted.clear();
    docks->applyLayout("watch");
    for (turn = 1; turn < 100; ++turn) QCoreApplication::processEvents();
    std::set<QWidget*> all;
    for (const auto& [at, canvases] : painted) {
      QVERIFY2(canvases.size() == 1, qPrintable(QString("turn %1 painted %2").arg(at).arg(canvases.size())));
      all.insert(canvases.begin(), canvases.end());
    }
    QCOMPARE(all.size(), size_t{7});
  }

  void messagesStackReplaceAndClose() {
    MessageBar bar;
    QVERIFY(!bar.isVisibleTo(nullptr));
    bar.post(MessageKind::error, "a", "first");
    bar.post(MessageKind::note, "b", "second");
    bar.post(MessageKind::warning, "a", "first again");
    QCOMPARE(bar.texts(), QStringList({"first again", "second"}));
    bar.findChildren<QToolButton*>("messageClose").first()->click();
    QTRY_COMPARE(bar.count(), 1);
    bar.clear();
    QCOMPARE(bar.count(), 0);
    for (int i = 0; i < 20; ++i) bar.post(MessageKind::note, QString::number(i), "x");
    QVERIFY(bar.count() <= 4);
  }

  void manyMessagesTakeTheRoomOfOne() {
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    auto* bar = new MessageBar(&window);
    bar->setTimes(200, 60000);
    column->addWidget(bar);
    column->addStretch();
    window.resize(700, 300);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    bar->post(MessageKind::error, "a", "the error");
    QTRY_VERIFY(bar->height() > 10);
    const int one = bar->sizeHint().height();
    bar->post(MessageKind::warning, "b", "the warning");
    bar->post(MessageKind::note, "c", "the note");
    QCOMPARE(bar->texts().size(), 3);
    const auto shown = [&] {
      QStringList texts;
      for (const auto* label : bar->findChildren<QLabel*>("messageText"))
        if (label->isVisible()) texts << label->text();
      return texts;
    };
    // What has just been done is told, and then the gravest is in sight again.
    QTRY_COMPARE(shown(), QStringList{"the note"});
    QTRY_COMPARE(shown(), QStringList{"the error"});
    QVERIFY(bar->sizeHint().height() <= one + 4);
    auto* more = bar->findChild<QToolButton*>("messageMore");
    QCOMPARE(more->text(), QString("2 more"));
    more->click();
    QCOMPARE(shown().size(), 3);
    bar->dismiss("a");
    bar->dismiss("c");
    QTRY_COMPARE(shown(), QStringList{"the warning"});
    QVERIFY(!more->isVisible());
  }

  /// As when a long run is told anew, whose alarms came and went.
  void manyMessagesOfATurnMoveTheWindowTwice() {
    struct Moves : QObject {
      int seen = 0;
      bool eventFilter(QObject*, QEvent* event) override {
        seen += event->type() == QEvent::Show || event->type() == QEvent::Hide;
        return false;
      }
    } moves;
    QWidget window;
    auto* bar = new MessageBar(&window);
    window.show();
    bar->installEventFilter(&moves);
    for (int i = 0; i < 100; ++i) {
      bar->post(MessageKind::warning, "alarm", QString::number(i));
      bar->dismiss("alarm");
    }
    bar->post(MessageKind::warning, "alarm", "the last");
    QTRY_VERIFY(bar->isVisible() && bar->findChildren<QLabel*>("messageText").size() == 1);
    QTRY_VERIFY(bar->findChild<QLabel*>("messageText")->isVisible());
    QCOMPARE(bar->texts(), QStringList{"the last"});
    QVERIFY2(moves.seen <= 2, qPrintable(QString::number(moves.seen)));
  }

  void aMessageWhoseTextAloneChangesStaysWhereItIs() {
    MessageBar bar;
    bar.show();
    bar.post(MessageKind::note, "export", "1 of 2 files");
    const auto* frame = bar.findChild<QWidget*>("message.export");
    bar.post(MessageKind::note, "export", "2 of 2 files");
    QCOMPARE(bar.findChildren<QWidget*>("message.export"), QList<QWidget*>{const_cast<QWidget*>(frame)});
    QCOMPARE(bar.texts(), QStringList{"2 of 2 files"});
    // Behind a graver one it comes to the front again.
    bar.setTimes(0, 60000);
    bar.post(MessageKind::warning, "old", "an old warning");
    bar.post(MessageKind::note, "export", "reading");
    QTRY_VERIFY(bar.findChild<QWidget*>("message.old")->isVisible());
    bar.setTimes(6000, 60000);
    bar.post(MessageKind::note, "export", "written");
    QVERIFY(!bar.findChild<QWidget*>("message.old")->isVisible());
    bar.dismiss("old");
    // An error looks otherwise, and an action needs a button.
    bar.post(MessageKind::error, "export", "no space");
    QCOMPARE(bar.texts(), QStringList{"no space"});
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCOMPARE(bar.findChild<QWidget*>("message.export", Qt::FindDirectChildrenOnly)->property("message"),
             "error");
    bar.post(MessageKind::error, "export", "no space", {"Again", [] {}});
    auto* button = bar.findChild<QToolButton*>("messageAction");
    QVERIFY(button);
    QTRY_VERIFY(button->isVisible());  // at the end of the turn
    bool again = false;
    bar.post(MessageKind::error, "export", "no space at all", {"Again", [&again] { again = true; }});
    QCOMPARE(bar.findChild<QToolButton*>("messageAction"), button);
    button->click();
    QVERIFY(again);
  }

  void notesLeaveAndWarningsStay() {
    MessageBar bar;
    bar.setTimes(10, 100);
    bar.post(MessageKind::note, "export", "3 files written");
    bar.post(MessageKind::ongoing, "closing", "saving");
    bar.post(MessageKind::warning, "alarm.one", "a warning");
    bar.post(MessageKind::warning, "alarm.two", "another");
    QTRY_COMPARE(bar.texts(), (QStringList{"another", "a warning", "saving"}));
    QTest::qWait(150);
    QCOMPARE(bar.count(), 3);
    // A note that is told again counts from then on.
    bar.setTimes(10, 1000);
    bar.post(MessageKind::note, "export", "1 of 2");
    QTest::qWait(600);
    bar.post(MessageKind::note, "export", "2 of 2");
    QElapsedTimer told;
    told.start();
    QTest::qWait(600);
    const bool shown = bar.texts().contains("2 of 2");
    QVERIFY(shown || told.elapsed() >= 1000);  // a machine may be too busy to look in time
    bar.dismissAll("alarm.");
    QTRY_COMPARE(bar.texts(), QStringList{"saving"});
  }
};

QTEST_MAIN(ShellTest)
#include "shell_test.moc"
