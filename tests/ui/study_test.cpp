// SPDX-License-Identifier: GPL-3.0-or-later
// A study's folder is followed, whoever works on it.
#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <csignal>
#include <fstream>

#include "core/base/canonical_path.h"
#include "core/base/json.h"
#include "core/records/run_lock.h"
#include "core/study/study.h"
#include "tests/ui/tiny_data.h"
#include "ui/data/dataset_loader.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/study_controller.h"
#include "ui/shell/window_actions.h"
#include "ui/studies/queue_dialog.h"
#include "ui/studies/study_panel.h"
#include "ui/studies/study_process.h"
#include "ui/widgets/file_dialog.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;

void writeCell(const std::filesystem::path& folder, const char* status, int64_t step, const Json& result = {}) {
  std::filesystem::create_directories(folder);
  QVERIFY(write_json(folder / "manifest.json",
                     Json{{"status", status}, {"total_steps", 1000}, {"message", ""}, {"result", result}})
              .ok());
  std::ofstream(folder / "metrics.jsonl")
      << to_line(Json{{"step", step}, {"phase", "value"}, {"time_s", 10.0}, {"steps_per_second", 50.0}})
      << "\n";
}
}  // namespace

class StudyTest : public QObject {
  Q_OBJECT

  QTemporaryDir temporary_;
  std::filesystem::path folder_;

 private slots:
  void init() {
    folder_ = (temporary_.path() + "/" + QTest::currentTestFunction()).toStdString();
    std::filesystem::create_directories(folder_);
  }

