// SPDX-License-Identifier: GPL-3.0-or-later
// Plots show what they are fed, and nothing else.
#include <qcustomplot.h>

#include <QClipboard>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/stats/statistics.h"
#include "tests/ui/cross_keys.h"
#include "ui/export/export_figure.h"
#include "ui/figures/figure_kinds.h"
#include "ui/figures/metrics_figure.h"
#include "ui/figures/pyramid.h"
#include "ui/plots/plots.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

EvaluationDone evaluation(int64_t step, std::vector<double> returns) {
  EvaluationDone done;
  done.result.step = step;
  done.result.mean_return = mean(returns);
  done.result.std_return = standard_deviation(returns);
  done.result.returns = std::move(returns);
  done.result.has_reference = true;
  done.result.normalized_mean = done.result.mean_return / 10.0;
  done.result.normalized_std = done.result.std_return / 10.0;
  return done;
}

WeightReport weightReport(int64_t step, std::vector<int64_t> counts) {
  WeightReport report;
  report.step = step;
  report.sources = {"random", "expert"};
  report.histograms = {Histogram{{0.0, 0.5, 1.0}, counts, 0}, Histogram{{0.0, 0.5, 1.0}, {1, 9}, 0}};
  report.source_mean_weight = {0.1, 0.9};
  report.trajectory_weight = {0.125, 0.25, 0.75};
  report.trajectory_return = {1.0, 2.0, 30.0};
  report.trajectory_source = {0, 0, 1};
  report.pearson = {0.974, 0.970, 0.978};
  report.spearman = {0.5, 0.25, 0.75};
  report.ess = 0.25;
  report.mean_weight = 0.5;
  report.share_below_001 = 0.125;
  return report;
}

void show(FigurePlot& plot) {
  plot.resize(500, 360);
  plot.show();
  QVERIFY(QTest::qWaitForWindowExposed(&plot));
  plot.refresh();
}

/// The data of the graph with this name.
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

}  // namespace

class PlotsFiguresTest : public QObject {
  Q_OBJECT

 private slots:
  void pyramidIsBruteForce() {
    std::mt19937 generator(7);
    std::uniform_real_distribution<double> value(-5.0, 5.0);
    Pyramid pyramid;
    std::vector<double> ys;
    for (int i = 0; i < 5000; ++i) {
      ys.push_back(i % 97 == 3 ? kNan : value(generator));
      pyramid.append(i, ys.back());
    }
    for (int trial = 0; trial < 300; ++trial) {
      const int a = static_cast<int>(generator() % 5000), b = a + static_cast<int>(generator() % (5000 - a));
      double low = HUGE_VAL, high = -HUGE_VAL, sum = 0.0;
      size_t count = 0;
      for (int i = a; i <= b; ++i) {
        if (std::isnan(ys[static_cast<size_t>(i)])) continue;
        low = std::min(low, ys[static_cast<size_t>(i)]);
        high = std::max(high, ys[static_cast<size_t>(i)]);
        sum += ys[static_cast<size_t>(i)];
        ++count;
      }
      const PyramidBucket bucket = pyramid.extremes(a, b);
      QCOMPARE(bucket.count, count);
      QCOMPARE(bucket.gaps, static_cast<size_t>(b - a + 1) - count);
      if (count == 0) continue;
      QCOMPARE(bucket.min, low);
      QCOMPARE(bucket.max, high);
      QVERIFY(std::abs(bucket.sum - sum) < 1e-9);
    }
    // A window has no more buckets than asked for, and loses no extreme.
    const auto window = pyramid.window(0, 4999, 100);
    QVERIFY(window.size() <= 101);
    double high = -HUGE_VAL;
    size_t points = 0;
    for (const PyramidBucket& bucket : window) {
      if (bucket.count > 0) high = std::max(high, bucket.max);
      points += bucket.count + bucket.gaps;
    }
    QCOMPARE(points, size_t{5000});
    QCOMPARE(high, pyramid.extremes(0, 4999).max);
    QCOMPARE(pyramid.window(10, 12, 100).size(), size_t{5});
    pyramid.truncateFrom(1234);
    QCOMPARE(pyramid.size(), size_t{1234});
    QCOMPARE(pyramid.extremes(0, 9999).count + pyramid.extremes(0, 9999).gaps, size_t{1234});
  }

