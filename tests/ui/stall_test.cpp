// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where time is asserted: no event of the window may take so long that a hand on the mouse
// notices it, whatever trains, is drawn or is asked for.
#include <algorithm>
#include <ctime>
#include <functional>
#include <limits>
#include <map>
#include <stop_token>
#include <thread>

#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/bridge/session_bridge.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/window_actions.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/theme.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
constexpr double kLongestEvent = 50.0;  // ms of the thread's own
constexpr int kTries = 3;               // a busy machine makes one slow, a fault makes all slow

/// What the window does between two beats is its own processor time: on a busy machine it also waits for
/// others.
double workedMs() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// Beats in the event loop and keeps the longest time between two beats.
class Heart {
 public:
  explicit Heart(int every_ms) {
    timer_.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer_, &QTimer::timeout, [this] { beat(); });
    wall_.start();
    before_ = workedMs();
    timer_.start(every_ms);
  }
  void beat() {
    away_ = std::max(away_, wall_.restart());
    const double now = workedMs();
    worked_ = std::max(worked_, now - before_);
    before_ = now;
    ++beats_;
  }
  [[nodiscard]] double worked() const { return worked_; }
  [[nodiscard]] qint64 away() const { return away_; }
  [[nodiscard]] int beats() const { return beats_; }

 private:
  QTimer timer_;
  QElapsedTimer wall_;
  double before_ = 0.0, worked_ = 0.0;
  qint64 away_ = 0;
  int beats_ = 0;
};

/// The longest event of those that follow from something.
double longestAfter(const std::function<void()>& act) {
  Heart heart(1);
  bool done = false;
  QTimer::singleShot(5, qApp, [&] {
    act();
    done = true;
  });
  (void)QTest::qWaitFor([&] { return done; }, kPatience);
  QTest::qWait(500);
  heart.beat();
  return heart.worked();
}
}  // namespace

class StallTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_, run_;

  std::unique_ptr<MainWindow> makeWindow() {
    auto window = std::make_unique<MainWindow>(WindowOptions{
        .dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    window->resize(1280, 800);
    window->show();
    return window;
  }
  /// Shows a run that everything can be drawn of.
  std::unique_ptr<MainWindow> filledWindow() {
    auto window = makeWindow();
    window->openRun(run_);
    window->docks().applyLayout("setup");
    if (!QTest::qWaitFor([&] { return test::drawsSomething(window->plots()); }, kPatience)) return nullptr;
    QTest::qWait(1000);
    return window;
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = folder_.filePath("hopper_tiny-v2.hdf5").toStdString();
    QVERIFY(test::writeTinyDataset(dataset_).ok());
    auto window = makeWindow();
    window->model().reset(test::tinyConfig(dataset_));
    QSignalSpy ended(&window->session(), &SessionBridge::ended);
    window->startTraining();
    QVERIFY(ended.wait(kPatience));
    run_ = window->session().folder();
  }

  void anotherTheme() {
    auto window = filledWindow();
    QVERIFY(window);
    for (const auto* layout : {"setup", "watch", "explain"}) {
      window->docks().applyLayout(layout);
      QTest::qWait(500);
      double best = std::numeric_limits<double>::max();
      for (int i = 0; i < kTries && best > kLongestEvent; ++i) {
        const auto other = themeIsDark() ? ThemeChoice::light : ThemeChoice::dark;
        best = std::min(best, longestAfter([&] { window->setTheme(other); }));
        // All that is named has the theme's color, seen or not.
        for (const auto* label : window->findChildren<QLabel*>())
          if (label->property("role") == "faint")
            QTRY_COMPARE_WITH_TIMEOUT(label->palette().color(QPalette::WindowText), themeColors().faint, 5000);
      }
      qInfo("another theme in %s: %.0f ms", layout, best);
      QVERIFY(best < kLongestEvent);
    }
    window->setTheme(ThemeChoice::light);
  }

  void fileDialogs() {
    auto window = filledWindow();
    QVERIFY(window);
    for (auto* action : {window->actions().open_dataset, window->actions().out_folder}) {
      double best = std::numeric_limits<double>::max();
      for (int i = 0; i < kTries && best > kLongestEvent; ++i) {
        best = std::min(best, longestAfter([&] { action->trigger(); }));
        auto* ask = window->findChild<QFileDialog*>();
        QVERIFY(ask && ask->isVisible());
        ask->reject();
        QTRY_VERIFY(!window->findChild<QFileDialog*>());
      }
      qInfo("%s: %.0f ms", qPrintable(action->text()), best);
      QVERIFY(best < kLongestEvent);
    }
  }

  void layouts() {
    std::map<QString, double> best;
    for (int i = 0; i < kTries; ++i) {
      auto window = filledWindow();
      QVERIFY(window);
      const auto& all = DockHost::layouts();
      for (size_t next = 1; next <= all.size(); ++next) {  // the first one is shown already, and comes back
        const auto& key = all[next % all.size()].key;
        const double took = longestAfter([&] { window->docks().applyLayout(key); });
        auto& kept = best.try_emplace(key, took).first->second;
        kept = std::min(kept, took);
      }
    }
    for (const auto& [key, took] : best) {
      qInfo("layout %s: %.0f ms", qPrintable(key), took);
      QVERIFY2(took < kLongestEvent, qPrintable(key));
    }
  }

  void trainingAndPlotting() {
    auto window = makeWindow();
    auto config = test::tinyConfig(dataset_);
    for (const auto& [key, value] : {std::pair{"hidden_width", "256"},
                                     {"batch_size", "256"},
                                     {"value_steps", "400"},
                                     {"bilevel_steps", "1000000"},
                                     {"log_interval", "2"},
                                     {"eval_interval", "100000"},
                                     {"diagnostics_interval", "50"}})
      (void)set_param(config, key, value, Origin::run);
    config.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    window->model().reset(config);
    window->docks().applyLayout("watch");
    window->startTraining();
    QTRY_VERIFY_WITH_TIMEOUT(test::drawsSomething(window->plots()), kPatience);
    QTest::qWait(300);
    // What the machine itself lets a thread wait that has nothing else to do.
    qint64 longest_nap = 0;
    std::jthread idle([&longest_nap](const std::stop_token& stop) {
      QElapsedTimer nap;
      while (!stop.stop_requested()) {
        nap.start();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        longest_nap = std::max(longest_nap, nap.elapsed());
      }
    });
    const Heart heart(5);
    QTest::qWait(6000);
    idle.request_stop();
    idle.join();
    qInfo("longest gap %lld ms, %.0f of its own, over %d beats, training on %d threads",
          static_cast<long long>(heart.away()), heart.worked(), heart.beats(), config.threads);
    QVERIFY(window->session().state() == RunState::running);
    QVERIFY2(heart.worked() < kLongestEvent, qPrintable(QString("busy for %1 ms").arg(heart.worked())));
    QVERIFY2(heart.away() < 500 + longest_nap,
             qPrintable(QString("longest gap %1 ms, of the machine %2 ms").arg(heart.away()).arg(longest_nap)));
    QSignalSpy ended(&window->session(), &SessionBridge::ended);
    window->session().stop();
    QVERIFY(ended.wait(kPatience));
  }
};

QTEST_MAIN(StallTest)
#include "stall_test.moc"
