// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>

#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/json.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/bridge/own_run_feed.h"
#include "ui/bridge/run_watcher.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/plots/figure_plot.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/window_actions.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;

/// metrics.jsonl without what may differ from run to run.
std::vector<Json> metricsOf(const std::filesystem::path& run) {
  std::vector<Json> lines;
  std::ifstream file(run / "metrics.jsonl");
  for (std::string line; std::getline(file, line);) {
    auto json = Json::parse(line);
    const auto strip = [](Json& object, const auto& self) -> void {
      if (!object.is_object()) return;
      for (auto at = object.begin(); at != object.end();) {
        if (at.key().find("time") != std::string::npos || at.key().find("per_second") != std::string::npos) {
          at = object.erase(at);
        } else {
          self(at.value(), self);
          ++at;
        }
      }
    };
    strip(json, strip);
    lines.push_back(std::move(json));
  }
  return lines;
}
}  // namespace

class SessionTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_;

  std::unique_ptr<MainWindow> makeWindow(const char* out) {
    auto window = std::make_unique<MainWindow>(WindowOptions{
        .dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath(out), .remember = false});
    window->show();
    window->model().reset(test::tinyConfig(dataset_));
    return window;
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = folder_.filePath("hopper_tiny-v2.hdf5").toStdString();
    const auto written = test::writeTinyDataset(dataset_);
    QVERIFY2(written.ok(), written.ok() ? "" : written.error().message.c_str());
  }

  void startPauseResumeStop() {
    auto window = makeWindow("runs1");
    QSignalSpy loaded(&window->loader(), &DatasetLoader::loaded);
    window->loadDataset(dataset_);
    QVERIFY(loaded.wait(kPatience));
    (void)window->model().setParam("bilevel_steps", "1000000");
    auto& session = window->session();
    const auto& actions = window->actions();
    QVERIFY(actions.start->isEnabled());
    QVERIFY(!actions.stop->isEnabled());
    actions.start->trigger();
    QVERIFY(!actions.start->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(session.state() == RunState::running, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(actions.pause->isEnabled(), kPatience);
    actions.pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(session.state() == RunState::paused, kPatience);
    QVERIFY(session.canResume());
    actions.pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(session.state() == RunState::running, kPatience);
    QSignalSpy ended(&session, &SessionBridge::ended);
    actions.stop->trigger();
    QVERIFY(ended.wait(kPatience));
    QVERIFY(!session.active());
    QVERIFY(std::filesystem::exists(session.folder() / "checkpoints" / "last.h5"));
    QVERIFY(actions.start->isEnabled());
    QVERIFY(!actions.stop->isEnabled());
  }

  void comingBackToTheOwnRunTellsEveryRecordOnce() {
    const auto metricsAt = [](int64_t step) {
      Metrics metrics;
      metrics.step = step;
      metrics.phase = "value";
      metrics.values = {{"value_loss", 1.0}};
      return metrics;
    };
    const std::filesystem::path run = folder_.filePath("told").toStdString();
    std::filesystem::create_directories(run);
    std::ofstream records(run / "metrics.jsonl");
    for (const int64_t step : {10, 20, 30}) records << to_line(to_json(metricsAt(step))) << "\n";
    records.close();
    std::vector<int64_t> steps;
    OwnRunFeed feed;
    QSignalSpy drained(&feed, &OwnRunFeed::drained);
    connect(&feed, &OwnRunFeed::event, this, [&](const Event& event) {
      if (const auto* metrics = std::get_if<Metrics>(&event)) steps.push_back(metrics->step);
    });
    feed.retell(run);
    // What the disk has, the session tells a little later too; what it tells while the disk is read is not
    // lost.
    feed.take(metricsAt(30));
    feed.take(metricsAt(40));
    QVERIFY(drained.wait(kPatience));
    feed.take(metricsAt(30));
    feed.take(metricsAt(50));
    QCOMPARE(steps, (std::vector<int64_t>{10, 20, 30, 40, 50}));
    feed.forget();
    feed.take(metricsAt(20));
    QCOMPARE(steps.back(), 20);

    auto window = makeWindow("runs6");
    (void)window->model().setParam("bilevel_steps", "1000000");
    window->startTraining();
    QTRY_VERIFY_WITH_TIMEOUT(window->session().state() == RunState::running, kPatience);
    window->openRun(window->session().folder());
    QVERIFY(window->findChild<RunWatcher*>()->folder().empty());
    QTRY_VERIFY_WITH_TIMEOUT(test::drawsSomething(window->plots()), kPatience);
    QSignalSpy ended(&window->session(), &SessionBridge::ended);
    window->session().stop();
    QVERIFY(ended.wait(kPatience));
  }

  void closingWhileTrainingSavesAndCloses() {
    auto window = makeWindow("runs2");
    (void)window->model().setParam("bilevel_steps", "1000000");
    window->startTraining();
    QTRY_VERIFY_WITH_TIMEOUT(window->session().state() == RunState::running, kPatience);
    QVERIFY(!window->close());
    QVERIFY(window->isVisible());
    QVERIFY(window->messages().texts().join(' ').contains("Saving checkpoint"));
    QTRY_VERIFY_WITH_TIMEOUT(!window->isVisible(), kPatience);
    QVERIFY(std::filesystem::exists(window->session().folder() / "checkpoints" / "last.h5"));
  }

  void aRunThatCannotStartIsAMessage() {
    auto window = makeWindow("runs3");
    auto config = test::tinyConfig(folder_.filePath("gone.hdf5").toStdString());
    window->model().reset(config);
    window->startTraining();
    QTRY_VERIFY_WITH_TIMEOUT(!window->session().active(), kPatience);
    QVERIFY(window->messages().count() >= 1);
    QCOMPARE(window->session().state(), RunState::failed);
  }

  void windowAndCommandLineGiveTheSameNumbers() {
    const QString vaco = QString(VACO_BIN_DIR) + "/vaco";
    QVERIFY2(QFile::exists(vaco), qPrintable("the command line program is not built: " + vaco));
    auto window = makeWindow("runs4");
    QSignalSpy ended(&window->session(), &SessionBridge::ended);
    window->startTraining();
    QVERIFY(ended.wait(kPatience));
    QCOMPARE(window->session().state(), RunState::finished);
    const auto ours = window->session().folder();

    const auto config = test::tinyConfig(dataset_);
    QStringList arguments{"train",
                          "--algorithm",
                          QString::fromStdString(config.algorithm),
                          "--preset",
                          "demo",
                          "--dataset",
                          QString::fromStdString(dataset_.string()),
                          "--seed",
                          "0",
                          "--out",
                          folder_.filePath("cli"),
                          "--name",
                          "run",
                          "--threads",
                          "2",
                          "--quiet"};
    for (const auto& [key, value] : config.params)
      if (value.origin == Origin::command_line)
        arguments << "--set" << QString::fromStdString(key + "=" + to_text(value.value));
    QProcess process;
    process.start(vaco, arguments);
    QVERIFY(process.waitForFinished(kPatience));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
    const auto mine = metricsOf(ours);
    const auto theirs = metricsOf(std::filesystem::path(folder_.filePath("cli").toStdString()) / "run");
    QVERIFY(mine.size() > 10);
    QCOMPARE(mine.size(), theirs.size());
    for (size_t i = 0; i < mine.size(); ++i) QCOMPARE(mine[i].dump(), theirs[i].dump());
  }
};

QTEST_MAIN(SessionTest)
#include "session_test.moc"