  void smootherIsDebiasedSmoothing() {
    const std::vector<double> values{3.0, 1.0, kNan, 4.0, 1.0, 5.0};
    const auto expected = debiased_smoothing(values, 0.9);
    Smoother smoother(0.9);
    for (size_t i = 0; i < values.size(); ++i) {
      const double got = smoother.next(values[i]);
      QVERIFY(std::isnan(expected[i]) ? std::isnan(got) : std::abs(got - expected[i]) < 1e-12);
    }
  }

  void returnPlotShowsWhatItIsFed() {
    ReturnPlot plot;
    plot.addRun("VACO", "hopper");
    plot.addRun("BC", "hopper");
    show(plot);
    QVERIFY(plot.accessibleDescription().contains("after the first evaluation"));
    plot.consume(0, evaluation(1000, {90.0, 110.0}));
    plot.consume(0, evaluation(2000, {290.0, 310.0}));
    plot.consume(0, evaluation(3000, {190.0, 210.0}));
    plot.consume(1, evaluation(1000, {40.0, 60.0}));
    plot.setNormalized(false);
    plot.refresh();
    using Points = std::vector<std::pair<double, double>>;
    QCOMPARE(graphData(plot, "VACO"), (Points{{1000, 100}, {2000, 300}, {3000, 200}}));
    QCOMPARE(graphData(plot, "BC"), (Points{{1000, 50}}));
    plot.setNormalized(true);
    QCOMPARE(graphData(plot, "VACO"), (Points{{1000, 10}, {2000, 30}, {3000, 20}}));
    QVERIFY(plot.accessibleDescription().contains("best 30"));
    const FigureTable table = plot.table();
    QCOMPARE(table.rows.size(), size_t{4});
    QCOMPARE(std::get<double>(table.rows[1][3]), 30.0);
    QCOMPARE(std::get<int64_t>(table.rows[1][5]), int64_t{1});
    // A run that resumes from its checkpoint replaces what came after it.
    plot.consume(0, evaluation(2000, {10.0, 30.0}));
    plot.refresh();
    QCOMPARE(graphData(plot, "VACO"), (Points{{1000, 10}, {2000, 2}}));
    plot.clear();
    QVERIFY(plot.accessibleDescription().contains("after the first evaluation"));
  }

  void lossPlotHasGapsFaultsAndPhases() {
    LossPlot plot;
    show(plot);
    for (int step = 1; step <= 10; ++step) {
      Metrics metrics{step, step <= 5 ? "value" : "bilevel", {}};
      metrics.values = {{"q_loss", step == 4 ? kNan : 1.0 / step}, {"q_mean", 7.0}};
      plot.consume(metrics);
    }
    plot.refresh();
    const auto drawn = graphData(plot, "Q loss");
    QCOMPARE(drawn.size(), size_t{10});
    for (const auto& [x, y] : drawn) QVERIFY(x == 4 ? std::isnan(y) : y == 1.0 / x);
    QVERIFY(graphData(plot, "Mean Q of the data").empty());
    QVERIFY(plot.accessibleDescription().contains("not a number from step 4"));
    QStringList texts;
    for (int i = 0; i < plot.canvas().itemCount(); ++i)
      if (const auto* text = qobject_cast<QCPItemText*>(plot.canvas().item(i))) texts << text->text();
    QVERIFY(texts.contains("Value learning"));
    QVERIFY(texts.contains("Bi-level"));
    QVERIFY(texts.contains("Q loss is not a number"));
    const auto choose = [&](const char* metric) {
      for (auto* action : plot.findChild<QMenu*>()->actions())
        if (action->text().startsWith(metric)) action->trigger();
    };
    choose("Mean Q of the data");
    choose("Q loss");
    QCOMPARE(graphData(plot, "Mean Q of the data").size(), size_t{10});
    choose("Q loss");
    choose("Mean Q of the data");
    plot.setSmoothing(0.5);
    plot.setLogarithmic(true);
    const FigureTable table = plot.table();
    std::vector<double> raw;
    for (const auto& row : table.rows) raw.push_back(std::get<double>(row[3]));
    const auto smooth = debiased_smoothing(raw, 0.5);
    for (size_t i = 0; i < smooth.size(); ++i) {
      const double got = std::get<double>(table.rows[i][4]);
      QVERIFY(std::isnan(smooth[i]) ? std::isnan(got) : std::abs(got - smooth[i]) < 1e-12);
    }
    QCOMPARE(plot.canvas().yAxis->scaleType(), QCPAxis::stLogarithmic);
  }

