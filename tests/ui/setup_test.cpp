// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QCheckBox>
#include <QDropEvent>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QPointer>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "tests/ui/tiny_data.h"
#include "ui/bridge/run_watcher.h"
#include "ui/data/dataset_loader.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/setup/param_row.h"
#include "ui/setup/param_text.h"
#include "ui/shell/main_window.h"
#include "ui/shell/window_actions.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/number_edit.h"
#include "ui/widgets/segmented_control.h"

using namespace vaco;
using namespace vaco::ui;

class SetupTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  [[nodiscard]] std::filesystem::path path(const char* name) const {
    return folder_.filePath(name).toStdString();
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    const auto written = test::writeTinyDataset(path("tiny.hdf5"));
    QVERIFY2(written.ok(), written.ok() ? "" : written.error().message.c_str());
  }

  void formHasARowForEveryParameter() {
    ConfigModel model;
    ParamForm form(model);
    QCOMPARE(form.findChildren<ParamRow*>().size(), static_cast<qsizetype>(model.schema().size()));
    for (const auto& spec : model.schema()) {
      const auto* row = form.findChild<ParamRow*>(QString("param.%1").arg(QString::fromStdString(spec.key)));
      QVERIFY2(row, spec.key.c_str());
      QVERIFY(row->toolTip().contains(QString::fromStdString(spec.label).toHtmlEscaped()));
      QVERIFY2(
          !form.findChild<QWidget*>("edit." + QString::fromStdString(spec.key))->accessibleName().isEmpty(),
          spec.key.c_str());
    }
  }

  void numbersAreUnderstoodInBothSpellings() {
    ConfigModel model;
    ParamForm form(model);
    form.setAdvanced(true);
    form.show();
    const auto type = [&](const char* name, const QString& text) {
      auto* edit = form.findChild<NumberEdit*>(name);
      edit->setFocus();
      edit->selectAll();
      edit->insert(text);
      QTest::keyClick(edit, Qt::Key_Return);
    };
    type("edit.expectile", "0,8125");
    QCOMPARE(std::get<double>(model.value("expectile")), 0.8125);
    type("edit.expectile", QString::fromUtf8("۰٫۷۵"));
    QCOMPARE(std::get<double>(model.value("expectile")), 0.75);
    type("edit.value_steps", "2.500.000");
    QCOMPARE(std::get<int64_t>(model.value("value_steps")), int64_t{2'500'000});
    type("edit.value_steps", "2,500");
    QCOMPARE(std::get<int64_t>(model.value("value_steps")), int64_t{2500});
  }

  void editRevertUndo() {
    ConfigModel model;
    ParamForm form(model);
    form.setAdvanced(true);
    form.show();
    const auto before = to_text(model.value("expectile"));
    auto* edit = form.findChild<NumberEdit*>("edit.expectile");
    auto* revert = form.findChild<QToolButton*>("revert.expectile");
    QVERIFY(!revert->isVisibleTo(&form));
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, "0.8125");
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(std::get<double>(model.value("expectile")), 0.8125);
    QVERIFY(model.edited("expectile"));
    QVERIFY(revert->isVisibleTo(&form));
    // A second edit of the same parameter is the same step back.
    edit->selectAll();
    QTest::keyClicks(edit, "0.75");
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(model.undoStack()->count(), 1);
    model.undoStack()->undo();
    QCOMPARE(to_text(model.value("expectile")), before);
    QCOMPARE(edit->text().toStdString(), before);
    model.undoStack()->redo();
    QCOMPARE(std::get<double>(model.value("expectile")), 0.75);
    QTest::mouseClick(revert, Qt::LeftButton);
    QCOMPARE(to_text(model.value("expectile")), before);
    QVERIFY(!model.edited("expectile"));
    model.undoStack()->undo();
    QCOMPARE(std::get<double>(model.value("expectile")), 0.75);
  }

  void refusesWhatIsOutOfRange() {
    ConfigModel model;
    const auto before = model.value("expectile");
    QVERIFY(!model.setParam("expectile", "1.5").isEmpty());
    QVERIFY(!model.setParam("expectile", "abc").isEmpty());
    QCOMPARE(model.value("expectile"), before);
    QCOMPARE(model.undoStack()->count(), 0);
  }

  void anotherAlgorithmKeepsTheRowsThatBothHave() {
    ConfigModel model;
    ParamForm form(model);
    form.setAdvanced(true);
    form.show();
    const auto tabOrder = [&] {
      QStringList editors;
      const auto* at = form.findChild<QScrollArea*>()->nextInFocusChain();
      for (; at != &form && form.isAncestorOf(at); at = at->nextInFocusChain())
        if (at->objectName().startsWith("edit.")) editors << at->objectName();
      return editors;
    };
    const auto inSchema = [&] {
      QStringList editors;
      const auto* content = form.findChild<QScrollArea*>()->widget();
      for (int i = 0; i < content->layout()->count(); ++i)
        if (const auto* row = dynamic_cast<ParamRow*>(content->layout()->itemAt(i)->widget()))
          editors << "edit." + QString::fromStdString(row->spec().key);
      return editors;
    };
    const QPointer<ParamRow> shared = form.findChild<ParamRow*>("param.discount");
    const QPointer<ParamRow> own = form.findChild<ParamRow*>("param.bilevel_steps");
    QVERIFY(shared && own);
    for (const auto* algorithm : {"iql", "bc", "vaco"}) {
      model.setAlgorithm(algorithm);
      QCOMPARE(form.findChildren<ParamRow*>().size(), static_cast<qsizetype>(model.schema().size()));
      QCOMPARE(inSchema().size(), static_cast<qsizetype>(model.schema().size()));
      QCOMPARE(tabOrder(), inSchema());
      if (algorithm == QString("iql")) QVERIFY(shared && !own);
    }
  }

  void whatIsSaidOfValuesNamesThemAsTheFormDoes() {
    ConfigModel model;
    ParamForm form(model);
    const auto& spec = *find_spec(model.schema(), "value_steps");
    QVERIFY(warningText(spec, spec.default_value).isEmpty());
    QVERIFY(model.setParam("value_steps", "2500").isEmpty());
    const auto expected = QString("Value steps: 2,500 is unusual; usual are 20,000 to 3,000,000");
    QCOMPARE(warningText(spec, model.value("value_steps")), expected);
    const auto* row = form.findChild<ParamRow*>("param.value_steps");
    const auto labels = row->findChildren<QLabel*>();
    QVERIFY(
        std::any_of(labels.begin(), labels.end(), [&](const auto* one) { return one->text() == expected; }));
    QCOMPARE(form.findChild<NumberEdit*>("edit.value_steps")->text(), QString("2,500"));
    QCOMPARE(model.setParam("value_steps", "0"),
             QString("Value steps: 0 is outside its range, 1 to 1,000,000,000"));
    QVERIFY(model.setParam("value_steps", "many").startsWith("Value steps takes a whole number"));
  }

  void searchAndTiers() {
    ConfigModel model;
    ParamForm form(model);
    auto* search = form.findChild<QLineEdit*>("paramSearch");
    const auto shown = [&] {
      int count = 0;
      for (const auto* row : form.findChildren<ParamRow*>()) count += row->isVisibleTo(&form) ? 1 : 0;
      return count;
    };
    const int basic = shown();
    form.setAdvanced(true);
    QVERIFY(shown() > basic);
    QCOMPARE(shown(), static_cast<int>(model.schema().size()));
    search->setText("expectile");
    QVERIFY(shown() >= 1 && shown() < basic);
    QVERIFY(form.findChild<ParamRow*>("param.expectile")->isVisibleTo(&form));
    search->setText("no such thing");
    QCOMPARE(shown(), 0);
  }

  void whereWeightsActIsOneClick() {
    ConfigModel model;
    ExperimentPanel panel(model);
    panel.resize(480, 700);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    auto* printed = panel.findChild<QToolButton*>("weightLevel.sample");
    auto* ours = panel.findChild<QToolButton*>("weightLevel.trajectory");
    QVERIFY(printed && ours);
    QCOMPARE(printed->text(), QString("As printed (per sample)"));
    QCOMPARE(std::get<std::string>(model.value("weight_level")), std::string("auto"));
    QTest::mouseClick(printed, Qt::LeftButton);
    QCOMPARE(std::get<std::string>(model.value("weight_level")), std::string("sample"));
    QTest::mouseClick(ours, Qt::LeftButton);
    QCOMPARE(std::get<std::string>(model.value("weight_level")), std::string("trajectory"));
    model.setAlgorithm("bc");
    QVERIFY(!panel.findChild<QWidget*>("weightLevelBox")->isVisibleTo(&panel));
    model.undoStack()->undo();
    QCOMPARE(model.config().algorithm, std::string("vaco"));
  }

  void physicsIsTheDatasUntilAnotherIsChosen() {
    ConfigModel model;
    ExperimentPanel panel(model);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    auto* v2 = panel.findChild<QToolButton*>("physics.v2");
    auto* v4 = panel.findChild<QToolButton*>("physics.v4");
    QVERIFY(v2 && v4);
    QCOMPARE(model.config().physics, std::string());
    QVERIFY(v2->isChecked());
    panel.setDatasetEnvironment("hopper", "v4");
    QVERIFY(v4->isChecked());
    QTest::mouseClick(v2, Qt::LeftButton);
    QCOMPARE(model.config().physics, std::string("v2"));
    QVERIFY(v2->isChecked());
    QTest::mouseClick(v4, Qt::LeftButton);
    QCOMPARE(model.config().physics, std::string());
    QVERIFY(v4->isChecked());
  }

  void presetKeepsTheUsersEdits() {
    ConfigModel model;
    QVERIFY(model.setParam("policy_lr", "0.002").isEmpty());
    model.setPreset("paper");
    QCOMPARE(std::get<double>(model.value("policy_lr")), 0.002);
    QCOMPARE(std::get<int64_t>(model.value("value_steps")), int64_t{1000000});
  }

  void dropOpensADataset() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    window.show();
    QSignalSpy loaded(&window.loader(), &DatasetLoader::loaded);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(folder_.filePath("tiny.hdf5"))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &drop);
    QVERIFY(loaded.wait(20000));
    const auto& summary = window.loader().view()->summary;
    QCOMPARE(summary.episodes, int64_t{test::kEpisodes});
    QCOMPARE(summary.ended_by_terminal, int64_t{test::kEpisodes / 2});
    QCOMPARE(summary.obs_dim, int64_t{11});
    QCOMPARE(window.model().config().dataset, path("tiny.hdf5"));
    QVERIFY(window.actions().start->isEnabled());
  }

  void aWrongFileIsAMessage() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    QFile file(folder_.filePath("wrong.hdf5"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no HDF5 file");
    file.close();
    QSignalSpy failed(&window.loader(), &DatasetLoader::failed);
    window.loadDataset(path("wrong.hdf5"));
    QVERIFY(failed.wait(20000));
    QVERIFY(window.messages().count() >= 1);
    QVERIFY(!window.actions().start->isEnabled());
  }

  void aDatasetThatWasNotLookedAtIsNotTrainedOn() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    window.model().setDataset(path("tiny.hdf5"));  // as a former session leaves it
    QVERIFY(!window.actions().start->isEnabled());
    QSignalSpy loaded(&window.loader(), &DatasetLoader::loaded);
    window.loadDataset(path("tiny.hdf5"));
    QVERIFY(loaded.wait(20000));
    QVERIFY(window.actions().start->isEnabled());
  }

  void aRefusedValueKeepsARunFromStarting() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    QSignalSpy loaded(&window.loader(), &DatasetLoader::loaded);
    window.loadDataset(path("tiny.hdf5"));
    QVERIFY(loaded.wait(20000));
    auto& model = window.model();
    QVERIFY(!model.setParam("value_steps", "0").isEmpty());
    QVERIFY(!window.actions().start->isEnabled());
    QVERIFY(model.setParam("value_steps", "600").isEmpty());
    QVERIFY(window.actions().start->isEnabled());
    QVERIFY(!model.setParam("value_steps", "nothing").isEmpty());
    model.revertParam("value_steps");
    QVERIFY(window.actions().start->isEnabled());
  }

  void layoutsPlaceEveryDockOnceAndSurviveStoring() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "dark", .out = folder_.filePath("runs"), .remember = false});
    window.show();
    auto& docks = window.docks();
    for (const auto& layout : DockHost::layouts()) {
      docks.applyLayout(layout.key);
      QCOMPARE(docks.currentLayout(), layout.key);
      int visible = 0;
      for (const auto* dock : docks.docks()) visible += dock->isHidden() ? 0 : 1;
      QVERIFY2(visible >= 4, qPrintable(QString("%1: %2").arg(layout.key).arg(visible)));
    }
    docks.applyLayout("watch");
    const auto stored = docks.store();
    docks.dock("dock.returns")->setFloating(true);
    docks.dock("dock.returns")->move(50000, 50000);
    const auto lost = docks.store();
    docks.applyLayout("setup");
    QVERIFY(docks.restore(lost, "watch"));
    QVERIFY(docks.restore(stored, "watch"));
    QVERIFY(!docks.dock("dock.returns")->isFloating());
    QVERIFY(!docks.restore({{"watch", "nonsense"}}, "watch"));
  }

  void docksPutAwayStayAwayInTheNextWindow() {
    const WindowOptions options{
        .dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false};
    MainWindow first(options), second(options);
    first.show();
    second.show();
    first.docks().applyLayout("compare");
    QVERIFY(second.docks().restore(first.docks().store(), "compare"));
    for (const auto* dock : first.docks().docks())
      QVERIFY2(second.docks().dock(dock->objectName())->isHidden() == dock->isHidden(),
               qPrintable(dock->objectName()));
  }

  void noFieldTakesAKeyOfTheMenus() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    window.show();
    const auto key = [](const QString& text) { return QKeySequence::mnemonic(text); };
    QStringList menus;
    for (const auto* menu : window.menuBar()->actions()) menus << key(menu->text()).toString();
    QVERIFY(menus.contains("Alt+E"));
    for (const auto* label : window.findChildren<QLabel*>())
      if (label->buddy() && !key(label->text()).isEmpty())
        QVERIFY2(!menus.contains(key(label->text()).toString()), qPrintable(label->text()));
    for (const auto* button : window.findChildren<QAbstractButton*>())
      if (!qobject_cast<const QToolButton*>(button) && !key(button->text()).isEmpty())
        QVERIFY2(!menus.contains(key(button->text()).toString()), qPrintable(button->text()));
  }

  void aSearchBeginsAtTheTop() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    window.show();
    window.experiment().form().setAdvanced(true);
    auto* scroll = window.findChild<QScrollArea*>("paramScroll");
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 50);
    scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
    QTest::keyClicks(window.findChild<QLineEdit*>("paramSearch"), "rate");
    QTRY_COMPARE(scroll->verticalScrollBar()->value(), 0);
  }

  void everyDockAndActionHasAName() {
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    for (const auto* dock : window.docks().docks()) {
      QVERIFY(!dock->objectName().isEmpty());
      QVERIFY(!dock->accessibleName().isEmpty());
    }
    for (const auto* button : window.findChildren<QToolButton*>()) {
      if (button->objectName().isEmpty() || button->objectName().startsWith("qt_") ||
          button->objectName().startsWith("ScrollLeft") || button->objectName().startsWith("ScrollRight"))
        continue;
      QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty() || !button->toolTip().isEmpty(),
               qPrintable(button->objectName()));
    }
  }
};

QTEST_MAIN(SetupTest)
#include "setup_test.moc"
