// SPDX-License-Identifier: GPL-3.0-or-later
// Without the mouse and without sight: every control has a name, what is drawn has words, Tab reaches all, and
// a session goes from the data to the figures by keys alone.
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <set>

#include "core/session/training_session.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_window.h"
#include "ui/bridge/selection.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/explain/explain_panel.h"
#include "ui/explain/time_line_plot.h"
#include "ui/export/export_dialog.h"
#include "ui/plots/plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/shell/explain_desk.h"
#include "ui/shell/export_controller.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/dock_host.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
constexpr int kMostTabs = 500;

/// What Qt makes inside of its own widgets.
bool isPart(const QWidget& widget) {
  if (widget.objectName().startsWith("qt_")) return true;
  for (const auto* above = widget.parentWidget(); above; above = above->parentWidget())
    if (qobject_cast<const QAbstractSpinBox*>(above) || qobject_cast<const QComboBox*>(above) ||
        qobject_cast<const QTabBar*>(above) || qobject_cast<const QAbstractItemView*>(above) ||
        qobject_cast<const QLineEdit*>(above))
      return true;
  return false;
}

bool isControl(const QWidget& widget) {
  if (isPart(widget) || qobject_cast<const QScrollBar*>(&widget) || qobject_cast<const QHeaderView*>(&widget) ||
      qobject_cast<const QTabBar*>(&widget))
    return false;
  return qobject_cast<const QAbstractButton*>(&widget) || qobject_cast<const QComboBox*>(&widget) ||
         qobject_cast<const QLineEdit*>(&widget) || qobject_cast<const QAbstractSpinBox*>(&widget) ||
         qobject_cast<const QAbstractSlider*>(&widget) || qobject_cast<const QAbstractItemView*>(&widget) ||
         qobject_cast<const QPlainTextEdit*>(&widget) || (widget.focusPolicy() & Qt::TabFocus);
}

QString wordsOf(const QWidget& widget) {
  QStringList path;
  for (const auto* one = &widget; one && path.size() < 4; one = one->parentWidget())
    path << QString("%1 %2").arg(one->metaObject()->className(), one->objectName());
  return path.join(" in ");
}

QString told(QWidget& widget, QAccessible::Text what) {
  const auto* inner = QAccessible::queryAccessibleInterface(&widget);
  return inner ? inner->text(what) : QString();
}
}  // namespace

class KeyboardTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_, run_;
  std::unique_ptr<MainWindow> window_;

  void openWindow() {
    window_ = test::openWindow(folder_);
    QApplication::setActiveWindow(window_.get());
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
  }
  void openRun() {
    openWindow();
    window_->openRun(run_);
    QTRY_VERIFY_WITH_TIMEOUT(window_->loader().view() && !window_->loader().busy(), kPatience);
    window_->docks().applyLayout("explain");
    QTRY_VERIFY_WITH_TIMEOUT(window_->explainDesk().panel().run() != nullptr, kPatience);
    window_->explainDesk().selection().setCurrent(3);
  }
  void press(int key, Qt::KeyboardModifiers with = Qt::NoModifier) {
    QWidget* at = QApplication::focusWidget();
    if (!at) at = QApplication::activeWindow();
    QTest::keyClick(at ? at : window_.get(), static_cast<Qt::Key>(key), with);
  }
  static void type(const QString& text) {
    auto* at = QApplication::focusWidget();
    QVERIFY(at);
    QTest::keyClicks(at, text);
  }
  /// Goes on by Tab until a widget of this name has the focus.
  bool tabTo(const char* name) {
    for (int i = 0; i < kMostTabs; ++i) {
      if (const auto* at = QApplication::focusWidget(); at && at->objectName() == name) return true;
      press(Qt::Key_Tab);
    }
    return false;
  }
  /// Types a path into the file dialog that is open.
  void chooseFile(const std::filesystem::path& path) {
    QTRY_VERIFY(qobject_cast<QFileDialog*>(QApplication::activeModalWidget()));
    auto* dialog = QApplication::activeModalWidget();
    QApplication::setActiveWindow(dialog);
    QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()));
    press(Qt::Key_A, Qt::ControlModifier);
    type(QString::fromStdString(path.string()));
    press(Qt::Key_Return);
    QTRY_VERIFY(!QApplication::activeModalWidget());
    QTest::qWait(50);  // the dialog is put away
    activate(*window_);
  }
  /// As a window system does with what comes to the front.
  static void activate(QWidget& window) {
    window.activateWindow();
    QApplication::setActiveWindow(&window);
    QTRY_COMPARE(QApplication::activeWindow(), &window);
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = folder_.filePath("hopper_tiny-v2.hdf5").toStdString();
    QVERIFY(test::writeTinyDataset(dataset_).ok());
    run_ = test::trainRun(folder_, test::tinyConfig(dataset_), "trained");
  }
  void cleanup() { window_.reset(); }

  void everyControlHasAName() {
    openRun();
    QStringList nameless;
    for (auto* widget : window_->findChildren<QWidget*>())
      if (isControl(*widget) && !widget->isHidden() && told(*widget, QAccessible::Name).trimmed().isEmpty())
        nameless << wordsOf(*widget);
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join("\n")));
  }

  void whatIsDrawnHasWords() {
    openRun();
    QStringList silent;
    int drawn = 0;
    for (const auto& layout : DockHost::layouts()) {
      window_->docks().applyLayout(layout.key);
      QTest::qWait(300);
      for (auto* plot : window_->plots().plots()) {
        if (!plot->isVisible()) continue;
        ++drawn;
        plot->refresh();
        if (told(*plot, QAccessible::Description).isEmpty()) silent << wordsOf(*plot);
      }
      for (auto* line : window_->findChildren<TimeLinePlot*>())
        if (line->isVisible() && !line->tracks().empty() && told(*line, QAccessible::Description).isEmpty())
          silent << wordsOf(*line);
    }
    QVERIFY(drawn > 8);
    QVERIFY2(silent.isEmpty(), qPrintable(silent.join("\n")));
  }

  void tabReachesEveryControl() {
    openRun();
    for (const auto& layout : DockHost::layouts()) {
      window_->docks().applyLayout(layout.key);
      QTest::qWait(500);
      std::set<QWidget*> wanted;
      for (auto* widget : window_->findChildren<QWidget*>())
        if (isControl(*widget) && widget->isVisible() && widget->isEnabled() &&
            (widget->focusPolicy() & Qt::TabFocus) && !widget->visibleRegion().isEmpty())
          wanted.insert(widget);
      QVERIFY2(wanted.size() > 10, qPrintable(layout.key));
      QWidget* first = nullptr;
      for (int i = 0; i < kMostTabs; ++i) {
        press(Qt::Key_Tab);
        auto* at = QApplication::focusWidget();
        QVERIFY(at);
        wanted.erase(at);
        // Of buttons that exclude each other Tab reaches one, and arrows the others.
        if (const auto* button = qobject_cast<const QAbstractButton*>(at); button && button->group())
          for (auto* other : button->group()->buttons()) wanted.erase(other);
        if (at == first) break;
        if (!first) first = at;
      }
      QStringList left;
      for (const auto* widget : wanted)
        if (widget->isVisible() && widget->isEnabled()) left << wordsOf(*widget);
      QVERIFY2(left.isEmpty(), qPrintable(layout.key + ":\n" + left.join("\n")));
    }
  }

  void aKeyThatIsUnderlinedMeansOneThing() {
    openRun();
    std::set<QString> tried;
    for (const auto& layout : DockHost::layouts()) {
      window_->docks().applyLayout(layout.key);
      QTest::qWait(300);
      for (auto* dock : window_->docks().docks()) {
        if (!dock->isVisible()) continue;
        dock->raise();
        QTest::qWait(20);
        std::map<QKeySequence, QStringList> meanings;
        const auto underlined = [&](const QString& text) {
          if (const auto key = QKeySequence::mnemonic(text); !key.isEmpty()) meanings[key] << text;
        };
        for (const auto* menu : window_->menuBar()->actions()) underlined(menu->text());
        for (const auto* button : window_->findChildren<QAbstractButton*>())
          if (!button->visibleRegion().isEmpty()) underlined(button->text());
        for (auto* label : window_->findChildren<QLabel*>()) {
          if (!label->buddy() || label->visibleRegion().isEmpty()) continue;
          underlined(label->text());
          const auto key = QKeySequence::mnemonic(label->text());
          if (key.isEmpty() || !label->buddy()->isEnabled() || !tried.insert(label->text()).second) continue;
          window_->setFocus();
          QTest::keyClick(window_.get(), key[0].key(), Qt::AltModifier);
          const auto* at = QApplication::focusWidget();
          QVERIFY2(at == label->buddy() || label->buddy()->isAncestorOf(at), qPrintable(label->text()));
        }
        for (const auto& [key, texts] : meanings)
          QVERIFY2(texts.size() == 1,
                   qPrintable(QString("%1, %2, %3: %4")
                                  .arg(layout.key, dock->objectName(), key.toString(), texts.join(", "))));
      }
    }
    QVERIFY2(tried.size() >= 10, qPrintable(QString::number(tried.size())));
  }

  void arrowsChooseAmongButtonsThatExcludeEachOther() {
    openRun();
    window_->docks().applyLayout("setup");
    auto* chosen = window_->findChild<QAbstractButton*>("weightLevel.auto");
    chosen->setFocus();
    press(Qt::Key_Right);
    QCOMPARE(std::get<std::string>(window_->model().value("weight_level")), std::string("sample"));
    press(Qt::Key_Left);
    QCOMPARE(std::get<std::string>(window_->model().value("weight_level")), std::string("auto"));
  }

  void returnDoesWhatADialogIsFor() {
    openRun();
    const auto defaultOf = [](QDialog* dialog) {
      QStringList found;
      if (dialog && QTest::qWaitFor([&] { return dialog->isVisible(); }, kPatience))
        for (const auto* button : dialog->findChildren<QPushButton*>())
          if (button->isDefault()) found << button->text();
      return found;
    };
    const auto shown = [&](const char* name) {
      QDialog* dialog = nullptr;
      (void)QTest::qWaitFor([&] { return (dialog = window_->findChild<QDialog*>(name)) != nullptr; },
                            kPatience);
      return dialog;
    };
    window_->exports().askFigures();
    QCOMPARE(defaultOf(shown("exportAll")), QStringList{"&Export"});
    window_->findChild<QDialog*>("exportAll")->reject();
    window_->askQueue();
    QCOMPARE(defaultOf(shown("queueDialog")), QStringList{"&Start"});
    window_->findChild<QDialog*>("queueDialog")->reject();
    auto* plot = window_->findChild<ReturnPlot*>();
    plot->exportFigure();
    auto* single = plot->findChild<ExportDialog*>();
    QCOMPARE(defaultOf(single), QStringList{"&Export"});
    single->reject();
    window_->docks().reveal("dock.rollout");
    const auto& view = window_->rollout().view();
    if (!QTest::qWaitFor([&] { return view.timeStep() > 0 || view.saysProblem(); }, kPatience) ||
        view.timeStep() <= 0)
      QSKIP("nothing can draw here");
    window_->rollout().askFilm();
    QCOMPARE(defaultOf(shown("filmDialog")), QStringList{"&Write"});
  }

  void aSessionNeedsNoMouse() {
    openWindow();
    press(Qt::Key_O, Qt::ControlModifier);
    chooseFile(dataset_);
    QTRY_VERIFY_WITH_TIMEOUT(window_->loader().view() && !window_->loader().busy(), kPatience);
    window_->model().reset(test::tinyConfig(dataset_));
    // A setting is found by its name and changed.
    press(Qt::Key_F, Qt::ControlModifier);
    QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()));
    type("bi-level steps");
    QVERIFY(tabTo("edit.bilevel_steps"));
    press(Qt::Key_A, Qt::ControlModifier);
    type("1000000");
    press(Qt::Key_Return);
    QCOMPARE(std::get<int64_t>(window_->model().value("bilevel_steps")), int64_t{1000000});
    auto& session = window_->session();
    press(Qt::Key_R, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), RunState::running, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(session.canPause(), kPatience);
    press(Qt::Key_P, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), RunState::paused, kPatience);
    press(Qt::Key_P, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), RunState::running, kPatience);
    press(Qt::Key_Period, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!session.active(), kPatience);

    // Another run is opened, and one of its trajectories is looked at.
    press(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
    chooseFile(run_);
    QTRY_COMPARE_WITH_TIMEOUT(window_->shownRun().folder(), std::filesystem::canonical(run_), kPatience);
    int number = 0;
    for (const auto& layout : DockHost::layouts()) {
      ++number;
      if (layout.key == "explain") press(Qt::Key_0 + number, Qt::ControlModifier);
    }
    QCOMPARE(window_->docks().currentLayout(), QString("explain"));
    auto& panel = window_->explainDesk().panel();
    QTRY_VERIFY_WITH_TIMEOUT(panel.run() != nullptr, kPatience);
    QVERIFY(tabTo("episodeTable"));
    press(Qt::Key_Down);
    press(Qt::Key_Down);
    QVERIFY(panel.trajectory() >= 0);
    QVERIFY(tabTo("explainTimeLine"));
    press(Qt::Key_Right);
    press(Qt::Key_Right);
    QCOMPARE(panel.time(), 2);
    // It is ticked, too, and left out of what is trained next.
    QVERIFY(tabTo("episodeTable"));
    press(Qt::Key_Space);
    QCOMPARE(window_->explainDesk().selection().trajectories().size(), size_t{1});

    // Figures are written where the dialog proposes.
    press(Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(window_->findChild<QDialog*>("exportAll"), kPatience);
    auto* dialog = window_->findChild<QDialog*>("exportAll");
    QTRY_VERIFY(dialog->isVisible());
    QApplication::setActiveWindow(dialog);
    for (const char* format : {"format.svg", "format.png", "format.pdf"}) {
      QVERIFY(tabTo(format));
      press(Qt::Key_Space);
    }
    press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(
        QFile::exists(QString::fromStdString((run_ / "figures/evaluation_return.csv").string())), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(!window_->exports().exporting(), kPatience);
    QApplication::setActiveWindow(window_.get());
    press(Qt::Key_Q, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!window_->isVisible(), kPatience);
  }
};

QTEST_MAIN(KeyboardTest)
#include "keyboard_test.moc"