  void cellsAreShownAsTheyCome() {
    Json cells = Json::array();
    for (const auto& [name, label, seed] : {std::tuple{"a", "VACO", 0}, {"b", "VACO", 1}, {"c", "BC", 0}})
      cells.push_back({{"name", name},
                       {"dataset", "hopper"},
                       {"label", label},
                       {"algorithm", "vaco"},
                       {"seed", seed},
                       {"params", {{"expectile", 0.8}}}});
    cells.push_back({{"name", "../elsewhere"}, {"seed", 0}});  // a name that leads elsewhere is no cell
    QVERIFY(!isStudy(folder_));
    QVERIFY(write_json(folder_ / "plan.json", Json{{"cells", cells}}).ok());
    QVERIFY(isStudy(folder_));
    writeCell(folder_ / "a", "finished", 1000,
              Json{{"normalized_score", {{"last", 81.25}}}, {"pearson_r", 0.9}, {"wall_time_s", 20.0}});
    writeCell(folder_ / "b", "running", 400);
    auto lock = RunLock::take(folder_ / "b");
    QVERIFY(lock.ok());

    StudyPanel panel;
    const QAbstractItemModelTester tester(&panel.model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy begun(&panel, &StudyPanel::runsChanged);
    panel.setFolder(folder_);
    QTRY_COMPARE_WITH_TIMEOUT(panel.model().rowCount(), 3, kPatience);
    const auto cell = [&](int row, int column) {
      return panel.model().data(panel.model().index(row, column), Qt::DisplayRole).toString();
    };
    QCOMPARE(cell(0, StudyModel::kAlgorithm), "VACO, expectile 0.8");
    QCOMPARE(cell(0, StudyModel::kState), "finished");
    QCOMPARE(cell(0, StudyModel::kScore), "81.3");
    QCOMPARE(cell(0, StudyModel::kPearson), "0.900");
    QCOMPARE(cell(1, StudyModel::kState), "running");
    QCOMPARE(cell(1, StudyModel::kProgress), "40 %");
    QCOMPARE(cell(1, StudyModel::kEta), "12 s");  // 600 steps at 50 a second
    QCOMPARE(cell(2, StudyModel::kState), "waiting");
    QCOMPARE(begun.count(), 1);
    QCOMPARE(begun[0][0].value<std::vector<std::filesystem::path>>().size(), size_t{2});
    const auto summary = panel.findChild<QLabel*>("studySummary")->text();
    QVERIFY2(summary.startsWith("1 of 3 runs finished, 1 running"), qPrintable(summary));
    QVERIFY2(summary.contains("left"), qPrintable(summary));

    // A return among normalized scores is called so.
    writeCell(folder_ / "c", "finished", 1000, Json{{"return", {{"last", 412.0}}}});
    QTRY_COMPARE_WITH_TIMEOUT(cell(2, StudyModel::kScore), QString("412 raw"), kPatience);
    QCOMPARE(cell(0, StudyModel::kScore), "81.3");

    // What its process does is seen.
    lock->release();
    QTRY_COMPARE_WITH_TIMEOUT(cell(1, StudyModel::kState), QString("interrupted"), kPatience);
    writeCell(folder_ / "c", "failed", 10);
    QTRY_COMPARE_WITH_TIMEOUT(cell(2, StudyModel::kState), QString("failed"), kPatience);
    QCOMPARE(begun.count(), 2);
    QVERIFY(panel.findChild<QLabel*>("studySummary")->text().contains("1 failed"));
    // What failed is trained again where that is asked for, and this program knows how.
    auto* retry = panel.findChild<QToolButton*>("retryStudy");
    QVERIFY(!retry->isEnabled());
    QVERIFY(write_json(folder_ / "command.json", Json{{"words", {"sweep", "plan.json"}}}).ok());
    writeCell(folder_ / "c", "failed", 11);
    QTRY_VERIFY_WITH_TIMEOUT(retry->isEnabled(), kPatience);
    QSignalSpy wanted(&panel, &StudyPanel::goOnRequested);
    retry->click();
    QCOMPARE(wanted.count(), 1);
    QVERIFY(wanted[0][1].toBool());
  }

  /// As vaco study makes it: plan, lock and runs are one folder deeper than the log.
  void studyOfTheProgramIsFound() {
    QVERIFY(test::writeTinyDataset(folder_ / "tiny.hdf5").ok());
    StudyRequest request;
    request.out = folder_ / "out";
    request.seeds = 1;
    request.own_data = false;
    request.datasets = {folder_ / "tiny.hdf5"};
    const auto study = prepare_study(request);
    QVERIFY2(study.ok(), study ? "" : study.error().message.c_str());
    QVERIFY(!isStudy(request.out));
    QVERIFY(write_json(study->runs / "plan.json", cells_to_json(study->plan)).ok());
    QVERIFY(isStudy(request.out));
    QVERIFY(isStudy(study->runs));
    writeCell(study->runs / study->plan.cells[0].name, "finished", 1000);
    auto lock = RunLock::take(study->runs);
    QVERIFY(lock.ok());

    StudyPanel panel;
    panel.setFolder(request.out);
    QTRY_COMPARE_WITH_TIMEOUT(panel.model().rowCount(), static_cast<int>(study->plan.cells.size()), kPatience);
    QCOMPARE(panel.model().cell(0)->folder, study->runs / study->plan.cells[0].name);
    QCOMPARE(panel.model().cell(0)->look.state, CellState::finished);
    QVERIFY(panel.findChild<QToolButton*>("stopStudy")->isEnabled());
    const auto again = StudyProcess::start({"study"}, request.out);
    QVERIFY(!again.ok());
    QVERIFY2(again.error().message.find("already") != std::string::npos, again.error().message.c_str());
    static volatile std::sig_atomic_t asked = 0;
    std::signal(SIGTERM, [](int) { asked = 1; });
    QVERIFY(StudyProcess::stop(request.out).ok());
    QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(asked), 1, kPatience);
    std::signal(SIGTERM, SIG_DFL);
  }

  void dataAreMadeUnderTheLock() {
    StudyRequest request;
    request.out = folder_;
    const auto runs = study_runs_folder(folder_);
    bool locked = false;
    std::stop_source stop;
    const auto study = prepare_study(
        request,
        [&](double, std::string_view) {
          locked = is_being_written(runs);
          stop.request_stop();
        },
        stop.get_token());
    QVERIFY(!study.ok());
    QVERIFY(locked);
    auto lock = RunLock::take(runs);
    QVERIFY(lock.ok());
    QVERIFY(prepare_study(request).error().message.find("another process") != std::string::npos);
  }

