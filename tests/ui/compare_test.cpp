// SPDX-License-Identifier: GPL-3.0-or-later
// Runs side by side: curves and bars over seeds, and the tables.
#include <qcustomplot.h>

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/stats/statistics.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/bridge/algorithm_slot.h"
#include "ui/bridge/run_set.h"
#include "ui/plots/plots.h"
#include "ui/runs/compare_panel.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/main_window.h"
#include "ui/shell/study_controller.h"
#include "ui/studies/study_panel.h"
#include "ui/widgets/dock_host.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

using test::evaluation;

std::vector<std::pair<double, double>> graphData(FigurePlot& plot, const QString& name) {
  std::vector<std::pair<double, double>> out;
  for (int i = 0; i < plot.canvas().graphCount(); ++i) {
    const QCPGraph* graph = plot.canvas().graph(i);
    if (!graph->name().startsWith(name)) continue;
    for (const QCPGraphData& point : *graph->data()) out.emplace_back(point.key, point.value);
    break;
  }
  return out;
}

QStringList legendOf(FigurePlot& plot) {
  QStringList names;
  for (int i = 0; i < plot.canvas().legend->itemCount(); ++i)
    if (auto* item = qobject_cast<QCPPlottableLegendItem*>(plot.canvas().legend->item(i)))
      names << item->plottable()->name();
  return names;
}

void show(QWidget& widget) {
  widget.resize(600, 400);
  widget.show();
  QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

void writeRun(const std::filesystem::path& folder, const RunConfig& config, const std::vector<double>& scores,
              const char* status = "finished") {
  QVERIFY(test::writeRun(folder, config, scores, status));
}

}  // namespace

class CompareTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;

  RunConfig config(const std::string& algorithm, uint64_t seed) {
    auto made = test::tinyConfig("/data/hopper.hdf5", algorithm);
    made.seed = seed;
    return made;
  }
  std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }

 private slots:
  void curvesAreMeansOverSeedsThatSayOfHowMany() {
    ReturnPlot plot;
    plot.addRun("VACO, seed 0", "hopper", {}, "VACO");
    plot.addRun("BC, seed 0", "hopper", {}, "BC");
    plot.addRun("VACO, seed 1", "hopper", {}, "VACO");
    show(plot);
    for (const auto& [run, step, score] :
         {std::tuple{0, 100, 20.0}, {0, 200, 30.0}, {2, 100, 40.0}, {1, 100, 5.0}})
      plot.consume(run, evaluation(step, score));
    plot.refresh();
    // By itself, because there are seeds; the second VACO run has not come to step 200 yet.
    QVERIFY(plot.spec().grouped);
    using Points = std::vector<std::pair<double, double>>;
    QCOMPARE(graphData(plot, "VACO (n = 1 to 2)"), (Points{{100, 30}, {200, 30}}));
    QCOMPARE(graphData(plot, "BC (n = 1)"), (Points{{100, 5}}));
    QCOMPARE(legendOf(plot), (QStringList{"VACO (n = 1 to 2)", "BC (n = 1)"}));
    plot.consume(2, evaluation(200, 50.0));
    plot.setSpread(Spread::range);
    QVERIFY(legendOf(plot).contains("VACO (n = 2)"));
    const FigureTable table = plot.table();
    QCOMPARE(cellText(table.rows[1][3]), std::string("2"));
    QCOMPARE(cellText(table.rows[1][4]), std::string("40"));
    QCOMPARE(cellText(table.rows[1][5]), std::string("30"));
    QCOMPARE(cellText(table.rows[1][6]), std::string("50"));
    QVERIFY(plot.accessibleDescription().contains("VACO: 40.0 (30.0 to 50.0, n = 2) at step 200"));
    plot.setGrouped(false);
    QCOMPARE(legendOf(plot).size(), 3);
    QCOMPARE(graphData(plot, "VACO, seed 1"), (Points{{100, 40}, {200, 50}}));
    // Fed anew, what was chosen stays.
    plot.beginFeeding();
    plot.addRun("VACO, seed 0", "hopper", {}, "VACO");
    plot.addRun("VACO, seed 1", "hopper", {}, "VACO");
    plot.refresh();
    QVERIFY(!plot.spec().grouped);
  }

  void barsKeepLastAndBestApart() {
    ScorePlot plot;
    plot.addRun("VACO, seed 0", "hopper", {}, "VACO");
    plot.addRun("VACO, seed 1", "hopper", {}, "VACO");
    plot.addRun("BC, seed 0", "hopper", {}, "BC");
    show(plot);
    QVERIFY(plot.accessibleDescription().contains("after its first evaluation"));
    for (const auto& [run, step, score] :
         {std::tuple{0, 100, 90.0}, {0, 200, 60.0}, {1, 100, 70.0}, {1, 200, 80.0}})
      plot.consume(run, evaluation(step, score));
    plot.refresh();
    plot.setSpread(Spread::range);
    const FigureTable table = plot.table();
    QCOMPARE(table.rows.size(), size_t{3});  // the mean and its two runs; BC has no score yet
    const std::vector<std::string> wanted{"VACO", "mean", "2", "70", "60", "80", "85", "80", "90"};
    for (size_t i = 0; i < wanted.size(); ++i) QCOMPARE(cellText(table.rows[0][i]), wanted[i]);
    QVERIFY(plot.accessibleDescription().contains("VACO: last 70.0 (60.0 to 80.0, n = 2)"));
    int bars = 0;
    for (int i = 0; i < plot.canvas().itemCount(); ++i)
      bars += qobject_cast<QCPItemRect*>(plot.canvas().item(i)) != nullptr;
    QCOMPARE(bars, 2);
    plot.setGrouped(false);
    QCOMPARE(plot.table().columns.size(), size_t{3});
    QCOMPARE(cellText(plot.table().rows[1][2]), std::string("80"));
    // The spec carries the choice into files.
    FigureSpec spec = plot.spec();
    spec.grouped = true;
    spec.spread = Spread::bootstrap;
    QVERIFY(*figureSpecFromJson(toJson(spec)) == spec);
    QVERIFY(!figureSpecFromJson(Json{{"spread", "wide"}}).ok());
  }

  void runSetFollowsRunsThatAreWritten() {
    writeRun(path("set/a"), config("vaco", 0), {10.0});
    writeRun(path("set/b"), config("vaco", 1), {20.0, 30.0});
    RunSet set;
    QSignalSpy changed(&set, &RunSet::changed);
    set.setFolders({path("set/a"), path("set/none"), path("set/b")});
    QVERIFY(changed.wait(10000));
    QCOMPARE(set.runs().size(), size_t{2});
    QCOMPARE(set.runs()[0]->config.environment, std::string("hopper"));
    QCOMPARE(set.runs()[1]->evaluations.size(), size_t{2});
    QCOMPARE(set.problems().size(), size_t{1});  // told, not left out in silence
    QVERIFY(set.problems()[0].find("none") != std::string::npos);
    const auto same = set.runs()[1];
    writeRun(path("set/a"), config("vaco", 0), {10.0, 50.0});
    QVERIFY(changed.wait(10000));
    QCOMPARE(set.runs()[0]->evaluations.size(), size_t{2});
    QVERIFY(set.runs()[1] == same);  // not read again
    set.setFolders({});
    QVERIFY(set.runs().empty());
  }

  void settingsThatDifferAreShownAndResultsApart() {
    auto other = config("vaco", 3);
    QVERIFY(set_param(other, "expectile", "0.9", Origin::command_line).ok());
    ComparedRuns runs;
    for (const auto& [one, scores] : {std::pair{config("vaco", 0), std::vector{10.0, 20.0}},
                                      {config("vaco", 1), std::vector{40.0, 30.0}},
                                      {other, std::vector{5.0}}}) {
      auto run = std::make_shared<ComparedRun>();
      run->folder = path(qPrintable(QString("settings/%1").arg(runs.size())));
      run->config = one;
      run->manifest = Json{{"result", {{"pearson_r", 0.25}}}};
      int64_t step = 0;
      for (const double score : scores) run->evaluations.push_back(evaluation(step += 100, score));
      runs.push_back(std::move(run));
    }
    ComparePanel panel;
    show(panel);
    auto& model = panel.model();
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    panel.setRuns(runs);
    const auto cell = [&](int row, int column) {
      return model.data(model.index(row, column), Qt::DisplayRole).toString();
    };
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(model.rowCount(), 1);  // only the expectile differs
    QCOMPARE(cell(0, 1), "0.7");
    QCOMPARE(cell(0, 2), "0.9");
    QVERIFY(model.data(model.index(0, 2), Qt::FontRole).value<QFont>().bold());
    QVERIFY(!model.data(model.index(0, 1), Qt::FontRole).value<QFont>().bold());
    QVERIFY(!model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString().contains("baseline"));
    // The group of the run that is pinned stands first; choosing a group here asks for one of its runs.
    model.setBaseline(runs[2]->folder);
    QCOMPARE(cell(0, 1), "0.9");
    QVERIFY(model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString().contains("baseline"));
    QSignalSpy chosen(&panel, &ComparePanel::baselineChosen);
    auto* choice = panel.findChild<QComboBox*>("compareBaseline");
    emit choice->activated(choice->findText("VACO, expectile 0.7"));
    QCOMPARE(chosen.takeFirst().front().value<std::filesystem::path>(), runs[0]->folder);
    panel.setBaseline(runs[1]->folder);
    QCOMPARE(choice->currentText(), QString("VACO, expectile 0.7"));
    model.setDifferencesOnly(false);
    QVERIFY(model.rowCount() > 20);
    model.setFilter("seed");
    QCOMPARE(cell(0, 1), "0, 1");
    model.setFilter("");
    model.setShown(CompareModel::Shown::results);
    const auto row = [&](const QString& label) {
      for (int r = 0; r < model.rowCount(); ++r)
        if (cell(r, 0) == label) return r;
      return -1;
    };
    QCOMPARE(cell(row("Runs"), 1), "2");
    QCOMPARE(cell(row("Normalized score, last"), 1), "25.0 ± 7.1");
    QCOMPARE(cell(row("Normalized score, best"), 1), "30.0 ± 14.1");
    QCOMPARE(cell(row("Normalized score, best"), 2), "5.0");
    QCOMPARE(cell(row("Pearson r of weight and return"), 2), "0.250");
    QVERIFY(model.toText().startsWith("Result, mean ± std\tVACO, expectile 0.7 (baseline)\t"));
    // A run without a score is in no mean, and one of another task has another unit.
    auto unscored = std::make_shared<ComparedRun>(), returns = std::make_shared<ComparedRun>();
    unscored->config = config("vaco", 2);
    returns->config = config("bc", 0);
    returns->config.environment = "cartpole";
    returns->evaluations = {evaluation(100, 5.0)};
    returns->evaluations.back().result.has_reference = false;
    runs.push_back(unscored);
    panel.setRuns(runs);
    QCOMPARE(cell(row("Runs"), 1), "3");
    QCOMPARE(cell(row("Normalized score, last"), 1), "25.0 ± 7.1 (n = 2)");
    runs.push_back(returns);
    panel.setRuns(runs);
    QCOMPARE(row("Normalized score, last"), -1);
    QCOMPARE(cell(row("Score, last"), 1), "25.0 ± 7.1 (n = 2)");
    const auto& groups = model.groups();
    const auto bc = static_cast<int>(groups.indexOf(groups.filter("BC").front()));
    QCOMPARE(cell(row("Score, last"), bc + 1), "50.0 raw");
    panel.setRuns({returns});
    QCOMPARE(cell(row("Return, last"), 1), "50.0");
    panel.setRuns({});
    QCOMPARE(model.columnCount(), 0);
  }

  void oneRunHasNoDifferences() {
    auto run = std::make_shared<ComparedRun>();
    run->config = config("vaco", 0);
    ComparePanel panel;
    show(panel);
    panel.setRuns({run});
    QCOMPARE(panel.model().rowCount(), 0);
    const auto said = [&] {
      const auto* label = panel.findChild<QLabel*>("compareEmpty");
      return label->isVisible() ? label->text() : QString();
    };
    QVERIFY(said().startsWith("Differences need two runs"));
    panel.findChild<QCheckBox*>()->setChecked(false);
    QVERIFY(panel.model().rowCount() > 20);
    QVERIFY(said().isEmpty());
  }

  void runsOfAStudyKeepTheirNamesAndAreSwitchedInAndOut() {
    auto printed = config("vaco", 0);
    QVERIFY(set_param(printed, "weight_level", "sample", Origin::command_line).ok());
    const auto study = path("five");
    writeRun(study / "a", printed, {20.0});
    writeRun(study / "b", config("bc", 0), {5.0});
    writeRun(path("own/c"), config("vaco", 0), {30.0});
    Json cells = Json::array();
    for (const auto& [name, label] : {std::pair{"a", "VACO as printed"}, {"b", "Plain cloning"}})
      cells.push_back({{"name", name}, {"dataset", "mixed"}, {"label", label}, {"seed", 0}});
    QVERIFY(write_json(study / "plan.json", Json{{"cells", cells}}).ok());

    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("own"), .remember = false});
    window.show();
    window.docks().applyLayout("compare");
    window.studies().open(study);
    auto* plot = window.findChild<ReturnPlot*>();
    const auto names = [&] {
      plot->refresh();
      QStringList all;
      for (const auto& row : plot->table().rows)
        if (const auto name = QString::fromStdString(cellText(row[0])); !all.contains(name)) all << name;
      return all;
    };
    QTRY_COMPARE_WITH_TIMEOUT(names(), (QStringList{"VACO as printed, seed 0", "Plain cloning, seed 0"}),
                              20000);
    // Listed with the other runs, by the plan's names; the list can show either.
    auto& model = window.runs().model();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 3, 20000);
    auto* listed = window.runs().findChild<QComboBox*>("runsListed");
    QVERIFY(listed->isVisibleTo(&window.runs()));
    listed->setCurrentIndex(1);
    emit listed->activated(1);
    QCOMPARE(model.rowCount(), 2);
    QStringList algorithms;
    for (int row = 0; row < 2; ++row)
      algorithms << model.data(model.index(row, RunsModel::kAlgorithm), Qt::DisplayRole).toString();
    QVERIFY(algorithms.contains("VACO as printed") && algorithms.contains("Plain cloning"));
    auto* compared = window.study().findChild<QCheckBox*>("compareStudy");
    QCOMPARE(compared->checkState(), Qt::Checked);
    compared->click();
    QVERIFY(model.overlaid().empty());
    QTRY_VERIFY_WITH_TIMEOUT(names().isEmpty(), 20000);
    compared->click();
    QCOMPARE(model.overlaid().size(), size_t{2});
    model.removeOverlay({study / "a"});
    QCOMPARE(compared->checkState(), Qt::PartiallyChecked);
  }

  void aRunHasTheSameColourAloneAndBesideOthers() {
    const auto colour = [](ReturnPlot& plot, const QString& name) {
      plot.refresh();
      for (int i = 0; i < plot.canvas().graphCount(); ++i)
        if (plot.canvas().graph(i)->name().startsWith(name)) return plot.canvas().graph(i)->pen().color();
      return QColor();
    };
    const auto feed = [](ReturnPlot& plot, const char* algorithm, const char* name, const char* group) {
      const int run = plot.addRun(FigureRun{name, "hopper", {}, group, algorithmSlot(algorithm)});
      plot.consume(run, evaluation(100, 10.0));
    };
    ReturnPlot alone, both;
    show(alone);
    show(both);
    feed(alone, "iql", "IQL, seed 0", "IQL");
    feed(both, "vaco", "VACO, seed 0", "VACO");
    feed(both, "vaco", "printed, seed 0", "printed");
    feed(both, "iql", "IQL, seed 0", "IQL");
    feed(both, "iql", "IQL, seed 1", "IQL");
    both.refresh();
    QVERIFY(both.spec().grouped);
    const QColor wanted = colour(alone, "IQL");
    QVERIFY(wanted.isValid());
    QCOMPARE(colour(both, "IQL"), wanted);
    QVERIFY(colour(both, "VACO") != wanted && colour(both, "printed") != wanted);
    QVERIFY(colour(both, "VACO") != colour(both, "printed"));
    // Run by run, seeds share the colour and differ in their dashes.
    both.setGrouped(false);
    QCOMPARE(colour(both, "IQL, seed 1"), wanted);
    QPen pens[2];
    for (int i = 0; i < both.canvas().graphCount(); ++i)
      for (const int seed : {0, 1})
        if (both.canvas().graph(i)->name().startsWith(QString("IQL, seed %1").arg(seed)))
          pens[seed] = both.canvas().graph(i)->pen();
    QVERIFY(pens[0].dashPattern() != pens[1].dashPattern() || pens[0].style() != pens[1].style());
  }

  void theListOfRunsReadsWhatHasChangedAndTicksSeeds() {
    writeRun(path("runs/a"), config("vaco", 0), {});
    writeRun(path("runs/b"), config("vaco", 1), {});
    writeRun(path("runs/c"), config("bc", 0), {}, "running");
    RunScanner scanner;
    const auto rows = scanner.scan({path("runs")});
    QCOMPARE(rows.size(), size_t{3});
    QCOMPARE(scanner.scan({path("runs")}).size(), size_t{3});
    std::map<std::string, RunRow> by_name;
    for (const auto& row : rows) by_name[row.folder.filename().string()] = row;
    QCOMPARE(by_name["c"].status, "interrupted");  // nobody writes it
    QVERIFY(!by_name["a"].settings.empty());
    QCOMPARE(by_name["a"].settings, by_name["b"].settings);
    QVERIFY(by_name["a"].settings != by_name["c"].settings);
    RunsModel model;
    model.setRows({by_name["a"], by_name["c"]});
    const auto shown = [&](int row, int column) {
      return model.data(model.index(row, column), Qt::DisplayRole).toString();
    };
    QCOMPARE(shown(0, RunsModel::kDataset), "hopper");
    QCOMPARE(shown(0, RunsModel::kAlgorithm), "VACO");
    QCOMPARE(shown(1, RunsModel::kAlgorithm), "BC");
    model.setRows(rows);
    QSignalSpy changed(&model, &RunsModel::overlayChanged);
    model.setCurrent(path("runs/a"));
    model.overlay({path("runs/a"), path("runs/b")});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(model.overlaid().size(), size_t{1});  // the current one is always in
    model.clearOverlay();
    QVERIFY(model.overlaid().empty());
  }
};

QTEST_MAIN(CompareTest)
#include "compare_test.moc"
