// SPDX-License-Identifier: GPL-3.0-or-later
// The rollout dock: an episode is gone through step by step, and the last ones are looked at again. Where
// nothing can draw, it says so.
#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include "tests/sim/policies.h"
#include "ui/bridge/worker.h"
#include "ui/rollout/rollout_bar.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 30000;
}  // namespace

class RolloutTest : public QObject {
  Q_OBJECT

  Worker worker_;
  std::unique_ptr<RolloutPanel> panel_;
  bool draws_ = false;

  RolloutView& view() { return panel_->view(); }
  QSlider& scrubber() { return panel_->bar().scrubber(); }
  QComboBox& choice() { return panel_->bar().episodes(); }
  int step() { return view().timeStep(); }
  void press(Qt::Key key) { QTest::keyClick(&view(), key); }
  template <class Child>
  Child* child(const char* name) {
    return panel_->findChild<Child*>(name);
  }
  /// Goes on until so many time steps can be gone to, then pauses.
  bool pausedBehind(int rows) {
    view().setPlaying(true);
    const bool there = QTest::qWaitFor([&] { return view().frame()->last_row >= rows; }, kPatience);
    view().setPlaying(false);
    QTest::qWait(100);  // what was under way when it paused
    return there && view().frame()->last_row >= rows;
  }

 private slots:
  void init() {
    panel_ = std::make_unique<RolloutPanel>(worker_);
    panel_->resize(480, 420);
    panel_->setEnvironment("halfcheetah", "v2");  // its episodes end by the clock alone
    panel_->show();
    const auto info = environment_info("halfcheetah", Physics::v2).value();
    panel_->setPolicy(std::make_shared<const PolicySnapshot>(random_policy(info)));
    draws_ = QTest::qWaitFor([&] { return step() > 0 || view().saysProblem(); }, kPatience) && step() > 0;
    QCOMPARE(panel_->bar().isEnabled(), draws_);
    if (!draws_) QSKIP("nothing can draw here");
  }
  void cleanup() { panel_.reset(); }

  void theEpisodeIsGoneThroughByScrubberAndKeys() {
    QVERIFY(pausedBehind(30));
    const int last = view().frame()->last_row;
    const double whole = view().frame()->return_so_far;
    QCOMPARE(scrubber().maximum(), last);
    QCOMPARE(scrubber().value(), step());
    scrubber().setValue(7);
    QTRY_COMPARE_WITH_TIMEOUT(step(), 7, kPatience);
    QCOMPARE(child<QLabel>("rolloutWhere")->text(), QString("7 / %1").arg(last));
    const double early = view().frame()->return_so_far;
    QVERIFY(early != whole);
    press(Qt::Key_Right);
    QTRY_COMPARE_WITH_TIMEOUT(step(), 8, kPatience);
    QCOMPARE(scrubber().value(), 8);
    press(Qt::Key_Left);
    press(Qt::Key_Left);
    QTRY_COMPARE_WITH_TIMEOUT(step(), 6, kPatience);
    QTest::keyClick(&scrubber(), Qt::Key_Right);
    QTRY_COMPARE_WITH_TIMEOUT(step(), 7, kPatience);
    QCOMPARE(view().frame()->return_so_far, early);
    press(Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(step(), 0, kPatience);
    QCOMPARE(view().frame()->return_so_far, 0.0);
    press(Qt::Key_End);
    QTRY_COMPARE_WITH_TIMEOUT(step(), last, kPatience);
    QVERIFY(std::abs(view().frame()->return_so_far - whole) < 1e-9);
    QTest::mouseClick(child<QToolButton>("rolloutBack"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(step(), last - 1, kPatience);
    // Dragging while it plays pauses; playing goes on behind what was seen.
    view().setPlaying(true);
    scrubber().setValue(3);
    QVERIFY(!view().playing());
    press(Qt::Key_Space);
    QVERIFY(view().playing());
    view().setSpeed(10.0);
    QTRY_VERIFY_WITH_TIMEOUT(view().frame()->last_row > last && step() > last, kPatience);
    QCOMPARE(view().frame()->episode, 0);
  }

  void theLastEpisodesAreChosenAndScrubbedAgain() {
    QVERIFY(pausedBehind(20));
    press(Qt::Key_R);
    QTRY_COMPARE_WITH_TIMEOUT(panel_->episodes().size(), size_t{1}, kPatience);
    QVERIFY(pausedBehind(10));
    press(Qt::Key_R);
    QTRY_COMPARE_WITH_TIMEOUT(panel_->episodes().size(), size_t{2}, kPatience);
    QCOMPARE(choice().count(), 3);
    QCOMPARE(choice().currentIndex(), 0);
    // The newest stands first.
    const auto first = panel_->episodes()[1];
    QCOMPARE(first->index, int64_t{0});
    QVERIFY(choice().itemText(2).startsWith("Episode 0: return "));
    QTest::keyClick(&choice(), Qt::Key_Down);
    QTest::keyClick(&choice(), Qt::Key_Down);
    QCOMPARE(choice().currentIndex(), 2);
    QVERIFY(panel_->replaying());
    QTRY_VERIFY_WITH_TIMEOUT(view().frame()->replayed, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(scrubber().maximum(), static_cast<int>(first->length()), kPatience);
    QCOMPARE(view().frame()->episode, 0);
    const auto facts = child<QLabel>("trajectoryFacts")->text();
    QVERIFY2(facts.contains("Episode 0 again, of the policy at step 123") && facts.contains("left half way"),
             qPrintable(facts));
    scrubber().setValue(5);
    QTRY_COMPARE_WITH_TIMEOUT(step(), 5, kPatience);
    double total = 0.0;
    for (size_t t = 0; t < 5; ++t) total += first->rewards[t];
    QVERIFY(std::abs(view().frame()->return_so_far - total) < 1e-9);
    QTest::mouseClick(child<QToolButton>("backToPolicy"), Qt::LeftButton);
    QVERIFY(!panel_->replaying());
    QCOMPARE(choice().currentIndex(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!view().frame()->replayed, kPatience);
    // What is not among them is no episode of a policy.
    auto recorded = std::make_shared<Recording>(*first);
    recorded->policy_step = -1;
    panel_->showRecording(recorded, "recorded");
    QCOMPARE(choice().currentIndex(), -1);
    // Another environment has none.
    panel_->setEnvironment("hopper", "v2");
    QVERIFY(panel_->episodes().empty());
    QCOMPARE(choice().count(), 1);
  }

  void withoutLoopItPausesAtTheEndAndBeginsAnew() {
    QVERIFY(pausedBehind(10));
    press(Qt::Key_R);
    QTRY_COMPARE_WITH_TIMEOUT(panel_->episodes().size(), size_t{1}, kPatience);
    panel_->showEpisode(1);
    press(Qt::Key_L);
    QVERIFY(!view().loop());
    view().setPlaying(true);
    QTRY_VERIFY_WITH_TIMEOUT(!view().playing(), kPatience);
    QVERIFY(view().frame()->over);
    QCOMPARE(step(), static_cast<int>(panel_->episodes()[0]->length()));
    QTest::qWait(300);
    QVERIFY(view().frame()->over);
    view().setSpeed(0.1);
    press(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(!view().frame()->over, kPatience);
    QVERIFY(view().playing());
    view().setLoop(true);
    view().setSpeed(10.0);
    bool was_over = false;
    QTRY_VERIFY_WITH_TIMEOUT((was_over = was_over || view().frame()->over) && !view().frame()->over, kPatience);
    QVERIFY(view().playing());
  }
};

QTEST_MAIN(RolloutTest)
#include "rollout_test.moc"
