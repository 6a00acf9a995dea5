// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and size of the window stay as the user left them: while a training begins, over restarts, and within
// the screen.
#include <QApplication>
#include <QScreen>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/tiny_data.h"
#include "ui/bridge/session_bridge.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/ui_state.h"
#include "ui/widgets/dock_host.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
}

class KeptTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_;

  std::unique_ptr<MainWindow> makeWindow(bool remember) {
    WindowOptions options;
    options.out = folder_.filePath("runs");
    options.remember = remember;
    auto window = std::make_unique<MainWindow>(options);
    window->show();
    return window;
  }
  /// As a user ends it; what is to be remembered is written then.
  static void end(std::unique_ptr<MainWindow>& window) {
    window->close();
    window.reset();
    QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(UiStateStore::file()), kPatience);
  }
  void train(MainWindow& window) {
    auto config = test::tinyConfig(dataset_, "bc");
    window.model().reset(config);
    QSignalSpy ended(&window.session(), &SessionBridge::ended);
    window.startTraining();
    QVERIFY(ended.wait(kPatience));
    QCOMPARE(window.session().state(), RunState::finished);
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = folder_.filePath("hopper_tiny-v2.hdf5").toStdString();
    QVERIFY(test::writeTinyDataset(dataset_).ok());
  }
  void init() { std::filesystem::remove(UiStateStore::file()); }

  void aTrainingLeavesTheLayoutAsItIs() {
    auto window = makeWindow(false);
    auto& docks = window->docks();
    docks.applyLayout("watch");
    docks.dock("dock.losses")->hide();
    docks.applyLayout("setup");
    docks.dock("dock.dataset")->hide();
    train(*window);  // from the layout for setting up it goes to the one for watching
    QCOMPARE(docks.currentLayout(), QString("watch"));
    QVERIFY(docks.dock("dock.losses")->isHidden());
    docks.applyLayout("explain");
    docks.dock("dock.episodes")->hide();
    train(*window);  // from any other one nowhere
    QCOMPARE(docks.currentLayout(), QString("explain"));
    QVERIFY(docks.dock("dock.episodes")->isHidden());
    docks.applyLayout("setup");
    QVERIFY(docks.dock("dock.dataset")->isHidden());
  }

  void docksStayWhereTheyAreOverRestarts() {
    const auto shown = [](MainWindow& window) {
      QStringList names;
      for (const auto* dock : window.docks().docks())
        if (!dock->isHidden()) names << dock->objectName();
      return names;
    };
    QStringList left;
    {
      auto window = makeWindow(true);
      window->docks().applyLayout("compare");
      window->docks().dock("dock.scores")->hide();
      left = shown(*window);
      QVERIFY(!left.contains("dock.dataset"));
      end(window);
    }
    for (int restart = 0; restart < 3; ++restart) {
      auto window = makeWindow(true);
      QTest::qWait(100);
      QCOMPARE(window->docks().currentLayout(), QString("compare"));
      QCOMPARE(shown(*window), left);
      end(window);
    }
  }

  void aSizeOfALargerScreenIsNotTaken() {
    const auto room = QGuiApplication::primaryScreen()->availableGeometry();
    {
      auto window = makeWindow(true);
      window->setGeometry(room.right() - 20, room.bottom() - 20, room.width() + 700, room.height() + 700);
      end(window);
    }
    auto window = makeWindow(true);
    // As wide as the least that its docks need, where the screen is narrower than that.
    const QSize most = room.size().expandedTo(window->minimumSizeHint());
    QVERIFY2(window->height() <= most.height() && window->width() <= most.width(),
             qPrintable(QString("%1 x %2 on %3 x %4")
                            .arg(window->width())
                            .arg(window->height())
                            .arg(room.width())
                            .arg(room.height())));
    QVERIFY(room.contains(window->geometry().topLeft()));
  }
};

QTEST_MAIN(KeptTest)
#include "kept_test.moc"
