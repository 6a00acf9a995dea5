// SPDX-License-Identifier: GPL-3.0-or-later
// What two policies do from the same state, under one clock; and that the layout around it fits small windows.
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "core/session/training_session.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_window.h"
#include "ui/explain/episode_panel.h"
#include "ui/explain/play_bar.h"
#include "ui/explain/side_panel.h"
#include "ui/explain/state_picture.h"
#include "ui/figures/number_text.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/explain_desk.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/dock_host.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
}

class SideTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_, run_, other_;
  std::unique_ptr<MainWindow> window_;

  std::filesystem::path train(const char* name, uint64_t seed) {
    auto config = test::tinyConfig(dataset_, "bc");
    config.seed = seed;
    return test::trainRun(folder_, config, name);
  }
  SidePanel& panel() { return window_->explainDesk().sideBySide(); }
  const std::shared_ptr<const Recording>& states(size_t side) { return panel().picture(side).states(); }
  void choose(const char* name, const QString& words) {
    auto* combo = panel().findChild<QComboBox*>(name);
    const int at = combo->findText(words, Qt::MatchContains);
    QVERIFY2(at >= 0, qPrintable(words));
    combo->setCurrentIndex(at);
    emit combo->activated(at);
  }
  QString words(size_t side) { return panel().picture(side).findChild<QLabel*>()->text(); }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = folder_.filePath("hopper_tiny-v2.hdf5").toStdString();
    QVERIFY(test::writeTinyDataset(dataset_).ok());
    run_ = train("shown", 0);
    other_ = train("other", 1);
  }
  void init() {
    window_ = test::openWindow(folder_);
    window_->openRun(run_);
    QTRY_VERIFY_WITH_TIMEOUT(window_->rollout().policy() != nullptr, kPatience);
  }
  void cleanup() { window_.reset(); }

  void twoPoliciesActFromTheSameState() {
    QTRY_VERIFY_WITH_TIMEOUT(window_->runs().model().row(other_) != nullptr, kPatience);
    window_->runs().model().overlay({other_});
    window_->docks().applyLayout("explain");
    window_->docks().reveal("dock.side");
    choose("sideRight", "seed 1");
    panel().findChild<QSpinBox*>("sideEpisode")->setValue(3);
    QTRY_VERIFY_WITH_TIMEOUT(states(0) && states(1) && words(1).contains("seed 1"), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(states(0)->index, int64_t{3}, kPatience);
    // The same start, that of the rollout's episode of this number; other ways from there.
    QVERIFY(std::equal(states(0)->qpos.begin(), states(0)->qpos.begin() + 6, states(1)->qpos.begin()));
    QVERIFY(states(0)->qpos != states(1)->qpos);
    QVERIFY(words(0).contains("newest policy of the run") && words(0).contains("return"));
    const auto longest = std::max(states(0)->states(), states(1)->states());
    QCOMPARE(panel().scrubber().maximum(), static_cast<int>(longest) - 1);
    // One scrubber, one clock.
    panel().scrubber().setValue(4);
    QCOMPARE(panel().time(), 4);
    double sums[2] = {};
    for (size_t side = 0; side < 2; ++side)
      for (size_t t = 0; t < 4; ++t) sums[side] += states(side)->rewards[t];
    const auto told = panel().findChild<QLabel*>("sideTold")->text();
    QCOMPARE(told, QString("Return so far %1 on the left, %2 on the right, difference %3")
                       .arg(fixedText(sums[0], 1), fixedText(sums[1], 1), fixedText(sums[0] - sums[1], 1)));
    for (size_t side = 0; side < 2; ++side)
      if (panel().picture(side).view().hasPicture())
        QTRY_COMPARE_WITH_TIMEOUT(panel().picture(side).view().timeStep(), 4, kPatience);
    panel().setTime(0);
    panel().bar().setPlaying(true);
    QTRY_VERIFY_WITH_TIMEOUT(panel().time() > 1, kPatience);
    panel().bar().setPlaying(false);
    QCOMPARE(panel().scrubber().value(), panel().time());
    // Overlays are of both.
    panel().findChild<QToolButton*>("sideOverlays")->menu()->actions()[0]->trigger();
    for (size_t side = 0; side < 2; ++side) QVERIFY(panel().picture(side).view().overlays().rewards);
  }

  void aPolicyStandsBesideWhatIsRecorded() {
    window_->docks().applyLayout("explain");
    window_->docks().reveal("dock.rollout");
    auto& rollout = window_->rollout();
    if (!QTest::qWaitFor([&] { return rollout.view().timeStep() > 2 || rollout.view().saysProblem(); },
                         kPatience) ||
        rollout.view().timeStep() <= 2)
      QSKIP("nothing can draw here");
    rollout.view().setPlaying(false);
    QTest::qWait(300);
    rollout.view().seek(2);
    QTRY_COMPARE_WITH_TIMEOUT(rollout.view().timeStep(), 2, kPatience);
    const auto shown = rollout.view().frame()->shown;
    window_->docks().reveal("dock.side");
    choose("sideRight", "recorded");
    QTRY_VERIFY_WITH_TIMEOUT(words(1).contains("a recording begins in its own state"), kPatience);
    QVERIFY(!states(1));
    choose("sideFrom", "rollout");
    QTRY_VERIFY_WITH_TIMEOUT(states(0) && states(1), kPatience);
    for (size_t side = 0; side < 2; ++side)
      for (size_t k = 0; k < 6; ++k) QCOMPARE(states(side)->qpos[k], shown->qpos[2 * 6 + k]);
    QCOMPARE(states(1)->length(), shown->length() - 2);
    QCOMPARE(states(1)->rewards.front(), shown->rewards[2]);
  }

  void theEpisodesAreInSightInASmallWindow() {
    window_->loadDataset(dataset_);
    window_->docks().applyLayout("explain");
    auto& episodes = window_->explainDesk().episodes();
    QTRY_VERIFY_WITH_TIMEOUT(episodes.table().model()->rowCount() > 0, kPatience);
    for (const int height : {800, 720}) {
      window_->resize(1280, height);
      window_->docks().resetLayout();
      QTest::qWait(100);
      QCOMPARE(window_->size(), QSize(1280, height));
      const int rows = episodes.table().viewport()->height() / episodes.table().rowHeight(0);
      QVERIFY2(rows >= 5, qPrintable(QString("%1 rows").arg(rows)));
    }
  }

  void noLayoutWidensASmallWindow() {
    window_->loadDataset(dataset_);
    auto layouts = DockHost::layouts();
    // Back to a layout that was left.
    for (const int again : {1, 4, 1, 0, 1}) layouts.push_back(layouts[static_cast<size_t>(again)]);
    window_->resize(1280, 720);
    for (const auto& layout : layouts) {
      window_->docks().applyLayout(layout.key);
      QTest::qWait(300);
      for (auto* dock : window_->docks().docks()) {
        if (window_->docks().tabifiedDockWidgets(dock).isEmpty() || dock->isHidden()) continue;
        dock->raise();
        QTest::qWait(30);
        QVERIFY2(window_->size() == QSize(1280, 720), qPrintable(QString("%1, %2: %3 x %4")
                                                                     .arg(layout.key, dock->objectName())
                                                                     .arg(window_->width())
                                                                     .arg(window_->height())));
      }
    }
  }

  void noPanelThatIsOpenedWidensASmallWindow() {
    window_->loadDataset(dataset_);
    constexpr QSize kSmall(1280, 800);
    window_->resize(kSmall);
    QStringList wider;
    for (const auto& layout : DockHost::layouts())
      for (auto* dock : window_->docks().docks()) {
        window_->docks().applyLayout(layout.key);
        window_->docks().reveal(dock->objectName());
        QTest::qWait(100);
        if (window_->size() != kSmall)
          wider << QString("%1, %2: %3 x %4")
                       .arg(layout.key, dock->objectName())
                       .arg(window_->width())
                       .arg(window_->height());
        window_->docks().resetLayout();
        window_->resize(kSmall);
      }
    QVERIFY2(wider.isEmpty(), qPrintable(wider.join('\n')));
  }
};

QTEST_MAIN(SideTest)
#include "side_test.moc"
