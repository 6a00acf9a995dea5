// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a whole: what it says is of one run, what it was told is kept, and what breaks ends nothing.
#include <atomic>
#include <new>

#include <QApplication>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QScreen>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/bridge/run_set.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/export/export_figure.h"
#include "ui/plots/plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/shell/export_controller.h"
#include "ui/shell/main_window.h"
#include "ui/shell/setup_controller.h"
#include "ui/shell/shown_run.h"
#include "ui/shell/study_controller.h"
#include "ui/shell/window_actions.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;

WeightReport report(int64_t step, double pearson, const char* phase = "bilevel") {
  WeightReport made;
  made.step = step;
  made.phase = phase;
  made.sources = {"all"};
  Histogram histogram;
  histogram.edges = {0.0, 0.5, 1.0};
  histogram.counts = {step, 4};
  made.histograms = {histogram};
  made.source_mean_weight = {0.5};
  made.trajectory_weight = {0.2, 0.8};
  made.trajectory_return = {1.0, 2.0};
  made.trajectory_source = {0, 0};
  made.pearson = {pearson, pearson - 0.01, pearson + 0.01};
  made.spearman = made.pearson;
  made.ess = 0.5;
  made.mean_weight = 0.5 + 1e-6 * static_cast<double>(step);
  return made;
}
}  // namespace

class WindowTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_;

  std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }
  WindowOptions options(const char* out) const {
    WindowOptions made;
    made.theme = "light";
    made.out = folder_.filePath(out);
    made.remember = false;
    return made;
  }
  std::unique_ptr<MainWindow> shownWindow(const WindowOptions& options) {
    auto window = std::make_unique<MainWindow>(options);
    window->show();
    return window;
  }
  static void writeReports(const std::filesystem::path& run, const std::vector<WeightReport>& reports) {
    std::ofstream file(run / "weights.jsonl");
    for (const auto& one : reports) file << to_line(to_json(one)) << "\n";
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = path("hopper_tiny-v2.hdf5");
    QVERIFY(test::writeTinyDataset(dataset_).ok());
  }

  void whatTheLoaderThrowsEndsNoTraining() {
    auto window = shownWindow(options("thrown"));
    window->model().reset(test::tinyConfig(dataset_));
    (void)window->model().setParam("bilevel_steps", "1000000");
    window->startTraining();
    auto& session = window->session();
    QTRY_VERIFY_WITH_TIMEOUT(session.state() == RunState::running, kPatience);
    window->loader().setRead(
        [](const auto&, const auto&, const auto&, auto) -> Result<Dataset> { throw std::bad_alloc(); });
    QSignalSpy failed(&window->loader(), &DatasetLoader::failed);
    window->loadDataset(dataset_);
    QVERIFY(failed.wait(kPatience));
    QVERIFY2(window->messages().texts().join(' ').contains("memory"),
             qPrintable(window->messages().texts().join(" | ")));
    int64_t before = -1, after = -1;
    connect(&session, &SessionBridge::event, this, [&](const Event& event) {
      if (const auto* progress = std::get_if<Progress>(&event)) (before < 0 ? before : after) = progress->step;
    });
    QTRY_VERIFY_WITH_TIMEOUT(after > before && before >= 0, kPatience);
    QCOMPARE(session.state(), RunState::running);
    QSignalSpy ended(&session, &SessionBridge::ended);
    session.stop();
    QVERIFY(ended.wait(kPatience));
  }

  void anUnreachableRememberedDatasetDoesNotEndTheStart() {
    // A link to itself: looking at what is behind it fails for everybody.
    const auto loop = path("loop");
    std::filesystem::create_symlink(loop, loop);
    auto config = test::tinyConfig(loop / "data.hdf5");
    const auto home = path("home");
    std::filesystem::create_directories(home);
    QVERIFY(write_json(home / "workbench.json", Json{{"version", 1}, {"config", to_json(config)}}).ok());
    auto remembered = options("unreachable");
    remembered.remember = true;
    auto window = shownWindow(remembered);
    QTRY_VERIFY_WITH_TIMEOUT(window->messages().texts().join(' ').contains("cannot be reached"), kPatience);
    window->close();
    window.reset();
    std::filesystem::remove(home / "workbench.json");
  }

  void aDatasetIsReadOnceForSummaryAndTraining() {
    auto window = shownWindow(options("once"));
    std::atomic<int> reads = 0;
    window->loader().setRead([&](const auto& file, const auto& how, const auto& progress, auto stop) {
      ++reads;
      return read_dataset(file, how, progress, stop);
    });
    window->model().reset(test::tinyConfig(dataset_, "bc"));
    QSignalSpy loaded(&window->loader(), &DatasetLoader::loaded);
    window->loadDataset(dataset_);
    QVERIFY(loaded.wait(kPatience));
    const int before = reads.load();  // the configuration and the call may each have asked for it
    QSignalSpy ended(&window->session(), &SessionBridge::ended);
    window->startTraining();
    QVERIFY(ended.wait(kPatience));
    QCOMPARE(window->session().state(), RunState::finished);
    QCOMPARE(reads.load(), before);
    // A file that has changed since is another one.
    const auto kept = window->loader().readOnce();
    std::filesystem::last_write_time(dataset_,
                                     std::filesystem::last_write_time(dataset_) + std::chrono::seconds(5));
    QVERIFY(kept(dataset_, {}, {}, {}).ok());
    QCOMPARE(reads.load(), before + 1);
  }

  void oneRunCountsOnceByWhateverName() {
    const auto run = path("same/run");
    QVERIFY(test::writeRun(run, test::tinyConfig(dataset_), {10.0, 20.0}));
    const auto link = path("link");
    std::filesystem::create_directory_symlink(path("same"), link);
    auto window = shownWindow(options("same"));
    window->openRun(link / "run/");
    window->runs().model().overlay({path("same") / "." / "run", link / "run"});
    QCOMPARE(window->shownRun().compared().size(), size_t{1});
    const auto read = readRuns({run, link / "run", path("same") / ".." / "same" / "run"});
    QVERIFY(read.ok());
    QCOMPARE(read->size(), size_t{1});
  }

  void runsThatShareASeedSaySo() {
    std::vector<RunConfig> configs(3, test::tinyConfig(dataset_));
    configs[2].seed = 1;
    const std::vector<PlanLabel> labels(3);
    const auto groups = groupsOf(configs, labels);
    QCOMPARE(groups.names.size(), size_t{1});
    QVERIFY2(groups.names[0].find("seed 0 2 times") != std::string::npos, groups.names[0].c_str());
    configs[1].seed = 2;
    QVERIFY(groupsOf(configs, labels).names[0].find("times") == std::string::npos);
  }

  void anOpenedRunIsTheOneThatEverythingSpeaksOf() {
    // What the last session had open is of another environment and must not come between.
    const auto other = path("walker2d_other-v2.hdf5");
    std::filesystem::copy_file(dataset_, other);
    const auto home = path("home");
    std::filesystem::create_directories(home);
    auto before = test::tinyConfig(other);
    before.environment = "";
    auto of_run = test::tinyConfig(dataset_, "bc");
    of_run.seed = 5;
    const auto run = path("opened/finished_run");
    QVERIFY(test::writeRun(run, of_run, {10.0, 30.0}));
    for (int start = 0; start < 4; ++start) {
      QVERIFY(write_json(home / "workbench.json", Json{{"version", 1}, {"config", to_json(before)}}).ok());
      auto start_options = options("opened");
      start_options.remember = true;
      start_options.open_run = QString::fromStdString(run.string());
      auto window = shownWindow(start_options);
      QTRY_COMPARE_WITH_TIMEOUT(window->shownRun().standing().state, RunState::finished, kPatience);
      QTRY_VERIFY_WITH_TIMEOUT(!window->loader().busy() && window->loader().view(), kPatience);
      QTest::qWait(100);
      QVERIFY2(window->windowTitle().contains("finished_run"), qPrintable(window->windowTitle()));
      QVERIFY(window->windowTitle().contains("Finished"));
      QCOMPARE(window->findChild<QLabel*>("statePill")->text(), QString("Finished"));
      QCOMPARE(window->model().config().seed, uint64_t{5});
      QCOMPARE(window->model().config().algorithm, std::string("bc"));
      QCOMPARE(window->loader().view()->path, dataset_);
      QCOMPARE(window->rollout().environment(), QString("hopper"));
      // Taken over in one step that can be undone.
      window->model().undoStack()->undo();
      QCOMPARE(window->model().config().algorithm, std::string("vaco"));
      window->close();
    }
    std::filesystem::remove(home / "workbench.json");
  }

  void episodesOfTheDataReplayUntilAPolicyHasLearned() {
    auto window = shownWindow(options("preview"));
    auto config = test::tinyConfig(dataset_);
    (void)set_param(config, "value_steps", "1000000", Origin::run);
    window->model().reset(config);
    auto* facts = window->findChild<QLabel*>("trajectoryFacts");
    window->loadDataset(dataset_);
    QTRY_VERIFY_WITH_TIMEOUT(facts->text().contains("by the behavior policy"), kPatience);
    QVERIFY(window->rollout().replaying());
    window->startTraining();
    auto& session = window->session();
    QTRY_VERIFY_WITH_TIMEOUT(session.state() == RunState::running, kPatience);
    // The values come first: there is no policy worth watching yet, and the empty plots say what goes on.
    QTRY_VERIFY_WITH_TIMEOUT(window->rollout().replaying(), kPatience);
    const auto told = [&] {
      QStringList texts;
      for (const auto* label : window->plots().scatter().findChildren<QLabel*>()) texts << label->text();
      return texts.join(' ');
    };
    QTRY_VERIFY_WITH_TIMEOUT(told().contains("phase 1 of 4"), kPatience);
    QSignalSpy ended(&session, &SessionBridge::ended);
    session.stop();
    QVERIFY(ended.wait(kPatience));
  }

  void anotherRunBeginsAtItsNewestSnapshot() {
    const auto first = path("snapshots/first"), second = path("snapshots/second");
    for (const auto& run : {first, second}) QVERIFY(test::writeRun(run, test::tinyConfig(dataset_), {1.0}));
    writeReports(first, {report(100, 0.1), report(200, 0.2), report(300, 0.3)});
    writeReports(second, {report(50, 0.1), report(150, 0.2), report(250, 0.3)});
    auto window = shownWindow(options("snapshots"));
    window->docks().applyLayout("paper");
    window->openRun(first);
    auto* histogram = window->findChild<WeightHistogramPlot*>();
    QTRY_COMPARE_WITH_TIMEOUT(histogram->findChild<QSlider*>()->maximum(), 2, kPatience);
    histogram->findChild<QSlider*>()->setValue(0);
    QCOMPARE(histogram->spec().step, int64_t{100});
    QCOMPARE(window->plots().scatter().spec().step, int64_t{100});  // one slider moves all
    window->openRun(second);
    QTRY_COMPARE_WITH_TIMEOUT(histogram->findChild<QSlider*>()->value(), 2, kPatience);
    QCOMPARE(histogram->spec().step, int64_t{-1});
    QTRY_COMPARE(std::get<int64_t>(histogram->table().rows[0][0]), int64_t{250});
  }

  void alarmsComeBackWithTheRun() {
    const auto run = path("alarms/inverted");
    QVERIFY(test::writeRun(run, test::tinyConfig(dataset_), {1.0}));
    // One report is no evidence: three in a row are.
    writeReports(run, {report(100, 0.1), report(200, -0.965), report(300, -0.9), report(400, -0.95)});
    auto window = shownWindow(options("alarms"));
    window->docks().applyLayout("watch");
    window->openRun(run);
    QTRY_VERIFY_WITH_TIMEOUT(window->messages().texts().join(' ').contains("weights are inverted"), kPatience);
    QVERIFY(window->messages().texts().join(' ').contains("-0.95"));
    // They are of that run, and leave with it.
    const auto sound = path("alarms/sound");
    QVERIFY(test::writeRun(sound, test::tinyConfig(dataset_), {1.0}));
    window->openRun(sound);
    QVERIFY(!window->messages().texts().join(' ').contains("inverted"));
  }

  void layoutsAreKeptAsTheUserLeftThem() {
    auto window = shownWindow(options("layouts"));
    auto& docks = window->docks();
    docks.applyLayout("watch");
    docks.dock("dock.losses")->hide();
    docks.applyLayout("setup");
    docks.applyLayout("watch");
    QVERIFY(docks.dock("dock.losses")->isHidden());
    const auto stored = docks.store();
    auto next = shownWindow(options("layouts"));
    QVERIFY(next->docks().restore(stored, "setup"));
    next->docks().applyLayout("watch");
    QVERIFY(next->docks().dock("dock.losses")->isHidden());
    next->actions().reset_layout->trigger();
    QVERIFY(!next->docks().dock("dock.losses")->isHidden());
  }

  void theWindowIsNoHigherThanTheScreen() {
    const auto window = std::make_unique<MainWindow>(options("size"));
    QVERIFY(window->height() <= window->screen()->availableGeometry().height());
  }

  void undoReachesTheSettingsFromAField() {
    auto window = shownWindow(options("undo"));
    auto* seed = window->findChild<QLineEdit*>("seed");
    const auto before = window->model().config().seed;
    seed->setFocus();
    seed->selectAll();
    QTest::keyClicks(seed, "77");
    QTest::keyClick(seed, Qt::Key_Return);
    QCOMPARE(window->model().config().seed, uint64_t{77});
    auto* field = window->findChild<QLineEdit*>("edit.expectile");
    QVERIFY(field);
    QApplication::setActiveWindow(window.get());
    field->setFocus();
    QTest::keyClick(field, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(window->model().config().seed, before);
    QTest::keyClick(field, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(window->model().config().seed, uint64_t{77});
  }

  void exportsSayWhatTheyDid() {
    const auto run = path("exports/run");
    QVERIFY(test::writeRun(run, test::tinyConfig(dataset_), {1.0, 2.0}));
    std::ofstream(run / "policy.h5") << "policy";
    auto window = shownWindow(options("exports"));
    window->openRun(run);
    window->messages().post(MessageKind::warning, "old", "an old warning");
    const auto to = path("exported");
    std::filesystem::create_directories(to);
    window->exports().checkpointTo(to);
    QTRY_VERIFY_WITH_TIMEOUT(window->messages().texts().front().contains("run__policy.h5"), kPatience);
    QTRY_VERIFY(window->findChild<QWidget*>("message.export")->isVisible());  // not behind the warning
    // Axes without a point in them are no figure.
    auto* plot = window->findChild<ReturnPlot*>();
    QTRY_VERIFY_WITH_TIMEOUT(!plot->table().rows.empty(), kPatience);
    FigureSpec beside = plot->spec();
    beside.x = AxisLimits{1e6, 2e6};
    const auto refused = exportFigure(beside, plot->figure(), to / "blank.png", "png");
    QVERIFY(!refused.ok());
    QVERIFY(!std::filesystem::exists(to / "blank.png"));
  }

  void aFolderThatIsNotThereYetCanBeChosen() {
    auto window = shownWindow(options("folders"));
    window->actions().out_folder->trigger();
    auto* ask = window->findChild<QFileDialog*>("fileDialog");
    QVERIFY(ask);
    const auto wanted = folder_.filePath("new/folder");
    std::filesystem::create_directories(path("new"));
    QTest::qWait(50);
    ask->findChild<QLineEdit*>()->setText(wanted);
    QMetaObject::invokeMethod(ask, "accept");
    QCOMPARE(window->outFolder(), std::filesystem::path(wanted.toStdString()));
  }

  void aStoppedRunCanGoOn() {
    auto window = shownWindow(options("stopped"));
    window->model().reset(test::tinyConfig(dataset_));
    (void)window->model().setParam("bilevel_steps", "1000000");
    window->startTraining();
    auto& session = window->session();
    QTRY_VERIFY_WITH_TIMEOUT(session.state() == RunState::running, kPatience);
    QSignalSpy ended(&session, &SessionBridge::ended);
    session.stop();
    QVERIFY(ended.wait(kPatience));
    const auto folder = session.folder();
    const auto& go_on = *window->actions().pause;
    QVERIFY(go_on.isEnabled());
    QVERIFY(go_on.text().contains("esume"));
    window->actions().pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(session.state() == RunState::running, kPatience);
    QCOMPARE(session.folder(), folder);
    QSignalSpy again(&session, &SessionBridge::ended);
    session.stop();
    QVERIFY(again.wait(kPatience));
  }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
