// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window takes for a frame of large data: a million rows of metrics zoomed and panned, 20,000
// trajectories chosen in one view and lit in all. 16.7 ms a frame are 60 frames a second.
//   QT_QPA_PLATFORM=offscreen build/bin/bench_window
#include <benchmark/benchmark.h>
#include <qcustomplot.h>

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/base/rng.h"
#include "core/data/writer.h"
#include "ui/bridge/selection.h"
#include "ui/data/dataset_loader.h"
#include "ui/explain/state_map_plot.h"
#include "ui/plots/plots.h"
#include "ui/shell/explain_desk.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/widgets/dock_host.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

constexpr int64_t kMetricRows = 1'000'000;
constexpr int kTrajectories = 20'000, kRowsEach = 50;  // a million rows of data

/// All that is waiting is done, pictures of what has changed included.
void settle() {
  for (int i = 0; i < 3; ++i) {
    QApplication::sendPostedEvents();
    QApplication::processEvents();
  }
}

WeightReport reportOfMany() {
  WeightReport report;
  report.step = 1000;
  report.phase = "bilevel";
  report.sources = {"random", "medium", "expert"};
  Rng rng(5);
  for (int t = 0; t < kTrajectories; ++t) {
    const int source = t % 3;
    report.trajectory_source.push_back(source);
    report.trajectory_return.push_back(100.0 * source + 40.0 * rng.normal());
    report.trajectory_weight.push_back(1.0 / (1.0 + std::exp(-0.02 * report.trajectory_return.back())) +
                                       0.05 * rng.normal());
  }
  for (size_t s = 0; s < 3; ++s) {
    Histogram histogram;
    for (int i = 0; i <= 50; ++i) histogram.edges.push_back(i / 50.0);
    histogram.counts.assign(50, 100 + static_cast<int64_t>(s));
    report.histograms.push_back(histogram);
    report.source_mean_weight.push_back(0.5);
  }
  return report;
}

/// Half of the trajectories, other ones every time.
std::vector<int> half(int turn) {
  std::vector<int> chosen;
  for (int t = 0; t < kTrajectories; ++t)
    if ((t / 100 + turn) % 2 == 0) chosen.push_back(t);
  return chosen;
}

LossPlot& millionRows() {
  static auto* plot = [] {
    auto* made = new LossPlot;
    made->resize(800, 400);
    made->show();
    Rng rng(1);
    for (int64_t step = 1; step <= kMetricRows; ++step)
      made->consume(
          Metrics{step, "value", {{"critic_loss", 1.0 + rng.normal()}, {"value_loss", rng.uniform()}}});
    made->refresh();
    settle();
    return made;
  }();
  return *plot;
}

void BM_MetricsPan(benchmark::State& state) {
  auto& plot = millionRows();
  plot.canvas().xAxis->setRange(200'000, 600'000);
  double step = 2'000.0;
  for (auto _ : state) {
    plot.canvas().xAxis->moveRange(step);
    if (plot.canvas().xAxis->range().upper > 900'000 || plot.canvas().xAxis->range().lower < 100'000)
      step = -step;
    plot.refresh();
    plot.canvas().replot(QCustomPlot::rpImmediateRefresh);
  }
}
BENCHMARK(BM_MetricsPan)->Unit(benchmark::kMillisecond);

void BM_MetricsWhole(benchmark::State& state) {
  auto& plot = millionRows();
  for (auto _ : state) {
    plot.resetView();
    plot.canvas().replot(QCustomPlot::rpImmediateRefresh);
  }
}
BENCHMARK(BM_MetricsWhole)->Unit(benchmark::kMillisecond);

void BM_ScatterLight(benchmark::State& state) {
  static auto* plot = [] {
    auto* made = new WeightReturnPlot;
    made->resize(800, 400);
    made->show();
    made->consume(reportOfMany());
    made->refresh();
    settle();
    return made;
  }();
  int turn = 0;
  for (auto _ : state) {
    plot->light(half(turn++));
    plot->refresh();
    plot->canvas().replot(QCustomPlot::rpImmediateRefresh);
  }
}
BENCHMARK(BM_ScatterLight)->Unit(benchmark::kMillisecond);