  void onlyTrueAlarmsAreMarked() {
    LossPlot plot;
    show(plot);
    for (int step = 1; step <= 10; ++step) plot.consume(Metrics{step, "value", {{"q_loss", 1.0}}});
    plot.consume(Alarm{4, "cannot_evaluate", "asked for too early"});
    // The third that is inverted is evidence, and a collapse at once.
    for (const double r : {-0.9, -0.93, -0.965}) {
      WeightReport inverted = weightReport(r < -0.95 ? 5 : r < -0.92 ? 4 : 3, {7, 3});
      inverted.pearson = {r, r - 0.02, r + 0.02};
      inverted.ess = r < -0.95 ? 0.01 : 0.5;
      plot.consume(inverted);
    }
    plot.refresh();
    QStringList texts;
    for (int i = 0; i < plot.canvas().itemCount(); ++i)
      if (const auto* text = qobject_cast<QCPItemText*>(plot.canvas().item(i))) texts << text->text();
    QVERIFY2(texts.contains("alarm: weight collapse, weights inverted"), qPrintable(texts.join(" | ")));
    QVERIFY(!texts.join(' ').contains("evaluate"));
  }

  void whatGoesOnIsToldWhereNothingIsDrawnYet() {
    WeightHistogramPlot plot;
    show(plot);
    plot.setWaiting("Now: Value learning");
    QStringList labels;
    for (const auto* label : plot.findChildren<QLabel*>()) labels << label->text();
    QVERIFY(labels.join(' ').contains("Now: Value learning"));
  }

  void aMillionPointsAreFewToDraw() {
    LossPlot plot;
    show(plot);
    for (int step = 1; step <= 300000; ++step)
      plot.consume(Metrics{step, "value", {{"q_loss", step == 150001 ? 99.0 : step % 10}}});
    plot.refresh();
    const auto drawn = graphData(plot, "Q loss");
    QVERIFY(drawn.size() < 5000);
    QVERIFY(std::find(drawn.begin(), drawn.end(), std::pair{150001.0, 99.0}) != drawn.end());
  }

  void histogramSliderShowsEverySnapshot() {
    WeightHistogramPlot plot;
    show(plot);
    plot.consume(weightReport(100, {7, 3}));
    plot.consume(weightReport(200, {4, 6}));
    plot.consume(weightReport(300, {2, 8}));
    plot.refresh();
    auto* slider = plot.findChild<QSlider*>();
    QCOMPARE(slider->maximum(), 2);
    QCOMPARE(slider->value(), 2);
    const auto count = [&] { return std::get<int64_t>(plot.table().rows[0][4]); };
    QCOMPARE(count(), int64_t{2});
    slider->setValue(0);
    QCOMPARE(count(), int64_t{7});
    QCOMPARE(graphData(plot, "random")[1].second, 7.0);
    slider->setValue(1);
    QCOMPARE(count(), int64_t{4});
    // At the end it follows what comes.
    slider->setValue(2);
    plot.consume(weightReport(400, {0, 10}));
    plot.refresh();
    QCOMPARE(count(), int64_t{0});
    QCOMPARE(slider->value(), 3);
  }

  void aScatterShowsEveryPointOfItsView() {
    WeightReturnPlot scatter;
    show(scatter);
    auto report = weightReport(100, {7, 3});
    report.trajectory_return = {50.0, 60.0, 70.0, 80.0, 90.0, 10.0};  // in no order
    report.trajectory_weight.assign(6, 0.5);
    report.trajectory_source.assign(6, 0);
    for (int i = 0; i < 400; ++i) {  // enough to be stamped; out of view later
      report.trajectory_return.push_back(100.0 + i % 7);
      report.trajectory_weight.push_back(0.2);
      report.trajectory_source.push_back(0);
    }
    scatter.consume(report);
    scatter.refresh();
    auto& canvas = scatter.canvas();
    const auto inked = [&](double x, double y) {
      const auto image = canvas.grab().toImage();
      const QPoint at(qRound(canvas.xAxis->coordToPixel(x)), qRound(canvas.yAxis->coordToPixel(y)));
      const auto paper = image.pixelColor(canvas.axisRect()->topLeft() + QPoint(3, 3));
      for (int dy = -5; dy <= 5; ++dy)
        for (int dx = -5; dx <= 5; ++dx)
          if (const auto seen = image.pixelColor(at + QPoint(dx, dy));
              std::abs(seen.blue() - paper.blue()) > 60)
            return true;
      return false;
    };
    for (const double range : {120.0, 20.0}) {
      canvas.xAxis->setRange(0.0, range);
      scatter.refresh();
      canvas.replot(QCustomPlot::rpImmediateRefresh);
      QVERIFY2(inked(10.0, 0.5), qPrintable(QString::number(range)));
      QVERIFY(!inked(15.0, 0.4));
      if (range > 100.0) QVERIFY(inked(103.0, 0.2));
    }
  }