  void beforeThePlanTheLogSpeaks() {
    std::ofstream(folder_ / "study.log") << "collecting walker2d\ncollecting hopper  40 %\n";
    StudyPanel panel;
    panel.setFolder(folder_);
    auto* summary = panel.findChild<QLabel*>("studySummary");
    QTRY_COMPARE_WITH_TIMEOUT(summary->text(), QString("collecting hopper  40 %"), kPatience);
  }

  void stoppingNeedsALivingProcess() {
    const auto asked = StudyProcess::stop(folder_);
    QVERIFY(!asked.ok());
    // The number of a process that ended long ago is not taken for one that works here.
    const auto runs = study_runs_folder(folder_);
    std::filesystem::create_directories(runs);
    std::ofstream(runs / "run.lock") << "12345\n";
    QVERIFY(!StudyProcess::stop(folder_).ok());
  }

  /// With programs that answer as Slurm's do: what is submitted is watched in its queue, and taken out of it.
  void runsAreSubmittedToSlurmAndWatchedInItsQueue() {
    const auto bin = folder_ / "bin";
    std::filesystem::create_directories(bin);
    const auto program = [&](const char* name, const std::string& script) {
      std::ofstream(bin / name) << "#!/bin/sh\n" << script << "\n";
      std::filesystem::permissions(bin / name, std::filesystem::perms::owner_all);
    };
    const auto state = (folder_ / "state").string();
    std::ofstream(state) << "PENDING|(Resources)";
    program("sbatch", "echo 71");
    program("squeue", "for task in 0 1; do echo \"71|$task|$(cat " + state + ")\"; done");
    program("sacct", "exit 1");
    program("scancel", "echo \"$@\" > " + (folder_ / "cancelled").string() + "; echo 'CANCELLED|' > " + state);
    const auto path = qgetenv("PATH");
    qputenv("PATH", QByteArray(bin.string().c_str()) + ":" + path);
    const auto data = folder_ / "tiny.hdf5";
    QVERIFY(test::writeTinyDataset(data).ok());

    QueueChoices choices;
    choices.base = test::tinyConfig(data, "bc");
    choices.datasets = {data};
    choices.algorithms = {{"bc", "BC"}};
    choices.out = folder_ / "runs";
    QueueDialog ask(choices, nullptr);
    ask.findChild<QLineEdit*>("queueSeeds")->setText("0-1");
    auto* slurm = ask.findChild<QCheckBox*>("queueSlurm");
    auto* time = ask.findChild<QLineEdit*>("queueTime");
    auto* start = ask.findChild<QPushButton*>("queueStart");
    QVERIFY(slurm->isEnabled() && !time->isEnabled());
    slurm->setChecked(true);
    QVERIFY(time->isEnabled());
    time->setText("4 hours");
    auto* cost = ask.findChild<QLabel*>("queueCost");
    QTRY_VERIFY_WITH_TIMEOUT(cost->text().contains("must be one word"), kPatience);
    time->setText("4:00:00");
    QTRY_VERIFY2_WITH_TIMEOUT(start->isEnabled(), qPrintable(cost->text()), kPatience);
    QVERIFY2(cost->text().contains("Slurm decides"), qPrintable(cost->text()));
    QVERIFY(ask.words().contains("--slurm") && ask.words().contains("4:00:00"));

    const auto folder = ask.folder();
    QVERIFY(make_folder(folder).ok());
    QVERIFY(write_json(folder / "queue.json", ask.plan()).ok());
    QVERIFY(
        StudyProcess::start(
            QStringList{"sweep", toText(folder / "queue.json"), "--out", toText(folder)} + ask.words(), folder)
            .ok());
    StudyPanel panel;
    panel.setFolder(folder);
    QTRY_COMPARE_WITH_TIMEOUT(panel.model().rowCount(), 2, kPatience);
    const auto cell = [&](int row) {
      return panel.model().data(panel.model().index(row, StudyModel::kState), Qt::DisplayRole).toString();
    };
    QTRY_COMPARE_WITH_TIMEOUT(cell(1), QString("waiting, PENDING (Resources)"), kPatience);
    auto* summary = panel.findChild<QLabel*>("studySummary");
    QVERIFY2(summary->text().contains("on Slurm"), qPrintable(summary->text()));
    auto *stop = panel.findChild<QToolButton*>("stopStudy"),
         *go_on = panel.findChild<QToolButton*>("goOnStudy");
    QVERIFY(stop->isEnabled() && !go_on->isEnabled());
    QVERIFY(StudyProcess::stop(folder).ok());
    QTRY_COMPARE_WITH_TIMEOUT(cell(1), QString("waiting"), kPatience);
    QVERIFY(go_on->isEnabled() && !stop->isEnabled());
    QVERIFY(panel.model().cell(0)->look.message.find("CANCELLED") != std::string::npos);
    QCOMPARE(QString::fromStdString(*read_text(folder_ / "cancelled")).trimmed(), QString("71"));
    qputenv("PATH", path);
  }

