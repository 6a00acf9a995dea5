// SPDX-License-Identifier: GPL-3.0-or-later
// The list of runs: found, sorted, grouped, marked, thrown away, and gone on from.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <cmath>
#include <ctime>

#include "core/base/canonical_path.h"
#include "core/records/run_lock.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/message_bar.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;

QStringList column(const QAbstractItemModel& model, int column, const QModelIndex& parent = {}) {
  QStringList texts;
  for (int row = 0; row < model.rowCount(parent); ++row)
    texts << model.index(row, column, parent).data().toString();
  return texts;
}
}  // namespace

class RunsTableTest : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::filesystem::path path(const QString& name) const { return folder_.filePath(name).toStdString(); }
  void write(const QString& name, const char* algorithm, uint64_t seed, double score, double pearson = 0.5,
             const std::filesystem::path& parent = {}) {
    auto config = test::tinyConfig("/data/hopper.hdf5", algorithm);
    config.seed = seed;
    QVERIFY(test::writeRun(path(name), config, {score}));
    Json manifest = *read_json(path(name) / "manifest.json");
    manifest["result"] = {{"normalized_score", {{"last", score}, {"best", score + 1.0}}},
                          {"pearson_r", pearson}};
    if (!parent.empty()) manifest["parent"] = {{"run", parent.string()}};
    QVERIFY(write_json(path(name) / "manifest.json", manifest).ok());
  }
  /// A run of a task that knows no normalized scores.
  void writeReturn(const QString& name, const char* environment, double last) {
    write(name, "bc", 0, 0.0);
    Json manifest = *read_json(path(name) / "manifest.json");
    manifest["environment"] = environment;
    manifest["result"] = {{"return", {{"last", last}, {"best", last}}}};
    QVERIFY(write_json(path(name) / "manifest.json", manifest).ok());
  }
  /// A panel that lists a folder, once its rows are there.
  void list(RunsPanel& panel, const QString& name, int rows) {
    panel.resize(900, 400);
    panel.show();
    panel.setFolder(path(name));
    QTRY_COMPARE_WITH_TIMEOUT(panel.model().rowCount(), rows, kPatience);
  }
  void five(const QString& name) {
    write(name + "/v0", "vaco", 0, 30.0);
    write(name + "/v1", "vaco", 1, 50.0);
    write(name + "/v10", "vaco", 10, 9.0, -0.2);
    write(name + "/b0", "bc", 0, 100.0, std::nan(""));
    write(name + "/b1", "bc", 1, 20.0, std::nan(""));
  }

 private slots:
  void runsAreCalledAsTheyAreAndUnitsAreTold() {
    write("called/by hand", "vaco", 0, 30.0);
    write("called/hopper__hopper-medium__bc__s3__20261128-045722", "bc", 3, 50.0);
    RunsPanel panel;
    list(panel, "called", 2);
    auto names = column(panel.tree(), RunsModel::kName);
    names.sort();
    QCOMPARE(names, (QStringList{"by hand", "hopper, 28 Nov 04:57"}));
    QCOMPARE(column(panel.tree(), RunsModel::kLast).filter("raw"), QStringList());
    writeReturn("called/other", "reacher", 1234.5);
    QTRY_COMPARE_WITH_TIMEOUT(column(panel.tree(), RunsModel::kBest).filter("1,234.5 raw").size(), 1,
                              kPatience);
    QCOMPARE(column(panel.tree(), RunsModel::kLast).filter("raw"), QStringList{"1,234.5 raw"});
    QVERIFY(panel.model()
                .headerData(RunsModel::kBest, Qt::Horizontal, Qt::ToolTipRole)
                .toString()
                .contains("D4RL-normalized"));
  }

  void anOpenedRunIsTicked() {
    five("opened");
    MainWindow window({.dataset = {},
                       .open_run = {},
                       .theme = "light",
                       .out = folder_.filePath("opened"),
                       .remember = false});
    window.resize(1280, 800);
    window.show();
    auto& runs = window.runs();
    QTRY_COMPARE_WITH_TIMEOUT(runs.model().rowCount(), 5, kPatience);
    window.openRun(path("opened/v1"));
    const auto ticked = [&] {
      QStringList names;
      for (int row = 0; row < runs.model().rowCount(); ++row)
        if (runs.model().index(row, 0).data(Qt::CheckStateRole).toInt() == Qt::Checked)
          names << runs.model().index(row, 0).data().toString();
      return names;
    };
    QTRY_COMPARE_WITH_TIMEOUT(ticked(), QStringList{"v1"}, kPatience);
  }

  void runsAreSortedByNumbersAndFound() {
    five("sorted");
    RunsPanel panel;
    list(panel, "sorted", 5);
    const QAbstractItemModelTester tester(&panel.tree(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto* table = panel.findChild<QTreeView*>("runsTable");
    table->sortByColumn(RunsModel::kLast, Qt::DescendingOrder);
    QCOMPARE(column(panel.tree(), RunsModel::kLast), (QStringList{"100.0", "50.0", "30.0", "20.0", "9.0"}));
    table->sortByColumn(RunsModel::kSeed, Qt::AscendingOrder);
    QCOMPARE(column(panel.tree(), RunsModel::kSeed), (QStringList{"0", "0", "1", "1", "10"}));
    // A run without the number stands last, whichever way.
    table->sortByColumn(RunsModel::kPearson, Qt::AscendingOrder);
    QCOMPARE(column(panel.tree(), RunsModel::kPearson).front(), QString("−0.200"));
    QCOMPARE(column(panel.tree(), RunsModel::kPearson).back(), QString("–"));
    table->sortByColumn(RunsModel::kPearson, Qt::DescendingOrder);
    QCOMPARE(column(panel.tree(), RunsModel::kPearson).back(), QString("–"));
    auto* filter = panel.findChild<QLineEdit*>("runsFilter");
    filter->setText("algorithm:bc seed:1");
    QCOMPARE(column(panel.tree(), RunsModel::kLast), QStringList{"20.0"});
    QCOMPARE(panel.findChild<QLabel*>("runsCount")->text(), QString("1 of 5"));
    filter->setText("nothing-like-this");
    QVERIFY(!table->isVisible());
    filter->setText("V10");
    QCOMPARE(panel.tree().runsListed(), 1);
  }

  void theMenuSortsForThoseWithoutAMouse() {
    five("by menu");
    RunsPanel panel;
    list(panel, "by menu", 5);
    auto* table = panel.findChild<QTreeView*>("runsTable");
    const auto sortByLast = [&] {
      table->setCurrentIndex(panel.tree().index(0, 0));
      emit table->customContextMenuRequested(table->visualRect(table->currentIndex()).center());
      auto* menu = panel.findChild<QMenu*>("runMenu");
      for (auto* action : menu->findChild<QMenu*>("sortBy")->actions())
        if (action->text() == "Last") action->trigger();
      delete menu;
    };
    sortByLast();
    QCOMPARE(column(panel.tree(), RunsModel::kLast), (QStringList{"9.0", "20.0", "30.0", "50.0", "100.0"}));
    sortByLast();
    QCOMPARE(column(panel.tree(), RunsModel::kLast).front(), QString("100.0"));
  }

  void scoresOfOtherUnitsAreSortedApart() {
    write("units/a", "vaco", 0, 30.0);
    write("units/b", "vaco", 1, 100.0);
    write("units/none", "vaco", 2, std::nan(""));
    writeReturn("units/c", "cartpole", 500.0);
    writeReturn("units/d", "cartpole", 50.0);
    writeReturn("units/e", "reacher", -5.0);
    RunsPanel panel;
    list(panel, "units", 6);
    auto* table = panel.findChild<QTreeView*>("runsTable");
    for (const auto of : {RunsModel::kLast, RunsModel::kBest}) {
      const double more = of == RunsModel::kBest ? 1.0 : 0.0;  // see write()
      const auto normalized = [more](double score) { return QString::number(score + more, 'f', 1); };
      table->sortByColumn(of, Qt::DescendingOrder);
      QCOMPARE(column(panel.tree(), of),
               (QStringList{normalized(100.0), normalized(30.0), "500.0 raw", "50.0 raw", "−5.0 raw", "–"}));
      table->sortByColumn(of, Qt::AscendingOrder);
      QCOMPARE(column(panel.tree(), of),
               (QStringList{normalized(30.0), normalized(100.0), "50.0 raw", "500.0 raw", "−5.0 raw", "–"}));
    }
    // Headings stand in the same order, and have a mean where their runs can be compared.
    panel.setGrouping("environment");
    table->sortByColumn(RunsModel::kLast, Qt::DescendingOrder);
    QCOMPARE(column(panel.tree(), RunsModel::kLast),
             (QStringList{"65.0 ± 49.5 (n = 2)", "275.0 ± 318.2 raw", "−5.0 raw"}));
    panel.setGrouping("algorithm");
    QCOMPARE(column(panel.tree(), RunsModel::kLast), (QStringList{"65.0 ± 49.5 (n = 2)", ""}));
    QCOMPARE(column(panel.tree(), RunsModel::kPearson).front(), QString("0.500 ± 0.000"));
  }

  void headingsHaveTheMeansOfTheirRuns() {
    five("grouped");
    RunsPanel panel;
    list(panel, "grouped", 5);
    const QAbstractItemModelTester tester(&panel.tree(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto* grouping = panel.findChild<QComboBox*>("runsGrouping");
    const auto group = [&](const QString& key) {
      grouping->setCurrentIndex(grouping->findData(key));
      emit grouping->activated(grouping->currentIndex());
    };
    group("settings");
    panel.findChild<QTreeView*>("runsTable")->sortByColumn(RunsModel::kLast, Qt::DescendingOrder);
    QCOMPARE(panel.tree().rowCount(), 2);
    QCOMPARE(column(panel.tree(), RunsModel::kName),
             (QStringList{"BC on hopper (n = 2)", "VACO on hopper (n = 3)"}));
    // 60 ± 56.6 of {100, 20}; 29.7 ± 20.5 of {30, 50, 9}.
    QCOMPARE(column(panel.tree(), RunsModel::kLast), (QStringList{"60.0 ± 56.6", "29.7 ± 20.5"}));
    QCOMPARE(column(panel.tree(), RunsModel::kSeed, panel.tree().index(1, 0)), (QStringList{"1", "0", "10"}));
    // One tick for all of them.
    QVERIFY(panel.tree().setData(panel.tree().index(0, 0), Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(panel.model().overlaid().size(), size_t{2});
    group("seed");
    QCOMPARE(panel.tree().rowCount(), 3);
    group("");
    QCOMPARE(panel.tree().rowCount(), 5);
  }

  void forksStandBelowTheirParents() {
    write("forks/a", "vaco", 0, 1.0);
    write("forks/b", "vaco", 0, 2.0, 0.5, path("forks/a"));
    write("forks/c", "vaco", 0, 3.0, 0.5, path("forks/b"));
    write("forks/d", "vaco", 0, 4.0, 0.5, path("gone"));
    // Two that claim to come of each other are no reason to hang.
    write("forks/e", "vaco", 0, 5.0, 0.5, path("forks/f"));
    write("forks/f", "vaco", 0, 6.0, 0.5, path("forks/e"));
    RunsPanel panel;
    list(panel, "forks", 6);
    panel.setGrouping("forks");
    const auto a = panel.tree().indexOf(canonical_path(path("forks/a")));
    QVERIFY(!a.parent().isValid());
    QCOMPARE(panel.tree().rowCount(a), 1);
    const auto b = panel.tree().index(0, 0, a);
    QCOMPARE(panel.tree().run(b)->last, 2.0);
    QCOMPARE(panel.tree().run(panel.tree().index(0, 0, b))->last, 3.0);
    QVERIFY(!panel.tree().indexOf(canonical_path(path("forks/d"))).parent().isValid());
    QCOMPARE(panel.tree().runsBelow({}).size(), size_t{6});
  }

  void whatIsSaidOfARunStaysWithIt() {
    five("marked");
    const auto run = canonical_path(path("marked/v1"));
    {
      RunsPanel panel;
      list(panel, "marked", 5);
      auto* table = panel.findChild<QTreeView*>("runsTable");
      table->setCurrentIndex(panel.tree().indexOf(run));
      QTest::keyClick(table, Qt::Key_S);
      const auto index = panel.tree().indexOf(run);
      QVERIFY(index.data().toString().startsWith("★"));
      QVERIFY(panel.tree().setData(index, "the good one", Qt::EditRole));
      QVERIFY(panel.tree().setData(panel.tree().indexOf(run).siblingAtColumn(RunsModel::kTags), "v2, paper",
                                   Qt::EditRole));
      panel.findChild<QToolButton*>("showRunNotes")->click();
      auto* notes = panel.findChild<QPlainTextEdit*>("runNotes");
      notes->setFocus();
      QTest::keyClicks(notes, "learned from this");
      panel.findChild<QLineEdit*>("runsFilter")->setFocus();
      panel.hide();
    }
    RunsPanel again;
    list(again, "marked", 5);
    again.setFilter("is:starred tag:paper notes:learned");
    QCOMPARE(column(again.tree(), RunsModel::kName), QStringList{"★ the good one"});
    QCOMPARE(column(again.tree(), RunsModel::kTags), QStringList{"paper, v2"});
    // Its folder keeps the name by which others know it.
    QVERIFY(std::filesystem::exists(run / "config.json"));
  }

  void scoresAreMeasuredByTheBaseline() {
    five("baseline");
    RunsPanel panel;
    list(panel, "baseline", 5);
    panel.model().setBaseline(path("baseline/v0"));
    const auto text = [&](const char* name) {
      return panel.tree()
          .indexOf(canonical_path(path(name)))
          .siblingAtColumn(RunsModel::kLast)
          .data()
          .toString();
    };
    QCOMPARE(text("baseline/v0"), QString("30.0"));
    QCOMPARE(text("baseline/v1"), QString("50.0 (+20.0)"));
    QCOMPARE(text("baseline/b1"), QString("20.0 (−10.0)"));
  }

  void runsGoToTheTrashButThoseThatTrain() {
    qputenv("XDG_DATA_HOME", folder_.filePath("share").toUtf8());
    QDir().mkpath(folder_.filePath("share"));
    five("thrown");
    RunsPanel panel;
    list(panel, "thrown", 5);
    QSignalSpy failed(&panel, &RunsPanel::failed), trashed(&panel.commands(), &RunCommands::trashed);
    const auto lock = RunLock::take(path("thrown/v1"));
    QVERIFY(lock.ok());
    panel.commands().trash({canonical_path(path("thrown/v0")), canonical_path(path("thrown/v1"))});
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, kPatience);
    QVERIFY(failed.front().front().toString().contains("is being trained"));
    QCOMPARE(trashed.size(), 1);
    QCOMPARE(trashed.front().front().toStringList(), QStringList{"v0"});
    QVERIFY(!std::filesystem::exists(path("thrown/v0")));
    QVERIFY(std::filesystem::exists(path("thrown/v1/config.json")));
    QTRY_COMPARE_WITH_TIMEOUT(panel.model().rowCount(), 4, kPatience);
    // Nothing is lost: it can be brought back.
    QVERIFY(QFile::exists(folder_.filePath("share/Trash/files/v0/config.json")));
  }

  void aThousandRunsAreListedAtOnce() {
    const auto config = test::tinyConfig("/data/hopper.hdf5");
    for (int i = 0; i < 1000; ++i) {
      auto one = config;
      one.seed = static_cast<uint64_t>(i % 5);
      QVERIFY(test::writeRun(path(QString("many/run-%1").arg(i)), one, {static_cast<double>(i)}));
    }
    RunsPanel panel;
    panel.resize(900, 600);
    panel.show();
    QElapsedTimer clock;
    clock.start();
    const auto before = std::clock();
    panel.setFolder(path("many"));
    QTRY_COMPARE_WITH_TIMEOUT(panel.model().rowCount(), 1000, kPatience);
    panel.repaint();
    const auto listed = clock.restart();
    panel.setGrouping("settings");
    panel.findChild<QTreeView*>("runsTable")->sortByColumn(RunsModel::kLast, Qt::DescendingOrder);
    panel.repaint();
    const auto grouped = clock.restart();
    panel.setFilter("run-99");
    panel.repaint();
    qInfo(
        "1,000 runs: listed in %lld ms (%.0f ms of a processor, all told), grouped and sorted in %lld ms, "
        "filtered in %lld ms",
        static_cast<long long>(listed), 1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC,
        static_cast<long long>(grouped), static_cast<long long>(clock.elapsed()));
    QCOMPARE(panel.tree().runsListed(), 11);
  }

  void aRunIsSetUpAgainForkedAndExtended() {
    const auto data = path("tiny.hdf5");
    QVERIFY(test::writeTinyDataset(data).ok());
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("own"), .remember = false});
    window.show();
    window.loadDataset(data);
    QTRY_VERIFY_WITH_TIMEOUT(window.loader().view() && !window.loader().busy(), kPatience);
    window.model().reset(test::tinyConfig(data, "bc"));
    QSignalSpy ended(&window.session(), &SessionBridge::ended);
    window.startTraining();
    QVERIFY(ended.wait(kPatience));
    const auto first = window.session().folder();
    auto& commands = window.runs().commands();
    QTRY_VERIFY_WITH_TIMEOUT(window.runs().model().row(first), kPatience);
    // Nothing is set up that it does not have.
    emit commands.forkRequested(first);
    QVERIFY(window.messages().texts().join(' ').contains("only repeat it"));
    QVERIFY(window.model().setParam("bc_steps", "77").isEmpty());
    emit commands.settingsRequested(first);
    QCOMPARE(std::get<int64_t>(window.model().value("bc_steps")), int64_t{400});

    emit commands.extendRequested(first);
    auto* ask = window.findChild<QDialog*>("extendDialog");
    QVERIFY(ask);
    ask->findChild<QSpinBox*>("extendSteps")->setValue(200);
    ask->accept();
    QVERIFY(ended.wait(kPatience));
    QCOMPARE(window.session().state(), RunState::finished);
    const auto second = window.session().folder();
    QVERIFY(second != first);
    QCOMPARE((*read_json(second / "manifest.json"))["total_steps"].get<int64_t>(), int64_t{600});
    QTRY_VERIFY_WITH_TIMEOUT(window.runs().model().row(second), kPatience);
    QCOMPARE(window.runs().model().row(second)->parent, first);
    // Its plots tell the whole story, from the parent's first step on.
    QVERIFY(test::drawsSomething(window.plots()));
  }
};

QTEST_MAIN(RunsTableTest)
#include "runs_table_test.moc"
