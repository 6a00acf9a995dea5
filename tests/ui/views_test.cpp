// SPDX-License-Identifier: GPL-3.0-or-later
// Views of trajectories, each by itself: the map of states, the distribution of a column, and the clock that
// plays them.
#include <qcustomplot.h>

#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <numeric>

#include "core/explain/explained_run.h"
#include "core/explain/state_map.h"
#include "tests/ui/cross_keys.h"
#include "ui/explain/distribution_plot.h"
#include "ui/explain/play_bar.h"
#include "ui/explain/state_map_plot.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

constexpr int kTrajectories = 6, kRowsEach = 5;

/// A row of each trajectory and time, on a grid: trajectory across, time up.
std::shared_ptr<const StateMap> gridMap() {
  auto map = std::make_shared<StateMap>();
  for (int t = 0; t < kTrajectories; ++t)
    for (int time = 0; time < kRowsEach; ++time) {
      map->rows.push_back(t * kRowsEach + time);
      map->episode.push_back(t);
      map->time.push_back(time);
      map->x.push_back(static_cast<float>(t));
      map->y.push_back(static_cast<float>(time));
    }
  map->share = {0.6, 0.3};
  return map;
}

std::shared_ptr<const ExplainedRun> gridRun() {
  auto run = std::make_shared<ExplainedRun>();
  run->table.sources = {"good", "bad"};
  for (int t = 0; t < kTrajectories; ++t) {
    run->table.trajectory_source.push_back(t % 2);
    run->table.episodes.first.push_back(t * kRowsEach);
    run->table.episodes.length.push_back(kRowsEach);
    run->table.episodes.returns.push_back(100.0 + t);
    for (int time = 0; time < kRowsEach; ++time) {
      run->weight.push_back(0.25F + 0.125F * static_cast<float>(t));
      run->rows.q.push_back(static_cast<float>(-10 * t));
    }
  }
  return run;
}

std::shared_ptr<Dataset> smallDataset() {
  auto data = std::make_shared<Dataset>();
  data->rows = 8;
  data->obs_dim = 1;
  data->action_dim = 1;
  for (int i = 0; i < 8; ++i) {
    data->observations.push_back(static_cast<float>(i));
    data->actions.push_back(i < 4 ? -1.0F : 1.0F);
    data->rewards.push_back(2.0F);
  }
  data->episodes.first = {0, 4};
  data->episodes.length = {4, 4};
  data->episodes.returns = {8.0, 8.0};
  return data;
}

}  // namespace

class ViewsTest : public QObject {
  Q_OBJECT

 private slots:
  void colorsOfTheMapSayWhatTheyMean() {
    StateMapPlot map;
    map.resize(500, 400);
    map.show();
    QVERIFY(QTest::qWaitForWindowExposed(&map));
    map.setMap(gridMap(), gridRun());
    auto* color = map.findChild<QComboBox*>("stateMapColor");
    const auto* legend = map.findChild<QLabel*>("stateMapLegend");
    // The lowest and the highest of what is chosen.
    for (const auto& [key, low, high] : {std::tuple{"weight", "0.25 ", "0.875"},
                                         {"return", "100 ", "105"},
                                         {"q", "−50 ", "0"},
                                         {"time", "0 ", "4"}}) {
      color->setCurrentIndex(color->findData(QString(key)));
      emit color->activated(color->currentIndex());
      QVERIFY2(legend->text().startsWith(low), qPrintable(key + (": " + legend->text())));
      QVERIFY2(legend->text().contains(QString("■</span> %1  ").arg(high)),
               qPrintable(key + (": " + legend->text())));
      QCOMPARE(map.pointsLit(), kTrajectories * kRowsEach);
    }
    color->setCurrentIndex(color->findData("source"));
    emit color->activated(color->currentIndex());
    QVERIFY(legend->text().contains("good") && legend->text().contains("bad"));
    // Trajectories of different sources differ in their color, those of one do not.
    std::map<double, QRgb> seen;
    for (int i = 0; i < map.canvas().graphCount(); ++i) {
      const auto* graph = map.canvas().graph(i);
      for (const auto& point : *graph->data()) seen[point.key] = graph->scatterStyle().pen().color().rgb();
    }
    QCOMPARE(seen.size(), size_t{kTrajectories});
    QVERIFY(seen[0] == seen[2] && seen[1] == seen[3] && seen[0] != seen[1]);
  }