  void severalSeedsAreAClickAndGoOnAfterAStop() {
    const auto data = folder_ / "tiny.hdf5";
    QVERIFY(test::writeTinyDataset(data).ok());
    WindowOptions options;
    options.remember = false;
    options.out = QString::fromStdString((folder_ / "runs").string());
    MainWindow window(options);
    window.resize(1280, 800);
    window.show();
    window.loadDataset(data);
    QTRY_VERIFY_WITH_TIMEOUT(window.loader().view() && !window.loader().busy(), kPatience);
    auto config = test::tinyConfig(data, "bc");
    QVERIFY(set_param(config, "bc_steps", "20000", Origin::run).ok());
    window.model().reset(config);

    window.actions().queue->trigger();
    auto* ask = window.findChild<QueueDialog*>("queueDialog");
    QVERIFY(ask);
    auto* start = ask->findChild<QPushButton*>("queueStart");
    auto* cost = ask->findChild<QLabel*>("queueCost");
    auto* seeds = ask->findChild<QLineEdit*>("queueSeeds");
    QCOMPARE(seeds->text(), QString("0-4"));
    QTRY_VERIFY2_WITH_TIMEOUT(start->isEnabled(), qPrintable(cost->text()), kPatience);
    QVERIFY2(cost->text().startsWith("5 runs, 100,000 gradient steps"), qPrintable(cost->text()));
    seeds->setText("4-0");
    QVERIFY(!start->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(cost->text().contains("0-4"), kPatience);
    seeds->setText("0-2");
    QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), kPatience);
    const auto folder = canonical_path(ask->folder());
    start->click();

    auto& panel = window.study();
    QTRY_VERIFY_WITH_TIMEOUT(panel.model().rowCount() == 3, kPatience);
    auto* stop = panel.findChild<QToolButton*>("stopStudy");
    auto* go_on = panel.findChild<QToolButton*>("goOnStudy");
    QTRY_VERIFY_WITH_TIMEOUT(stop->isEnabled() && !panel.begun().empty(), kPatience);
    QVERIFY(!go_on->isEnabled());
    stop->click();
    QTRY_VERIFY_WITH_TIMEOUT(!stop->isEnabled(), kPatience);
    // Another window, as after a restart, goes on with it.
    MainWindow later(options);
    later.show();
    later.studies().watch(folder);
    auto* again = later.study().findChild<QToolButton*>("goOnStudy");
    QTRY_VERIFY_WITH_TIMEOUT(again->isEnabled(), kPatience);
    again->click();
    const auto finished = [&] {
      int count = 0;
      for (int row = 0; row < later.study().model().rowCount(); ++row)
        count += later.study().model().cell(row)->look.state == CellState::finished;
      return count;
    };
    QTRY_COMPARE_WITH_TIMEOUT(finished(), 3, 3 * kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(!again->isEnabled(), kPatience);
    // Now it is known what runs take.
    window.actions().queue->trigger();
    QueueDialog* second = nullptr;
    for (auto* one : window.findChildren<QueueDialog*>("queueDialog"))
      if (one->isVisible()) second = one;
    QVERIFY(second);
    auto* known = second->findChild<QLabel*>("queueCost");
    QTRY_VERIFY_WITH_TIMEOUT(known->text().contains("by what finished runs took"), kPatience);
  }
};

QTEST_MAIN(StudyTest)
#include "study_test.moc"
