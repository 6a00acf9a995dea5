// SPDX-License-Identifier: GPL-3.0-or-later
// Alarms of a run: told while they hold, kept as history, and able to pause a training.
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <fstream>

#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/bridge/session_bridge.h"
#include "ui/runs/alarms_panel.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;

WeightReport report(int64_t step, double pearson) {
  WeightReport made;
  made.step = step;
  made.phase = "bilevel";
  made.sources = {"all"};
  made.pearson = {pearson, pearson - 0.05, pearson + 0.05};
  made.ess = 0.5;
  made.mean_weight = 0.5;
  made.source_mean_weight = {0.5};
  return made;
}

void append(const std::filesystem::path& file, const std::vector<Json>& lines) {
  std::ofstream out(file, std::ios::app);
  for (const auto& line : lines) out << to_line(line) << "\n";
}
}  // namespace

class AlarmsTest : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::filesystem::path makeRun(const char* name) {
    const std::filesystem::path run = folder_.filePath(name).toStdString();
    if (!test::writeRun(run, test::tinyConfig("/data/hopper.hdf5"), {10.0})) qFatal("no run");
    Json manifest = *read_json(run / "manifest.json");
    manifest["reward_range"] = {0.0, 1.0};
    if (!write_json(run / "manifest.json", manifest)) qFatal("no manifest");
    return run;
  }
  std::unique_ptr<MainWindow> makeWindow() {
    WindowOptions options;
    options.remember = false;
    options.out = folder_.filePath("runs");
    auto window = std::make_unique<MainWindow>(options);
    window->show();
    return window;
  }
  static QStringList column(MainWindow& window, int column) {
    auto* table = window.findChild<QTableWidget*>("alarmsTable");
    QStringList texts;
    for (int row = 0; row < table->rowCount(); ++row) texts << table->item(row, column)->text();
    return texts;
  }

 private slots:
  void anAlarmThatIsOverLeavesAndStaysInTheList() {
    const auto run = makeRun("recovers");
    std::vector<Json> lines;
    for (const auto& [step, r] : {std::pair{100, -0.5}, {200, -0.6}, {300, -0.7}})
      lines.push_back(to_json(report(step, r)));
    append(run / "weights.jsonl", lines);
    auto window = makeWindow();
    window->openRun(run);
    QTRY_VERIFY_WITH_TIMEOUT(window->messages().texts().join(' ').contains("inverted"), kPatience);
    QTRY_COMPARE(column(*window, 0), QStringList{"holds\nfrom 300"});
    QVERIFY(column(*window, 1).front().contains("learn values for longer"));
    // It recovers while it is looked at.
    append(run / "weights.jsonl", {to_json(report(400, 0.86))});
    QTRY_VERIFY_WITH_TIMEOUT(!window->messages().texts().join(' ').contains("inverted"), kPatience);
    QTRY_COMPARE(column(*window, 0), QStringList{"over\n300 to 400"});
    // Opened again, the history is the same and nothing is told as if it still held.
    const auto other = makeRun("sound");
    window->openRun(other);
    QTRY_COMPARE_WITH_TIMEOUT(column(*window, 0), QStringList{}, kPatience);
    window->openRun(run);
    QTRY_COMPARE_WITH_TIMEOUT(column(*window, 0), QStringList{"over\n300 to 400"}, kPatience);
    QVERIFY(!window->messages().texts().join(' ').contains("inverted"));
  }

  void valuesBeyondWhatRewardsSumToAreTold() {
    const auto run = makeRun("beyond");
    std::vector<Json> lines;
    for (int64_t step = 100; step <= 300; step += 100)
      lines.push_back(to_json(Metrics{step, "value", {{"q_mean", 500.0}}}));
    append(run / "metrics.jsonl", lines);
    auto window = makeWindow();
    window->openRun(run);
    QTRY_VERIFY_WITH_TIMEOUT(window->messages().texts().join(' ').contains("rewards can only sum to 0 to 100"),
                             kPatience);
    auto* all = window->messages().findChild<QToolButton*>("messageAction");
    QVERIFY(all);
    all->click();
    QVERIFY(window->docks().dock("dock.alarms")->isVisible());
  }

  void allOfAnAlarmIsReadInANarrowDock() {
    AlarmsPanel panel;
    panel.resize(400, 220);
    panel.setHistory(
        {{"weights_inverted", "weights are inverted: they fall with the return (r = -0.95)", 300, -1}});
    panel.show();
    auto* table = panel.findChild<QTableWidget*>("alarmsTable");
    QTRY_COMPARE(table->rowCount(), 1);
    QVERIFY(table->columnWidth(0) + table->columnWidth(1) <= table->viewport()->width());
    QTRY_VERIFY(table->rowHeight(0) >= 4 * table->fontMetrics().lineSpacing());
    QVERIFY2(table->rowHeight(0) <= table->viewport()->height(),
             qPrintable(QString::number(table->rowHeight(0))));
  }

  void aTrainingPausesAtTheAlarmsThatAreChosen() {
    const std::filesystem::path data = folder_.filePath("tiny.hdf5").toStdString();
    QVERIFY(test::writeTinyDataset(data).ok());
    auto window = makeWindow();
    auto config = test::tinyConfig(data);
    for (const auto& [key, value] : {std::pair{"value_steps", "20"},
                                     {"bilevel_steps", "1000000"},
                                     {"meta_lr", "1e-08"},
                                     {"diagnostics_interval", "10"}})
      QVERIFY(set_param(config, key, value, Origin::run).ok());
    window->loadDataset(data);
    QTRY_VERIFY_WITH_TIMEOUT(window->session().canStart() && !window->model().config().dataset.empty(),
                             kPatience);
    window->model().reset(config);
    auto* pause = window->findChild<QToolButton*>("pauseAtAlarms");
    for (auto* action : pause->menu()->actions())
      if (action->data().toString() == "weights_frozen") action->trigger();
    QCOMPARE(window->alarms().pausesAt(), std::set<std::string>{"weights_frozen"});
    window->startTraining();
    QTRY_COMPARE_WITH_TIMEOUT(window->session().state(), RunState::paused, kPatience);
    QVERIFY(window->messages().texts().join(' ').contains("Paused at step"));
    QTRY_VERIFY(column(*window, 1).join(' ').contains("frozen"));
    QSignalSpy ended(&window->session(), &SessionBridge::ended);
    window->session().stop();
    QVERIFY(ended.wait(kPatience));
  }
};

QTEST_MAIN(AlarmsTest)
#include "alarms_test.moc"