  void aPointOfTheMapIsPicked() {
    StateMapPlot map;
    map.resize(500, 400);
    map.show();
    QVERIFY(QTest::qWaitForWindowExposed(&map));
    map.setMap(gridMap(), gridRun());
    auto& plot = map.canvas();
    plot.replot(QCustomPlot::rpImmediateRefresh);
    const auto at = [&](double x, double y) {
      return QPoint(qRound(plot.xAxis->coordToPixel(x)), qRound(plot.yAxis->coordToPixel(y)));
    };
    QSignalSpy picked(&map, &StateMapPlot::picked);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, at(4.0, 3.0));
    QCOMPARE(picked.count(), 1);
    QCOMPARE(picked[0][0].toInt(), 4);
    QCOMPARE(picked[0][1].toInt(), 3);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, at(4.5, 3.5));  // between the points
    QCOMPARE(picked.count(), 1);
    // The same without the mouse; before the cross is there, Enter is nobody's.
    const auto* frame = map.findChild<QWidget*>("focusFrame");
    map.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&map));
    map.clearFocus();
    QVERIFY(!frame->isVisible());
    map.setFocus();
    QVERIFY(frame->isVisible() && frame->size() == map.size());
    QTest::keyClick(&map, Qt::Key_Return);
    QCOMPARE(picked.count(), 1);
    test::moveCross(map, plot, at(4.0, 3.0));
    QTest::keyClick(&map, Qt::Key_Return);
    QCOMPARE(picked.count(), 2);
    QCOMPARE(picked[1][0].toInt(), 4);
    QCOMPARE(picked[1][1].toInt(), 3);
    QVERIFY(map.accessibleDescription().contains("trajectory 4, time step 3"));
    QSignalSpy brushed(&map, &StateMapPlot::brushed);
    QTest::keyClick(&map, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(brushed.count(), 1);
    QCOMPARE(brushed[0][0].value<std::vector<int>>(), std::vector<int>{4});
    QTest::keyClick(&map, Qt::Key_Escape);
    QTest::keyClick(&map, Qt::Key_Return);
    QCOMPARE(picked.count(), 2);
  }

  void distributionsAreThoseOfTheData() {
    DistributionPlot plot;
    plot.resize(400, 240);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    plot.setDataset(smallDataset());
    const auto shares = [&](int graph) {
      std::vector<double> all;
      for (const auto& point : *plot.canvas().graph(graph)->data())
        if (point.value > 0.0) all.push_back(point.value);
      return all;
    };
    using Shares = std::vector<double>;
    auto* column = plot.findChild<QComboBox*>("distributionColumn");
    QCOMPARE(column->count(), 3);
    QCOMPARE(column->currentText(), QString("reward"));
    QCOMPARE(shares(0), Shares{1.0});
    plot.setColumn(1);
    QCOMPARE(shares(0), (Shares{0.5, 0.5}));
    QCOMPARE(plot.canvas().graphCount(), 1);
    // The episode in front has one of the two actions alone.
    plot.setEpisode(1);
    QCOMPARE(plot.canvas().graphCount(), 2);
    QCOMPARE(shares(1), Shares{1.0});
    plot.setColumn(0);
    QCOMPARE(shares(0), Shares(8, 0.125));
    QCOMPARE(shares(1), Shares(4, 0.25));
    QVERIFY(plot.canvas().xAxis->label().startsWith("observation 0") &&
            plot.canvas().xAxis->label().contains("episode 1"));
  }

  void theClockLoopsStepsAndKeepsItsSpeed() {
    PlayBar bar;
    bar.show();
    bar.setLength(4);
    bar.setStepSeconds(0.02);
    auto* loop = bar.findChild<QCheckBox*>("explainLoop");
    auto* speed = bar.findChild<QComboBox*>("explainSpeed");
    QSignalSpy moved(&bar, &PlayBar::timeChanged);
    const auto times = [&] {
      std::vector<int> all;
      for (const auto& one : moved) all.push_back(one[0].toInt());
      return all;
    };
    QTest::mouseClick(bar.findChild<QToolButton*>("explainForth"), Qt::LeftButton);
    QTest::mouseClick(bar.findChild<QToolButton*>("explainForth"), Qt::LeftButton);
    QTest::mouseClick(bar.findChild<QToolButton*>("explainBack"), Qt::LeftButton);
    QCOMPARE(times(), (std::vector<int>{1, 2, 1}));
    loop->setChecked(false);
    bar.setPlaying(true);
    QTRY_VERIFY(!bar.playing());
    QCOMPARE(bar.time(), 3);
    // From the end it begins anew, and with a loop it does not end.
    moved.clear();
    loop->setChecked(true);
    bar.setPlaying(true);
    QTRY_VERIFY(std::count(moved.begin(), moved.end(), QList<QVariant>{0}) >= 3);
    QVERIFY(bar.playing());
    // A tenth of the time is ten times as slow: of 20 ms for a row it makes 200.
    bar.setPlaying(false);
    bar.setLength(1000);
    bar.setTime(0);
    speed->setCurrentIndex(speed->findData(0.1));
    QElapsedTimer clock;
    clock.start();
    bar.setPlaying(true);
    QTRY_VERIFY(bar.time() >= 3);
    QVERIFY2(clock.elapsed() >= 600, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(bar.time() <= 1 + clock.elapsed() / 200);
  }
};

QTEST_MAIN(ViewsTest)
#include "views_test.moc"
