// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics of the compared runs, the axes on which they can be compared, views of them, and what a restart
// brings back.
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <fstream>

#include "core/base/canonical_path.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/plots/plots.h"
#include "ui/runs/runs_panel.h"
#include "ui/runs/statistics_panel.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/recent_files.h"
#include "ui/shell/saved_views.h"
#include "ui/shell/shown_run.h"
#include "ui/shell/ui_state.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
}

class StatisticsTest : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::filesystem::path path(const QString& name) const { return folder_.filePath(name).toStdString(); }
  std::filesystem::path write(const QString& name, const char* algorithm, uint64_t seed,
                              const std::vector<double>& scores) {
    auto config = test::tinyConfig("/data/hopper.hdf5", algorithm);
    config.seed = seed;
    if (!test::writeRun(path(name), config, scores)) qFatal("no run");
    return canonical_path(path(name));
  }
  std::vector<std::filesystem::path> six() {
    std::vector<std::filesystem::path> runs;
    for (const auto& [name, algorithm, seed, score] : {std::tuple{"runs/v0", "vaco", 0, 60.0},
                                                       {"runs/v1", "vaco", 1, 70.0},
                                                       {"runs/v2", "vaco", 2, 80.0},
                                                       {"runs/b0", "bc", 0, 10.0},
                                                       {"runs/b1", "bc", 1, 20.0},
                                                       {"runs/b2", "bc", 2, 75.0}})
      runs.push_back(write(name, algorithm, static_cast<uint64_t>(seed), {score}));
    return runs;
  }
  std::unique_ptr<MainWindow> makeWindow(bool remember = false) {
    auto window = std::make_unique<MainWindow>(WindowOptions{.dataset = {},
                                                             .open_run = {},
                                                             .theme = "light",
                                                             .out = folder_.filePath("runs"),
                                                             .remember = remember});
    window->resize(1280, 800);
    window->show();
    return window;
  }
  static QString cell(MainWindow& window, int row, int column) {
    const auto* model = window.findChild<QTableView*>("statisticsTable")->model();
    return model->index(row, column).data().toString();
  }

 private slots:
  void theStatisticsAreThoseOfTheReport() {
    const auto runs = six();
    const Json worth{{"value", 12.5}, {"low", 11.0}, {"high", 14.0}};
    QVERIFY(write_json(runs[0] / "offline_evaluation.json", {{"discounted_return", worth},
                                                             {"drift", 0.5},
                                                             {"behavior_discounted_return", worth},
                                                             {"discount", 0.99},
                                                             {"policy_step", 100}})
                .ok());
    auto window = makeWindow();
    window->docks().applyLayout("compare");
    window->docks().reveal("dock.statistics");
    window->runs().model().overlay(runs);
    auto* choice = window->findChild<QComboBox*>("statisticsChoice");
    QTRY_VERIFY_WITH_TIMEOUT(choice->count() > 3, kPatience);
    const auto show = [&](const QString& key) {
      QVERIFY2(choice->findData(key) >= 0, qPrintable(key));
      choice->setCurrentIndex(choice->findData(key));
    };
    show("scores_last");
    auto* table = window->findChild<QTableView*>("statisticsTable");
    QCOMPARE(table->model()->headerData(1, Qt::Horizontal).toString(), QString("BC"));
    QCOMPARE(cell(*window, 0, 1), QString("35.0 ± 35.0 (3)"));
    QCOMPARE(cell(*window, 0, 2), QString("70.0 ± 10.0 (3)"));
    QVERIFY(cell(*window, 2, 0).startsWith("IQM"));
    // Of nine pairs VACO wins seven: 60 and 70 over 10 and 20, 80 over all.
    show("improvement");
    QVERIFY2(cell(*window, 0, 1).startsWith("0.78"), qPrintable(cell(*window, 0, 1)));
    // There is one baseline: what is pinned in the list of runs stands first in the comparison, too.
    auto& listed = window->runs().model();
    listed.setBaseline(runs[4]);
    QTRY_VERIFY_WITH_TIMEOUT(cell(*window, 0, 1).startsWith("0.22"), kPatience);
    auto* compared = window->findChild<QComboBox*>("compareBaseline");
    QCOMPARE(compared->currentText(), QString("BC"));
    emit compared->activated(compared->findText("VACO"));
    QTRY_VERIFY_WITH_TIMEOUT(cell(*window, 0, 1).startsWith("0.78"), kPatience);
    QCOMPARE(listed.baseline(), canonical_path(runs[0]));
    // What an online budget of k policies would have picked, and what the data say of a policy.
    show("scores_picked");
    QVERIFY(cell(*window, 0, 0).endsWith(", 1") && cell(*window, 2, 0).endsWith(", 3"));
    const auto of_vaco = [&](int row) { return cell(*window, row, 2).toDouble(); };
    QVERIFY(of_vaco(0) < of_vaco(1) && of_vaco(1) < of_vaco(2));
    show("offline");
    QVERIFY2(cell(*window, 0, 0).contains("VACO") && cell(*window, 0, 1) == "12.50 [11.00, 14.00]",
             qPrintable(cell(*window, 0, 1)));
    std::filesystem::remove(runs[0] / "offline_evaluation.json");
    show("improvement");
    auto* copy = window->findChild<QToolButton*>("copyStatistics");
    for (auto* action : copy->menu()->actions()) {
      action->trigger();
      const auto text = QApplication::clipboard()->text();
      if (action->text().contains("LaTeX")) QVERIFY(text.contains("\\begin{tabular}"));
      if (action->text().contains("Markdown")) QVERIFY(text.contains("\n| "));
      if (action->text().contains("CSV")) QVERIFY(text.split('\n').front().contains(','));
    }
    show("profile");
    QVERIFY(window->findChild<QWidget*>("plot.profile")->isVisible());
  }

  void policiesAreComparedByTheStepsTheyLearnedIn() {
    ReturnPlot plot;
    plot.resize(700, 400);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    const int vaco = plot.addRun("VACO, seed 0", "hopper"), bc = plot.addRun("BC, seed 0", "hopper");
    const auto tell = [&](int run, int64_t step, const char* phase, double seconds) {
      plot.consume(run, Metrics{step, phase, {{"time_s", seconds}}});
    };
    // Values are learned for 300 steps before the policy is.
    tell(vaco, 300, "value", 60.0);
    tell(vaco, 400, "bilevel", 120.0);
    tell(bc, 100, "cloning", 6.0);
    plot.consume(vaco, Event{test::evaluation(400, 50.0)});
    plot.consume(bc, Event{test::evaluation(100, 40.0)});
    plot.refresh();
    const auto places = [&] {
      std::vector<std::string> found;
      for (const auto& row : plot.table().rows) found.push_back(cellText(row[1]));
      return found;
    };
    using Texts = std::vector<std::string>;
    QCOMPARE(places(), (Texts{"400", "100"}));
    auto* along = plot.findChild<QComboBox*>("alongAxis");
    emit along->activated(1);
    QCOMPARE(plot.spec().along, Along::policySteps);
    QCOMPARE(places(), (Texts{"100", "100"}));
    emit along->activated(2);
    QCOMPARE(places(), (Texts{"2", "0.1"}));
    QCOMPARE(plot.table().columns[1], std::string("minutes"));
    QVERIFY(*figureSpecFromJson(toJson(plot.spec())) == plot.spec());
    // Half way between two records of time.
    plot.consume(vaco, Event{test::evaluation(450, 51.0)});
    QVERIFY(places().size() == 2);  // not known yet when that was
    tell(vaco, 500, "bilevel", 180.0);
    QCOMPARE(places(), (Texts{"2", "2.5", "0.1"}));
  }

  void aViewBringsBackWhatWasCompared() {
    const auto runs = six();
    auto window = makeWindow();
    window->docks().applyLayout("compare");
    window->openRun(runs[0]);
    window->runs().model().overlay({runs[1], runs[3]});
    window->runs().setGrouping("algorithm");
    window->runs().setFilter("algorithm:bc");
    window->runs().model().setBaseline(runs[3]);
    auto* returns = window->findChild<ReturnPlot*>();
    returns->setAlong(Along::policySteps);
    QVERIFY(window->views().save("first / look").ok());
    QVERIFY(window->views().save("another").ok());
    const auto file = path("runs/views/first-look.json");
    const auto text = read_text(file, 1u << 20);
    QVERIFY(text.ok());
    QVERIFY2(text->find(folder_.path().toStdString()) == std::string::npos, "runs are named from the folder");
    QVERIFY(window->views().save("first / look").ok());
    QCOMPARE(*read_text(file, 1u << 20), *text);  // the same view, the same bytes

    window->runs().setGrouping("");
    window->runs().setFilter("");
    window->runs().model().clearOverlay();
    window->runs().model().setBaseline({});
    window->openRun(runs[5]);
    returns->setAlong(Along::minutes);
    window->docks().applyLayout("paper");
    QCOMPARE(window->views().names(), (QStringList{"another", "first / look"}));
    QVERIFY(window->views().open("first / look").ok());
    QCOMPARE(window->docks().currentLayout(), QString("compare"));
    QCOMPARE(window->shownRun().folder(), runs[0]);
    QCOMPARE(window->shownRun().compared().size(), size_t{3});
    QCOMPARE(window->runs().tree().grouping(), QString("algorithm"));
    QCOMPARE(window->runs().tree().filter(), QString("algorithm:bc"));
    QCOMPARE(window->runs().model().baseline(), runs[3]);
    QCOMPARE(returns->spec().along, Along::policySteps);
    // A run that is gone is told, and the rest is there.
    std::filesystem::remove_all(runs[1]);
    QVERIFY(window->views().open("first / look").ok());
    QVERIFY(window->messages().texts().join(' ').contains("1 run of this view"));
    QCOMPARE(window->shownRun().compared().size(), size_t{2});
    QVERIFY(window->views().remove("another").ok());
    QCOMPARE(window->views().names(), QStringList{"first / look"});
    QVERIFY(!window->views().save(" / ").ok());
  }

  void aRestartShowsWhatWasShown() {
    qputenv("XDG_DATA_HOME", folder_.filePath("share").toUtf8());
    const auto runs = six();
    {
      auto window = makeWindow(true);
      window->openRun(runs[2]);
      window->runs().model().overlay({runs[4]});
      window->runs().setGrouping("settings");
      QTest::qWait(50);
      window->close();
    }
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(QString::fromStdString(UiStateStore::file().string())), kPatience);
    auto again = makeWindow(true);
    QTRY_COMPARE_WITH_TIMEOUT(again->shownRun().folder(), runs[2], kPatience);
    QCOMPARE(again->shownRun().compared().size(), size_t{2});
    QCOMPARE(again->runs().tree().grouping(), QString("settings"));
    QVERIFY(again->recent().runs().contains(QString::fromStdString(runs[2].string())));
    auto* menu = again->findChild<QMenu*>("menu.recent");
    emit menu->aboutToShow();
    QStringList offered;
    for (const auto* action : menu->actions()) offered << action->data().toString();
    QVERIFY(offered.contains(QString::fromStdString(runs[2].string())));
  }
};

QTEST_MAIN(StatisticsTest)
#include "statistics_test.moc"
