// SPDX-License-Identifier: GPL-3.0-or-later
// The rollout dock: an episode is gone through step by step, and the last ones are looked at again. Where
// nothing can draw, it says so.
#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "core/session/training_session.h"
#include "tests/sim/policies.h"
#include "tests/ui/tiny_data.h"
#include "ui/bridge/worker.h"
#include "ui/rollout/rollout_bar.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/dock_host.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
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
    // What was under way when it paused has come.
    const bool rests = QTest::qWaitFor(
        [&] {
          const int before = view().frame()->last_row;
          QTest::qWait(150);
          return view().frame()->last_row == before;
        },
        kPatience);
    return there && rests && view().frame()->last_row >= rows;
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

  void whatIsSwitchedOnIsDrawnOverThePicture() {
    QVERIFY(pausedBehind(20));
    scrubber().setValue(10);
    QTRY_COMPARE_WITH_TIMEOUT(step(), 10, kPatience);
    QTest::qWait(200);  // the last picture has come
    const auto& frame = *view().frame();
    QCOMPARE(frame.rewards.size(), static_cast<size_t>(frame.last_row));
    QCOMPARE(frame.action.size(), size_t{6});
    const auto differs = [](const QImage& a, const QImage& b, const QRect& where) {
      for (int y = where.top(); y <= where.bottom(); ++y)
        for (int x = where.left(); x <= where.right(); ++x)
          if (a.pixel(x, y) != b.pixel(x, y)) return true;
      return false;
    };
    const auto plain = view().grab().toImage();
    const QRect below(10, plain.height() - 60, plain.width() - 20, 50);
    const QRect right(plain.width() - 60, 40, 40, 60);
    press(Qt::Key_1);
    QVERIFY(child<QAction>("rolloutRewards")->isChecked());
    const auto rewards = view().grab().toImage();
    QVERIFY(differs(plain, rewards, below) && !differs(plain, rewards, right));
    child<QAction>("rolloutActions")->trigger();
    QVERIFY(view().overlays().actions);
    const auto both = view().grab().toImage();
    QVERIFY(differs(rewards, both, right) && !differs(rewards, both, below));
    press(Qt::Key_1);
    press(Qt::Key_2);
    QVERIFY(!differs(plain, view().grab().toImage(), plain.rect()));
  }

  void theOverlayOfQAsksForCritics() {
    QVERIFY(pausedBehind(5));
    QSignalSpy wanted(panel_.get(), &RolloutPanel::valuesWanted);
    press(Qt::Key_3);
    QCOMPARE(wanted.count(), 1);
    QVERIFY(panel_->showsValues() && child<QAction>("rolloutValues")->isChecked());
    auto values = std::make_shared<ValueSnapshot>();
    values->step = 9;
    values->obs_dim = 17;
    values->action_dim = 6;
    PolicySnapshot critic;
    critic.layers = {{23, 1, std::vector<float>(23, 0.0F), {4.5F}}};
    critic.observation_mean.assign(23, 0.0F);
    critic.observation_scale.assign(23, 1.0F);
    critic.action_low = {-1.0F};
    critic.action_high = {1.0F};
    values->critics = {critic};
    panel_->setValues(values);
    QTRY_COMPARE_WITH_TIMEOUT(view().frame()->values_step, int64_t{9}, kPatience);
    QCOMPARE(view().frame()->next_value, 4.5);
    panel_->setValues(nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(view().frame()->values_step, int64_t{-1}, kPatience);
  }

  void theCriticsOfTheRunAreAskedOnceTheyAreWanted() {
    QTemporaryDir folder;
    qputenv("VACO_HOME", folder.filePath("home").toUtf8());
    const auto data = std::filesystem::path(folder.filePath("hopper_tiny-v2.hdf5").toStdString());
    QVERIFY(test::writeTinyDataset(data).ok());
    SessionOptions options;
    options.out = folder.path().toStdString();
    options.folder_name = "run";
    auto session = TrainingSession::create(test::tinyConfig(data), options);
    QVERIFY(session.ok());
    (*session)->start();
    (*session)->wait();
    WindowOptions window_options;
    window_options.out = folder.path();
    window_options.remember = false;
    MainWindow window(window_options);
    window.resize(1280, 800);
    window.show();
    window.openRun(options.out / "run");
    window.docks().reveal("dock.rollout");
    const auto& rollout = window.rollout().view();
    QTRY_VERIFY_WITH_TIMEOUT(rollout.frame() && rollout.frame()->policy_step == 720, kPatience);
    QCOMPARE(rollout.frame()->values_step, int64_t{-1});
    QTest::keyClick(&window.rollout().view(), Qt::Key_3);
    QTRY_COMPARE_WITH_TIMEOUT(rollout.frame()->values_step, int64_t{720}, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(std::isfinite(rollout.frame()->next_value), kPatience);
  }

  void aLowPanelKeepsItsPicture() {
    QVERIFY(pausedBehind(5));
    press(Qt::Key_R);
    QTRY_COMPARE_WITH_TIMEOUT(panel_->episodes().size(), size_t{1}, kPatience);
    panel_->showRecording(panel_->episodes()[0], QString("What there is to say of it. ").repeated(8));
    const auto* facts = child<QLabel>("trajectoryFacts");
    const int line = facts->fontMetrics().lineSpacing();
    QTRY_VERIFY(facts->height() >= 2 * line);
    panel_->resize(340, 190);
    QTRY_VERIFY(facts->height() < 2 * line + 8);
    QTRY_VERIFY2(view().height() >= 90, qPrintable(QString::number(view().height())));
    QCOMPARE(facts->toolTip(), facts->text());
    panel_->resize(340, 420);
    QTRY_VERIFY(facts->height() >= 2 * line);
  }

  void theCameraIsMovedByMouseAndKeys() {
    QVERIFY(pausedBehind(5));
    const auto camera = [&] { return view().frame()->camera; };
    const auto home = camera();
    const auto back = [&] {
      press(Qt::Key_Escape);
      return QTest::qWaitFor(
          [&] { return camera().azimuth == home.azimuth && camera().pan == home.pan && !camera().zoomed; },
          kPatience);
    };
    const auto drag = [&](Qt::MouseButton button) {
      const QPoint from = view().rect().center(), to = from + QPoint(60, 20);
      QTest::mousePress(&view(), button, {}, from);
      QMouseEvent moved(QEvent::MouseMove, to, view().mapToGlobal(to), Qt::NoButton, button, {});
      QApplication::sendEvent(&view(), &moved);
      QTest::mouseRelease(&view(), button, {}, to);
    };
    drag(Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(camera().azimuth != home.azimuth, kPatience);
    QVERIFY(back());
    drag(Qt::RightButton);
    QTRY_VERIFY_WITH_TIMEOUT(camera().pan != home.pan, kPatience);
    QVERIFY(back());
    const QPointF middle = view().rect().center();
    QWheelEvent wheel(middle, view().mapToGlobal(middle), {}, {0, 240}, Qt::NoButton, {}, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(&view(), &wheel);
    QTRY_VERIFY_WITH_TIMEOUT(camera().zoomed, kPatience);
    QTest::mouseDClick(&view(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!camera().zoomed, kPatience);
    // The same without the mouse, and no time step is gone to meanwhile.
    const int row = step();
    QTest::keyClick(&view(), Qt::Key_Left, Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(camera().azimuth != home.azimuth, kPatience);
    QVERIFY(back());
    QTest::keyClick(&view(), Qt::Key_Right, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(camera().pan != home.pan, kPatience);
    QVERIFY(back());
    QTest::keyClick(&view(), Qt::Key_Plus, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(camera().zoomed, kPatience);
    QVERIFY(back());
    QCOMPARE(step(), row);
    QCOMPARE(view().speed(), 1.0);
  }

  void actionBarsReachFromNoughtToTheAction() {
    RolloutFrame frame;
    frame.time_step = 1;
    frame.action_low = {-1.0F, -2.0F, 0.0F};
    frame.action_high = {1.0F, 2.0F, 1.0F};
    frame.action = {1.0F, -1.0F, 0.25F};
    const OverlayColors colors{Qt::black, Qt::white, Qt::white, Qt::red};
    QImage image(400, 200, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    const auto box = paintActions(painter, image.rect(), frame, colors);
    painter.end();
    QVERIFY(image.rect().contains(box));
    // Of each bar, the leftmost and the rightmost red pixel, as shares of the way between the bounds.
    std::vector<std::pair<int, int>> bars;
    for (int y = 0; y < image.height(); ++y) {
      std::pair<int, int> row{image.width(), -1};
      for (int x = 0; x < image.width(); ++x)
        if (image.pixelColor(x, y) == QColor(Qt::red)) row = {std::min(row.first, x), std::max(row.second, x)};
      if (row.second >= 0 && (bars.empty() || bars.back() != row)) bars.push_back(row);
    }
    QCOMPARE(bars.size(), size_t{3});
    const double whole = 2.0 * (bars[0].second - bars[0].first);
    const auto share = [&](int x) { return (x - bars[0].second) / whole + 1.0; };
    QVERIFY(std::abs(share(bars[0].first) - 0.5) < 0.03);
    QVERIFY(std::abs(share(bars[1].first) - 0.25) < 0.03 && std::abs(share(bars[1].second) - 0.5) < 0.03);
    QVERIFY(std::abs(share(bars[2].first)) < 0.03 && std::abs(share(bars[2].second) - 0.25) < 0.03);
    painter.begin(&image);
    QVERIFY(paintActions(painter, QRect(0, 0, 100, 40), frame, colors).isEmpty());
  }

  void curvesOfRewardsEndWhereTheEpisodeHasCome() {
    RolloutFrame frame;
    frame.rewards = {1.0, 1.0, 1.0, 1.0};
    frame.last_row = 4;
    frame.time_step = 4;
    const OverlayColors colors{Qt::white, Qt::white, Qt::white, Qt::red};
    QImage image(400, 300, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    const auto box = paintRewards(painter, image.rect(), frame, colors);
    painter.end();
    QVERIFY(image.rect().contains(box) && box.top() >= 60);
    // The sum rises to the right; the reward itself stays.
    const auto red = [&](int x, int from, int to) {
      for (int y = from; y <= to; ++y)
        if (const auto c = image.pixelColor(x, y); c.green() < 128) return y;
      return -1;
    };
    const int middle = box.center().y();
    const int early = red(box.left() + box.width() / 4, box.top(), middle),
              late = red(box.right() - box.width() / 8, box.top(), middle);
    QVERIFY2(early > late && late > 0, qPrintable(QString("%1 %2").arg(early).arg(late)));
    const int left = red(box.left() + box.width() / 2, middle, box.bottom()),
              right = red(box.right() - box.width() / 8, middle, box.bottom());
    QVERIFY(left > middle && std::abs(left - right) <= 1);
    painter.begin(&image);
    QVERIFY(paintRewards(painter, QRect(0, 0, 400, 90), frame, colors).isEmpty());
  }
};

QTEST_MAIN(RolloutTest)
#include "rollout_test.moc"