void BM_ScatterHover(benchmark::State& state) {
  static auto& plot = *new WeightReturnPlot;  // the application goes first
  plot.resize(800, 400);
  plot.consume(reportOfMany());
  plot.show();
  plot.refresh();
  settle();
  int x = 0;
  for (auto _ : state) {
    QTest::mouseMove(&plot.canvas(), QPoint(200 + ++x % 300, 200));
    settle();
  }
}
BENCHMARK(BM_ScatterHover)->Unit(benchmark::kMillisecond);

void BM_MapOfStates(benchmark::State& state) {
  static auto& plot = *new StateMapPlot;
  auto map = std::make_shared<StateMap>();
  auto run = std::make_shared<ExplainedRun>();
  run->table.sources = {"random", "medium", "expert"};
  Rng rng(2);
  for (int t = 0; t < kTrajectories; ++t) {
    map->rows.push_back(t);
    map->episode.push_back(t);
    map->time.push_back(0);
    map->x.push_back(static_cast<float>(rng.normal()));
    map->y.push_back(static_cast<float>(rng.normal()));
    run->table.trajectory_source.push_back(t % 3);
  }
  plot.resize(500, 400);
  plot.show();
  plot.setMap(map, run);
  int turn = 0;
  for (auto _ : state) {
    plot.setChosen(half(turn++));
    plot.canvas().replot(QCustomPlot::rpImmediateRefresh);
  }
}
BENCHMARK(BM_MapOfStates)->Unit(benchmark::kMillisecond);

/// From the choice to all pictures: scatter, histogram, episodes, returns of the data.
void BM_LinkedSelection(benchmark::State& state) {
  static QTemporaryDir folder;
  qputenv("VACO_HOME", folder.filePath("home").toUtf8());
  static auto* window = [] {
    DatasetColumns columns;
    columns.rows = int64_t{kTrajectories} * kRowsEach;
    columns.obs_dim = 11;
    columns.action_dim = 3;
    columns.environment = "hopper";
    columns.policy_names = {"random", "medium", "expert"};
    Rng rng(3);
    for (int64_t row = 0; row < columns.rows; ++row) {
      const bool last = row % kRowsEach == kRowsEach - 1;
      for (int k = 0; k < 11; ++k) columns.observations.push_back(static_cast<float>(rng.uniform()));
      for (int k = 0; k < 3; ++k) columns.actions.push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
      columns.rewards.push_back(static_cast<float>(rng.uniform()));
      columns.terminals.push_back(0);
      columns.timeouts.push_back(last ? 1 : 0);
      columns.policy_ids.push_back(static_cast<int32_t>(row / kRowsEach % 3));
    }
    columns.next_observations = columns.observations;
    const std::filesystem::path file = folder.filePath("many.hdf5").toStdString();
    if (const auto written = write_dataset(file, columns); !written)
      qFatal("%s", written.error().message.c_str());
    WindowOptions options;
    options.remember = false;
    options.out = folder.filePath("runs");
    auto* made = new MainWindow(options);
    made->resize(1920, 1080);
    made->show();
    made->docks().applyLayout("explain");
    made->loadDataset(file);
    if (!QTest::qWaitFor([&] { return made->loader().dataset() != nullptr; }, 120000)) qFatal("no dataset");
    made->plots().consume(reportOfMany());
    made->plots().refresh();
    made->docks().reveal("dock.episodes");
    QTest::qWait(1000);
    if (made->explainDesk().selection().count() != kTrajectories) qFatal("other data");
    return made;
  }();
  int turn = 0;
  for (auto _ : state) {
    window->explainDesk().selection().choose(half(turn++));
    for (auto* plot : window->plots().plots())
      if (plot->isVisible()) plot->refresh();
    settle();
  }
}
BENCHMARK(BM_LinkedSelection)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
