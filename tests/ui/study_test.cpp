// SPDX-License-Identifier: GPL-3.0-or-later
// A study's folder is followed, whoever works on it.
#include <QAbstractItemModelTester>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <csignal>
#include <fstream>

#include "core/base/json.h"
#include "core/records/run_lock.h"
#include "core/study/study.h"
#include "tests/ui/tiny_data.h"
#include "ui/studies/study_panel.h"
#include "ui/studies/study_process.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 20000;

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

    // What its process does is seen.
    lock->release();
    QTRY_COMPARE_WITH_TIMEOUT(cell(1, StudyModel::kState), QString("interrupted"), kPatience);
    writeCell(folder_ / "c", "failed", 10);
    QTRY_COMPARE_WITH_TIMEOUT(cell(2, StudyModel::kState), QString("failed"), kPatience);
    QCOMPARE(begun.count(), 2);
    QVERIFY(panel.findChild<QLabel*>("studySummary")->text().contains("1 failed"));
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
};

QTEST_MAIN(StudyTest)
#include "study_test.moc"
