// SPDX-License-Identifier: GPL-3.0-or-later
// A monkey at the window while a run trains: whatever is clicked, dragged, typed or chosen in a menu, the
// window goes on and closes cleanly, and no run is lost. VACO_MONKEY_ACTIONS asks for more of it,
// VACO_MONKEY_SEED for other ones; where that takes longer than five minutes, QTEST_FUNCTION_TIMEOUT
// (milliseconds) lets it. It tells how long the event loop was held up at the longest, and by what; that is
// measured, not asserted.
#include <time.h>

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDesktopServices>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>

#include "core/base/rng.h"
#include "core/records/checkpoint.h"
#include "core/records/run_reader.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_window.h"
#include "ui/bridge/session_bridge.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/window_actions.h"
#include "ui/widgets/dock_host.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

constexpr int kPatience = 120000;
constexpr int kDefaultActions = 300;
constexpr double kStall = 0.05;  // seconds
constexpr const char* kSchemes[] = {"http", "https", "file", "mailto"};

double workedSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

int asked(const char* name, int otherwise) {
  bool ok = false;
  const int value = qEnvironmentVariableIntValue(name, &ok);
  return ok ? value : otherwise;
}

/// How long the event loop was away, and after what.
struct Stall {
  double wall, worked;
  QString after;
};

}  // namespace

class MonkeyTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_;
  std::unique_ptr<MainWindow> window_;
  Rng rng_{1};
  QTimer pulse_;
  QElapsedTimer since_;
  double worked_before_ = 0.0;
  QString doing_;
  std::vector<Stall> stalls_;

  int below(size_t count) { return static_cast<int>(rng_.index(count)); }
  template <class Choice>
  Choice oneOf(std::initializer_list<Choice> all) {
    return *(all.begin() + below(all.size()));
  }

  /// The event loop is back.
  void measure() {
    const double wall = static_cast<double>(since_.nsecsElapsed()) * 1e-9, worked = workedSeconds();
    if (wall > kStall) stalls_.push_back({wall, worked - worked_before_, doing_});
    since_.start();
    worked_before_ = workedSeconds();
  }
  void beat() {
    measure();
    if (auto* popup = QApplication::activePopupWidget()) playWithPopup(*popup);
  }

  /// A menu or a list holds up who opened it: something is chosen, or it is put away.
  void playWithPopup(QWidget& popup) {
    if (below(3) > 0) QTest::keyClick(&popup, Qt::Key_Down);
    auto* menu = qobject_cast<QMenu*>(&popup);
    const bool choose = below(4) == 0 && !(menu && menu->activeAction() && forbidden(*menu->activeAction()));
    if (below(3) == 0) QTest::keyClick(&popup, choose ? Qt::Key_Return : Qt::Key_Escape);
  }

  /// Starts programs, closes the window, or trains with what was typed: a width of a million fits no machine.
  bool forbidden(const QAction& action) const {
    const auto& actions = window_->actions();
    return &action == actions.quit || &action == actions.start || &action == actions.poster;
  }
  bool forbidden(QWidget* widget) const {
    for (auto* one = widget; one; one = one->parentWidget()) {
      if (one->objectName() == "queueStart") return true;
      const auto* button = qobject_cast<QToolButton*>(one);
      if (button && button->defaultAction() && forbidden(*button->defaultAction())) return true;
    }
    return false;
  }

  QWidget* front() {
    if (auto* modal = QApplication::activeModalWidget()) return modal;
    return below(8) == 0 && QApplication::activeWindow() ? QApplication::activeWindow() : window_.get();
  }
  QWidget* anyWidget() {
    std::vector<QWidget*> there;
    for (auto* one : front()->findChildren<QWidget*>())
      if (one->isVisible() && one->isEnabled() && one->width() > 2 && one->height() > 2 && !forbidden(one))
        there.push_back(one);
    return there.empty() ? nullptr : there[static_cast<size_t>(below(there.size()))];
  }
  QPoint anyPlace(const QWidget& widget) {
    return {below(static_cast<size_t>(widget.width())), below(static_cast<size_t>(widget.height()))};
  }
  static QString nameOf(const QWidget& widget) {
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    return QString("%1 %2 %3")
        .arg(widget.metaObject()->className(), widget.objectName(), button ? button->text() : "");
  }

  void click(QWidget& widget) {
    const auto button = below(6) == 0 ? Qt::RightButton : Qt::LeftButton;
    const auto keys =
        oneOf<Qt::KeyboardModifier>({Qt::NoModifier, Qt::NoModifier, Qt::ShiftModifier, Qt::ControlModifier});
    doing_ = "click on " + nameOf(widget);
    if (below(6) == 0)
      QTest::mouseDClick(&widget, button, keys, anyPlace(widget));
    else
      QTest::mouseClick(&widget, button, keys, anyPlace(widget));
  }
  void drag(QWidget& widget) {
    doing_ = "drag on " + nameOf(widget);
    const QPointer<QWidget> there(&widget);
    const auto button = below(4) == 0 ? Qt::RightButton : Qt::LeftButton;
    QTest::mousePress(&widget, button, {}, anyPlace(widget));
    for (int i = 0; there && i < 4; ++i) {
      const QPointF place = anyPlace(widget);
      QMouseEvent moved(QEvent::MouseMove, place, widget.mapToGlobal(place), Qt::NoButton, button, {});
      QApplication::sendEvent(&widget, &moved);
    }
    if (there) QTest::mouseRelease(&widget, button, {}, anyPlace(widget));
  }
  void wheel(QWidget& widget) {
    doing_ = "wheel on " + nameOf(widget);
    const QPointF place = anyPlace(widget);
    QWheelEvent event(place, widget.mapToGlobal(place), {}, {0, oneOf({-240, -120, 120, 240})}, Qt::NoButton,
                      {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
  }
  void type() {
    auto* widget = QApplication::focusWidget();
    if (!widget || forbidden(widget)) return;
    const auto key = oneOf({Qt::Key_Tab,   Qt::Key_Backtab, Qt::Key_Up,     Qt::Key_Down,   Qt::Key_Left,
                            Qt::Key_Right, Qt::Key_Home,    Qt::Key_End,    Qt::Key_PageUp, Qt::Key_PageDown,
                            Qt::Key_Space, Qt::Key_Return,  Qt::Key_Escape, Qt::Key_Delete, Qt::Key_Backspace,
                            Qt::Key_1,     Qt::Key_0,       Qt::Key_E,      Qt::Key_Minus,  Qt::Key_Period,
                            Qt::Key_S,     Qt::Key_R,       Qt::Key_L,      Qt::Key_Menu,   Qt::Key_Plus});
    doing_ = QString("key %1 in %2").arg(QKeySequence(key).toString(), nameOf(*widget));
    QTest::keyClick(widget, key);
  }
  void trigger() {
    std::vector<QAction*> there;
    for (auto* one : window_->findChildren<QAction*>())
      if (one->isEnabled() && !one->isSeparator() && !one->menu() && !forbidden(*one)) there.push_back(one);
    auto* action = there[static_cast<size_t>(below(there.size()))];
    doing_ = "action " + action->objectName() + " " + action->text();
    action->trigger();
  }

  void act() {
    // A file dialog could write anywhere.
    if (auto* files = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) return files->reject();
    if (auto* modal = qobject_cast<QDialog*>(QApplication::activeModalWidget()); modal && below(10) == 0)
      return modal->reject();
    const int kind = below(100);
    if (kind < 25) return type();
    if (kind < 40 && !QApplication::activeModalWidget()) return trigger();
    if (kind < 42) {
      doing_ = "another size";
      return window_->resize(900 + below(1000), 560 + below(600));
    }
    auto* widget = anyWidget();
    if (!widget) return;
    if (kind < 80) return click(*widget);
    kind < 90 ? drag(*widget) : wheel(*widget);
  }

  void train() {
    if (!window_->session().canStart()) return;
    auto config = test::tinyConfig(dataset_);
    for (const auto& [key, value] :
         {std::pair{"bilevel_steps", "1000000"}, std::pair{"diagnostics_interval", "50"}})
      (void)set_param(config, key, value, Origin::command_line);
    window_->model().reset(config);
    doing_ = "start of a training";
    window_->startTraining();
  }

  void tell() {
    std::sort(stalls_.begin(), stalls_.end(),
              [](const Stall& a, const Stall& b) { return a.worked > b.worked; });
    qInfo("the event loop was away for more than %g ms %zu times; the longest of them:", 1e3 * kStall,
          stalls_.size());
    for (size_t i = 0; i < std::min<size_t>(15, stalls_.size()); ++i)
      qInfo("%6.0f ms, of which %6.0f ms were work of the window: %s", 1e3 * stalls_[i].wall,
            1e3 * stalls_[i].worked, qPrintable(stalls_[i].after));
  }

  /// Whatever ended the trainings, each is told as ended, is read whole, and can be gone on with.
  void noRunIsLost() {
    const auto runs = find_runs(folder_.filePath("runs").toStdString());
    qInfo("%zu runs were begun and kept", runs.size());
    QVERIFY(!runs.empty());
    for (const auto& run : runs) {
      const auto record = read_run(run);
      QVERIFY2(record.ok(), run.c_str());
      QVERIFY2(record->damage.empty(), record->damage.empty() ? "" : record->damage.front().c_str());
      const auto status = record->manifest.at("status").get<std::string>();
      QVERIFY2(status == "stopped" || status == "finished", (run.string() + " is " + status).c_str());
      if (record->metrics.empty()) continue;  // stopped before its first step was told
      const auto kept = read_checkpoint(run / "checkpoints" / "last.h5");
      QVERIFY2(kept.ok(), kept.ok() ? "" : kept.error().message.c_str());
      QVERIFY(kept->step >= record->metrics.back().step);
    }
  }

 public slots:
  void swallow(const QUrl&) {}

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    qputenv("XDG_DATA_HOME", folder_.filePath("share").toUtf8());
    QDir::setCurrent(folder_.path());
    for (const auto* scheme : kSchemes) QDesktopServices::setUrlHandler(scheme, this, "swallow");
    dataset_ = folder_.filePath("hopper_tiny-v2.hdf5").toStdString();
    QVERIFY(test::writeTinyDataset(dataset_).ok());
  }

  void whateverIsDoneTheWindowGoesOn() {
    window_ = test::openWindow(folder_);
    const auto seed = static_cast<uint64_t>(asked("VACO_MONKEY_SEED", 1));
    const int actions = asked("VACO_MONKEY_ACTIONS", kDefaultActions);
    rng_ = Rng(seed);
    connect(&pulse_, &QTimer::timeout, this, &MonkeyTest::beat);
    since_.start();
    worked_before_ = workedSeconds();
    pulse_.start(4);
    for (int i = 0; i < actions; ++i) {
      if (i % 100 == 0) train();
      if (i % 1000 == 0) qInfo("%d actions", i);
      measure();
      act();
      QVERIFY2(window_->isVisible(), qPrintable("the window went away at: " + doing_));
      QTest::qWait(below(12));
    }
    pulse_.stop();
    tell();
    while (auto* modal = qobject_cast<QDialog*>(QApplication::activeModalWidget())) modal->reject();
    // It still does what it is for, and closes by itself once the training has saved.
    train();
    QTRY_VERIFY_WITH_TIMEOUT(window_->session().active() && window_->session().canStop(), kPatience);
    window_->close();
    QTRY_VERIFY_WITH_TIMEOUT(!window_->isVisible(), kPatience);
    window_.reset();
    noRunIsLost();
  }
  void cleanupTestCase() {
    for (const auto* scheme : kSchemes) QDesktopServices::unsetUrlHandler(scheme);
  }
};

QTEST_MAIN(MonkeyTest)
#include "monkey_test.moc"
