// SPDX-License-Identifier: GPL-3.0-or-later
// Why a sample counts, in the window: the Explain dock, the selection that all views share, the episodes of the
// data, the map of states.
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <algorithm>
#include <fstream>

#include "core/explain/row_table.h"
#include "core/session/training_session.h"
#include "tests/ui/tiny_data.h"
#include "ui/bridge/selection.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/data/dataset_panel.h"
#include "ui/data/return_histogram.h"
#include "ui/explain/episode_model.h"
#include "ui/explain/episode_panel.h"
#include "ui/explain/explain_panel.h"
#include "ui/explain/play_bar.h"
#include "ui/explain/state_map_plot.h"
#include "ui/explain/state_picture.h"
#include "ui/explain/time_line_plot.h"
#include "ui/figures/weight_figures.h"
#include "ui/plots/plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/shell/explain_desk.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/selection_actions.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"

#include <qcustomplot.h>

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
constexpr int kTrajectories = test::kEpisodes;
}  // namespace

class ExplainTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_, run_;
  std::unique_ptr<MainWindow> window_;

  std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }
  /// The run opened in the layout that explains, with its dataset and all that the networks say.
  void openRun() { openRun(run_, kTrajectories); }
  void openRun(const std::filesystem::path& run, int trajectories) {
    WindowOptions options;
    options.theme = "light";
    options.out = folder_.filePath("out");
    options.remember = false;
    window_ = std::make_unique<MainWindow>(options);
    window_->resize(1280, 800);
    window_->show();
    window_->openRun(run);
    window_->docks().applyLayout("explain");
    QTRY_VERIFY_WITH_TIMEOUT(window_->loader().dataset() != nullptr, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(window_->explainDesk().panel().run() != nullptr, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(window_->explainDesk().selection().count(), trajectories, kPatience);
  }
  std::filesystem::path train(const RunConfig& config, const char* name) const {
    SessionOptions options;
    options.out = path("runs");
    options.folder_name = name;
    auto session = TrainingSession::create(config, options);
    if (!session) qFatal("%s", session.error().message.c_str());
    (*session)->start();
    (*session)->wait();
    if ((*session)->state() != RunState::finished) qFatal("the run did not finish");
    return options.out / name;
  }
  /// A frame drawn with Shift from one place of the axes to another.
  static void brush(QCustomPlot& plot, QPointF from, QPointF to, bool add = false) {
    plot.replot();
    const auto at = [&](QPointF place) {
      return QPoint(static_cast<int>(plot.xAxis->coordToPixel(place.x())),
                    static_cast<int>(plot.yAxis->coordToPixel(place.y())));
    };
    const auto keys = Qt::ShiftModifier | (add ? Qt::ControlModifier : Qt::NoModifier);
    const auto send = [&](QEvent::Type type, QPoint place, Qt::MouseButton button, Qt::MouseButtons buttons) {
      QMouseEvent event(type, place, plot.mapToGlobal(place), button, buttons, keys);
      QApplication::sendEvent(&plot, &event);
    };
    send(QEvent::MouseButtonPress, at(from), Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, at(to), Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, at(to), Qt::LeftButton, Qt::NoButton);
  }
  const WeightReturnFigure& scatter() const {
    return static_cast<const WeightReturnFigure&>(window_->plots().scatter().figure());
  }
  std::vector<int> ticked() const {
    std::vector<int> all;
    auto& model = window_->explainDesk().episodes().model();
    for (int row = 0; row < model.rowCount(); ++row)
      if (model.index(row, 0).data(Qt::CheckStateRole).toInt() == Qt::Checked)
        all.push_back(model.episodeAt(row));
    std::sort(all.begin(), all.end());
    return all;
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = path("hopper_tiny-v2.hdf5");
    QVERIFY(test::writeTinyDataset(dataset_).ok());
    run_ = train(test::tinyConfig(dataset_), "explained");
  }
  void cleanup() { window_.reset(); }

  void aPickedTrajectoryIsToldOverItsTime() {
    openRun();
    auto& panel = window_->explainDesk().panel();
    window_->explainDesk().selection().setCurrent(3);
    QCOMPARE(panel.trajectory(), 3);
    const auto table = row_table(*panel.run(), 3);
    const auto& tracks = panel.timeLine().tracks();
    QCOMPARE(tracks.size(), 5U);
    const auto same = [&](const TimeLinePlot::Curve& curve, const char* key) {
      const auto& values = table.find(key)->values;
      return curve.y == QVector<double>(values.begin(), values.end());
    };
    QVERIFY(same(tracks[0].curves[0], "reward"));
    QVERIFY(same(tracks[1].curves[0], "q") && same(tracks[1].curves[1], "v"));
    QVERIFY(same(tracks[2].curves[0], "advantage"));
    QVERIFY(same(tracks[3].curves[0], "weight"));
    QVERIFY(same(tracks[4].curves[0], "alignment"));
    const auto facts = panel.findChild<QLabel*>("explainFacts")->text();
    QVERIFY2(facts.contains("good") && facts.contains("estimate"), qPrintable(facts));
    // Its weight over the training, as the run recorded it.
    QTRY_VERIFY_WITH_TIMEOUT(
        !panel.historyPlot().tracks().empty() && panel.historyPlot().tracks()[0].curves.size() == 2, kPatience);
    const auto& history = panel.historyPlot().tracks()[0].curves[0];
    QCOMPARE(history.x.back(), 720.0);
    const auto means = trajectory_means(panel.run()->table.episodes, panel.run()->weight);
    QVERIFY(std::abs(history.y.back() - means[3]) < 1e-6);
    QCOMPARE(panel.historyPlot().tracks().size(), 4U);  // Q and V, Q − V, c besides
    // Alike ones are a click away.
    emit panel.findChild<QLabel*>("explainNear")->linkActivated("7");
    QCOMPARE(window_->explainDesk().selection().current(), 7);
    QCOMPARE(panel.trajectory(), 7);
  }

  void theCursorIsSharedByPlotPictureAndClock() {
    openRun();
    auto& panel = window_->explainDesk().panel();
    window_->explainDesk().selection().setCurrent(5);
    QTRY_VERIFY_WITH_TIMEOUT(panel.states() != nullptr, kPatience);
    QCOMPARE(panel.states()->index, 5);
    QTest::keyClick(&panel.timeLine(), Qt::Key_Right);
    QTest::keyClick(&panel.timeLine(), Qt::Key_PageDown);
    QCOMPARE(panel.time(), 3);
    QCOMPARE(panel.timeLine().cursor(), 3.0);
    QVERIFY(panel.timeLine().readOut().contains("Time step 3"));
    QTest::mouseClick(panel.findChild<QToolButton*>("explainForth"), Qt::LeftButton);
    QCOMPARE(panel.timeLine().cursor(), 4.0);
    // The picture is of that state, unless nothing can draw here.
    if (panel.picture().view().hasPicture())
      QTRY_COMPARE_WITH_TIMEOUT(panel.picture().view().timeStep(), 4, kPatience);
    panel.bar().setPlaying(true);
    QTRY_VERIFY_WITH_TIMEOUT(panel.time() > 5, kPatience);
    QCOMPARE(panel.timeLine().cursor(), static_cast<double>(panel.time()));
    panel.bar().setPlaying(false);
  }

  void anotherTrajectoryOrThePolicyStandsBesideIt() {
    openRun();
    auto& panel = window_->explainDesk().panel();
    window_->explainDesk().selection().setCurrent(2);
    QTRY_VERIFY_WITH_TIMEOUT(panel.states() != nullptr, kPatience);
    auto* compare = panel.findChild<QComboBox*>("explainCompare");
    auto* other = panel.findChild<QSpinBox*>("explainOther");
    compare->setCurrentIndex(1);
    emit compare->activated(1);
    other->setValue(9);
    QCOMPARE(panel.comparedTrajectory(), 9);
    const auto& q = panel.timeLine().tracks()[1].curves;
    QCOMPARE(q.size(), 4U);
    QCOMPARE(q[1].y[0], static_cast<double>(row_table(*panel.run(), 9).find("q")->values[0]));
    QVERIFY(q[1].compared);
    QTRY_VERIFY_WITH_TIMEOUT(panel.comparedPicture().states() != nullptr, kPatience);
    QCOMPARE(panel.comparedPicture().states()->index, 9);
    panel.setTime(4);
    compare->setCurrentIndex(2);
    emit compare->activated(2);
    QTRY_COMPARE_WITH_TIMEOUT(panel.timeLine().tracks()[0].curves.size(), 2U, kPatience);
    const auto& acted = panel.timeLine().tracks()[0].curves[1];
    QCOMPARE(acted.x.front(), 4.0);
    QVERIFY(acted.y.size() >= 1);
    // From the state at the cursor.
    const auto& states = panel.comparedPicture().states();
    for (int k = 0; k < states->nq; ++k)
      QCOMPARE(states->qpos[static_cast<size_t>(k)],
               panel.states()->qpos[static_cast<size_t>(4 * states->nq + k)]);
  }

  void whatIsBrushedInOneViewLightsUpInAll() {
    openRun();
    auto& selection = window_->explainDesk().selection();
    auto& plot = window_->plots().scatter();
    plot.refresh();
    // The good trajectories return 25, the bad ones 5.
    brush(plot.canvas(), {20.0, plot.canvas().yAxis->range().lower},
          {27.0, plot.canvas().yAxis->range().upper});
    std::vector<int> good;
    for (int t = 1; t < kTrajectories; t += 2) good.push_back(t);
    QCOMPARE(selection.trajectories(), good);
    QCOMPARE(scatter().lit(), good);
    QCOMPARE(ticked(), good);
    window_->docks().reveal("dock.states");
    QTRY_COMPARE_WITH_TIMEOUT(window_->explainDesk().map().pointsLit(), kTrajectories / 2 * test::kEpisodeSteps,
                              kPatience);
    const auto& histogram = static_cast<const WeightHistogramFigure&>(window_->plots().histogram().figure());
    QCOMPARE(histogram.marked().size(), good.size());
    const auto words = window_->explainDesk().chosen().words();
    QVERIFY2(words.contains("20 of 40") && words.contains("500 rows") && words.contains("% of the weight"),
             qPrintable(words));
    QVERIFY(window_->explainDesk().chosen().button()->isVisible());

    // One less by its tick, one more of the map, then a bar of the returns.
    auto& model = window_->explainDesk().episodes().model();
    QVERIFY(model.setData(model.index(model.rowOf(1), 0), Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(!selection.contains(1) && selection.trajectories().size() == good.size() - 1);
    window_->docks().reveal("dock.states");
    auto& map = window_->explainDesk().map().canvas();
    brush(map, {map.xAxis->range().lower, map.yAxis->range().lower},
          {map.xAxis->range().upper, map.yAxis->range().upper}, true);
    QCOMPARE(selection.trajectories().size(), static_cast<size_t>(kTrajectories));
    emit window_->dataset().returns().returnsChosen(0.0, 10.0, false);
    QCOMPARE(selection.trajectories().size(), static_cast<size_t>(kTrajectories / 2));
    QVERIFY(selection.contains(0) && !selection.contains(1));

    // A bin of the weights: those trajectories whose mean weight lies in it.
    const auto means = trajectory_means(window_->explainDesk().panel().run()->table.episodes,
                                        window_->explainDesk().panel().run()->weight);
    emit window_->plots().histogram().weightsChosen(means[6] - 1e-6, means[6] + 1e-6, false);
    QVERIFY(selection.contains(6));
    for (const int t : selection.trajectories())
      QVERIFY(std::abs(means[static_cast<size_t>(t)] - means[6]) < 1e-5);
    selection.clear();
    QVERIFY(scatter().lit().empty() && ticked().empty());
    QVERIFY(!window_->explainDesk().chosen().button()->isVisible());
  }

  void theChosenAreExportedLeftOutAndWritten() {
    openRun();
    window_->explainDesk().selection().choose({1, 4, 6});
    auto& chosen = window_->explainDesk().chosen();
    chosen.exportTo(path("chosen.csv"));
    const auto told = [&] { return window_->messages().texts().join(' '); };
    QTRY_VERIFY_WITH_TIMEOUT(told().contains("chosen.csv"), kPatience);
    std::ifstream csv(path("chosen.csv"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(csv, line);) lines.push_back(line);
    QCOMPARE(lines.size(), 4U);
    QVERIFY2(lines[1].starts_with("1,good,25,25,25,timeout,"), lines[1].c_str());
    QVERIFY(!lines[1].ends_with(","));

    chosen.writeDataset(path("chosen.hdf5"));
    QTRY_VERIFY_WITH_TIMEOUT(told().contains("Written") && told().contains("chosen.hdf5"), kPatience);
    const auto written = read_dataset(path("chosen.hdf5"));
    QVERIFY2(written.ok(), written.ok() ? "" : written.error().message.c_str());
    QCOMPARE(written->episodes.size(), 3U);
    const auto whole = window_->loader().dataset();
    const auto at = std::find(written->episodes.returns.begin(), written->episodes.returns.end(), 25.0) -
                    written->episodes.returns.begin();
    QVERIFY(at < 3);
    const auto first = static_cast<size_t>(written->episodes.first[static_cast<size_t>(at)]) * 11;
    for (size_t k = 0; k < 11 * 25; ++k)
      QCOMPARE(written->observations[first + k], whole->observations[25 * 11 + k]);
  }

  void theNextRunIsSetUpWithoutTheChosen() {
    openRun();
    auto& selection = window_->explainDesk().selection();
    auto& model = window_->model();
    auto* leave_out = window_->findChild<QAction*>("selection.leaveOut");
    const auto before = model.undoStack()->count();
    selection.choose({1, 4, 6});
    leave_out->trigger();
    QCOMPARE(model.config().exclude, std::string("1,4,6"));
    QCOMPARE(model.config().dataset, dataset_);
    const auto* line = window_->findChild<QLabel*>("statusTold");
    const auto told = [&] { return line->isVisible() ? line->text() : QString(); };
    QVERIFY2(told().contains("1, 4, 6") && told().contains("37 of 40"), qPrintable(told()));
    QCOMPARE(window_->experiment().findChild<QLineEdit*>("exclude")->text(), QString("1, 4, 6"));
    QVERIFY(window_->experiment().isVisible());
    // Others are left out besides, each time in a step of its own.
    selection.choose({5, 6});
    leave_out->trigger();
    QCOMPARE(model.config().exclude, std::string("1,4-6"));
    QCOMPARE(model.undoStack()->count(), before + 2);
    leave_out->trigger();
    QVERIFY2(told().contains("already"), qPrintable(told()));
    QCOMPARE(model.undoStack()->count(), before + 2);
    model.undoStack()->undo();
    QCOMPARE(model.config().exclude, std::string("1,4,6"));
    model.undoStack()->undo();
    QCOMPARE(model.config().exclude, std::string());
    QCOMPARE(window_->experiment().findChild<QLineEdit*>("exclude")->text(), QString());
  }

  void aRunThatLeftEpisodesOutIsCountedAsTheFileCounts() {
    auto config = test::tinyConfig(dataset_);
    config.exclude = "0,2";
    openRun(train(config, "without"), kTrajectories - 2);
    auto& selection = window_->explainDesk().selection();
    const auto& panel = window_->explainDesk().panel();
    const auto means = trajectory_means(panel.run()->table.episodes, panel.run()->weight);
    auto& model = window_->explainDesk().episodes().model();
    // Its first trajectory is episode 1 of the file, its second one episode 3.
    QVERIFY(std::isnan(model.lines()[0].weight) && std::isnan(model.lines()[2].weight));
    QCOMPARE(model.lines()[1].weight, means[0]);
    QCOMPARE(model.lines()[3].weight, means[1]);
    selection.choose({0, 1});
    QCOMPARE(ticked(), (std::vector<int>{1, 3}));
    QVERIFY(model.setData(model.index(model.rowOf(3), 0), Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(model.setData(model.index(model.rowOf(2), 0), Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(selection.trajectories(), (std::vector<int>{0}));
    QCOMPARE(window_->model().config().exclude, std::string("0,2"));
    window_->explainDesk().chosen().trainWithout();
    QCOMPARE(window_->model().config().exclude, std::string("0-2"));
  }

  void episodesAreBrowsedBeforeAnyTraining() {
    WindowOptions options;
    options.out = folder_.filePath("browsed");
    options.remember = false;
    window_ = std::make_unique<MainWindow>(options);
    window_->resize(1280, 800);
    window_->show();
    window_->docks().applyLayout("explain");
    window_->docks().reveal("dock.episodes");
    window_->loadDataset(dataset_);
    QTRY_VERIFY_WITH_TIMEOUT(window_->explainDesk().episodes().model().rowCount() == kTrajectories, kPatience);
    auto& panel = window_->explainDesk().episodes();
    auto& model = panel.model();
    QTest::keyClicks(&panel.filter(), "source=good return>20");
    QCOMPARE(model.rowCount(), kTrajectories / 2);
    panel.filter().setText("end=terminal length<=25");
    QCOMPARE(model.rowCount(), kTrajectories / 2);
    QCOMPARE(model.episodeAt(0), 0);
    panel.filter().setText("length>25");
    QCOMPARE(model.rowCount(), 0);
    panel.filter().setText("return>much");
    QVERIFY(panel.findChild<QLabel*>("episodeCount")->toolTip().contains("much"));
    panel.filter().clear();
    panel.table().sortByColumn(EpisodeModel::total_reward, Qt::DescendingOrder);
    QCOMPARE(model.episodeAt(0), 1);
    panel.table().sortByColumn(EpisodeModel::total_reward, Qt::AscendingOrder);
    QCOMPARE(model.episodeAt(0), 0);

    // A row of the data is found again, with the rewards of its episode.
    emit window_->dataset().rowRequested(3 * test::kEpisodeSteps + 7);
    QCOMPARE(window_->explainDesk().selection().current(), 3);
    QCOMPARE(panel.rewards().cursor(), 7.0);
    QCOMPARE(panel.rewards().tracks()[0].curves[0].y.size(), static_cast<qsizetype>(test::kEpisodeSteps));
    QCOMPARE(panel.rewards().tracks()[0].curves[0].y[0], 1.0);

    emit panel.replayRequested(3);
    auto* facts = window_->rollout().findChild<QLabel*>("trajectoryFacts");
    QTRY_VERIFY_WITH_TIMEOUT(facts->text().contains("Episode 3, return 25.0, as recorded"), kPatience);
    QVERIFY(window_->rollout().replaying());
  }

  void aRunWithoutACheckpointSaysWhatIsMissing() {
    WindowOptions options;
    options.out = folder_.filePath("early");
    options.remember = false;
    window_ = std::make_unique<MainWindow>(options);
    window_->show();
    const auto early = path("early_run");
    std::filesystem::create_directories(early);
    QVERIFY(write_json(early / "config.json", to_json(test::tinyConfig(dataset_))).ok());
    window_->openRun(early);
    window_->docks().applyLayout("explain");
    auto* message = window_->explainDesk().panel().findChild<QLabel*>("explainMessage");
    QTRY_VERIFY_WITH_TIMEOUT(message->text().contains("no checkpoint"), kPatience);
  }
};

QTEST_MAIN(ExplainTest)
#include "explain_test.moc"