  void scatterEssAndCorrelation() {
    using Points = std::vector<std::pair<double, double>>;
    WeightReturnPlot scatter;
    show(scatter);
    WeightReport torn = weightReport(50, {1, 1});
    torn.trajectory_weight.clear();
    scatter.consume(torn);
    scatter.consume(weightReport(100, {7, 3}));
    scatter.refresh();
    QCOMPARE(graphData(scatter, "random"), (Points{{1.0, 0.125}, {2.0, 0.25}}));
    QCOMPARE(graphData(scatter, "expert"), (Points{{30.0, 0.75}}));
    // A point is read and picked by keys as by the mouse.
    auto& canvas = scatter.canvas();
    canvas.replot(QCustomPlot::rpImmediateRefresh);
    QSignalSpy picked(&scatter, &WeightReturnPlot::trajectoryChosen);
    test::moveCross(scatter, canvas,
                    QPoint(qRound(canvas.xAxis->coordToPixel(30.0)), qRound(canvas.yAxis->coordToPixel(0.75))));
    const auto labels = scatter.findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](const auto* one) { return one->text().startsWith("trajectory 2 (expert)"); }));
    QTest::keyClick(&scatter, Qt::Key_Return);
    QCOMPARE(picked.count(), 1);
    QCOMPARE(picked[0][0].toInt(), 2);
    const auto* title = qobject_cast<QCPTextElement*>(scatter.canvas().plotLayout()->element(0, 0));
    QVERIFY(title);
    QVERIFY(title->text().contains("Pearson r = 0.974 [0.970, 0.978]"));
    QVERIFY(title->text().contains("n = 3"));
    FigurePlot ess(makeFigure(FigureKind::effectiveSamples));
    show(ess);
    ess.consume(weightReport(100, {7, 3}));
    ess.refresh();
    QCOMPARE(graphData(ess, "Effective sample size"), (Points{{100, 25}}));
    QCOMPARE(graphData(ess, "Weights below 0.01"), (Points{{100, 12.5}}));
    FigurePlot correlation(makeFigure(FigureKind::correlation));
    show(correlation);
    correlation.consume(weightReport(100, {7, 3}));
    correlation.refresh();
    QCOMPARE(graphData(correlation, "Pearson r"), (Points{{100, 0.974}}));
    QCOMPARE(std::get<double>(correlation.table().rows[0][6]), 0.25);
  }

  void themesAndViews() {
    ReturnPlot plot;
    show(plot);
    plot.consume(evaluation(1000, {90.0, 110.0}));
    plot.consume(evaluation(2000, {90.0, 110.0}));
    plot.setTheme(lightTheme());
    const QColor light = plot.canvas().xAxis->labelColor();
    plot.setTheme(darkTheme());
    QVERIFY(plot.canvas().xAxis->labelColor() != light);
    QVERIFY(plot.canvas().xAxis->labelColor().lightness() > 200);
    plot.canvas().xAxis->setRange(500, 1500);
    QVERIFY(plot.spec().x.has_value());
    QCOMPARE(plot.table().rows.size(), size_t{1});
    QTest::keyClick(&plot, Qt::Key_Home);
    QVERIFY(!plot.spec().x.has_value());
    QCOMPARE(plot.table().rows.size(), size_t{2});
    plot.copyPicture();
    const auto* picture = QApplication::clipboard()->mimeData();
    QVERIFY(picture->hasImage());
    QCOMPARE(qvariant_cast<QImage>(picture->imageData()), figureImage(plot.spec(), plot.figure()));
    QVERIFY(picture->data("image/svg+xml").contains("<svg"));
    QVERIFY(picture->text().startsWith("run\tstep\t"));
    plot.showTable();
    QVERIFY(plot.findChild<QDialog*>()->isVisible());
  }

  void paletteChangeRecolors() {
    FigurePlot plot(makeFigure(FigureKind::effectiveSamples));
    show(plot);
    plot.consume(weightReport(100, {7, 3}));
    plot.refresh();
    QPalette dark = plot.palette();
    dark.setColor(QPalette::Window, QColor(20, 20, 20));
    plot.setPalette(dark);
    QCOMPARE(plot.theme().name, QString("dark"));
  }
};

QTEST_MAIN(PlotsFiguresTest)
#include "plots_figures_test.moc"
