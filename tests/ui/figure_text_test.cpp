// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on figures: no legend over data, no label over another, names instead of keys.
#include <qcustomplot.h>

#include <QTest>
#include <set>

#include "tests/learn/toy_data.h"
#include "ui/figures/drawn_mask.h"
#include "ui/figures/fit_labels.h"
#include "ui/figures/legend_place.h"
#include "ui/figures/metric_names.h"
#include "ui/figures/metrics_figure.h"
#include "ui/figures/number_text.h"
#include "ui/figures/return_figure.h"
#include "ui/figures/score_figure.h"
#include "ui/figures/weight_figures.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

constexpr QSize kCanvas{480, 320};

/// As the export does: once for the sizes, once for good.
void draw(QCustomPlot& plot, const Figure& figure, const FigureSpec& spec = {}) {
  plot.setViewport(QRect(QPoint(0, 0), kCanvas));
  PlotTheme theme = paperTheme();
  theme.phaseShade = Qt::transparent;
  for (int pass = 0; pass < 2; ++pass) {
    renderFigure(plot, figure, spec, theme);
    for (const auto phase :
         {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
      plot.plotLayout()->update(phase);
  }
}

/// Pixels under the legend that are not paper once the legend and the grid are gone.
int hiddenByLegend(QCustomPlot& plot) {
  plot.toPixmap(kCanvas.width(), kCanvas.height());
  const QRect place = plot.legend->outerRect();
  plot.legend->setVisible(false);
  for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) axis->grid()->setVisible(false);
  const QImage image = plot.toPixmap(kCanvas.width(), kCanvas.height()).toImage();
  int hidden = 0;
  for (int y = place.top(); y <= place.bottom(); ++y)
    for (int x = place.left(); x <= place.right(); ++x) hidden += image.pixelColor(x, y) != QColor(Qt::white);
  return hidden;
}

EvaluationDone evaluation(int64_t step, double score) {
  EvaluationDone done;
  done.result.step = step;
  done.result.returns = {score, score};
  done.result.mean_return = 30.0 * score;
  done.result.std_return = 300.0;
  done.result.has_reference = true;
  done.result.normalized_mean = score;
  done.result.normalized_std = 10.0;
  return done;
}

/// Every source fills the whole width.
WeightReport weights(size_t sources, double last_edge = 1.0) {
  WeightReport report;
  report.step = 60000;
  for (size_t source = 0; source < sources; ++source) {
    report.sources.push_back("policy " + std::to_string(source));
    Histogram histogram{linear_edges(0.0, last_edge, 10), std::vector<int64_t>(10, 100), 0};
    histogram.counts[source % 10] = 1000;
    report.histograms.push_back(histogram);
    report.source_mean_weight.push_back(0.5);
  }
  report.ess = 0.04;
  report.mean_weight = 0.2;
  report.share_below_001 = 0.12;
  return report;
}

QStringList textsOf(const QCustomPlot& plot) {
  QStringList texts;
  for (int i = 0; i < plot.itemCount(); ++i)
    if (const auto* text = qobject_cast<const QCPItemText*>(plot.item(i))) texts << text->text();
  return texts;
}

}  // namespace

class FigureTextTest : public QObject {
  Q_OBJECT

 private slots:
  void legendsHideNothing() {
    WeightHistogramFigure histogram;
    histogram.addRun({"VACO, seed 0", "hopper", {}});
    histogram.consume(0, weights(3));
    EffectiveSamplesFigure samples;
    samples.addRun({"VACO, seed 0", "hopper", {}});
    for (int i = 1; i < 20; ++i) {
      auto report = weights(1);
      report.step = 1000 * i;
      samples.consume(0, report);
    }
    ReturnFigure returns;
    MetricsFigure metrics;
    for (int run = 0; run < 4; ++run) {
      returns.addRun({"Algorithm " + std::to_string(run), "hopper", {}});
      metrics.addRun({"Algorithm " + std::to_string(run), "hopper", {}});
      for (int i = 1; i < 20; ++i) {
        returns.consume(run, evaluation(1000 * i, 25.0 * run + 5.0 * (i % 3)));
        metrics.consume(
            run, Metrics{1000 * i, i < 9 ? "value" : "bilevel", {{"bc_loss", 1.0 * ((i * 7 + run) % 5)}}});
      }
    }
    for (const Figure* figure : std::initializer_list<const Figure*>{&histogram, &samples, &returns, &metrics})
      for (const bool logarithmic : {false, true}) {
        QCustomPlot plot;
        FigureSpec spec;
        spec.logarithmic = logarithmic;
        spec.normalized = logarithmic;
        draw(plot, *figure, spec);
        QVERIFY(plot.legend->visible());
        QCOMPARE(hiddenByLegend(plot), 0);
        QVERIFY(QRect(QPoint(0, 0), kCanvas).contains(plot.legend->outerRect()));
        QVERIFY(plot.axisRect()->width() > 150 && plot.axisRect()->height() > 100);
      }
  }

  void lowPlotsKeepTheirHeightAndTheirNames() {
    WeightReturnFigure scatter;
    scatter.addRun({"VACO, seed 0", "hopper", {}});
    WeightReport report = weights(3);
    for (int i = 0; i < 3000; ++i) {
      report.trajectory_return.push_back(i % 60);
      report.trajectory_weight.push_back((i / 60) * 0.02);
      report.trajectory_source.push_back(i % 3);
    }
    scatter.consume(0, report);
    QWidget window;
    QCustomPlot plot(&window);
    const auto drawAt = [&](int width, int height) {
      plot.setGeometry(0, 0, width, height);
      plot.setViewport(QRect(0, 0, width, height));
      for (int pass = 0; pass < 2; ++pass) {
        renderFigure(plot, scatter, {}, lightTheme());
        plot.toPixmap(width, height);
      }
    };
    drawAt(600, 400);
    QVERIFY(plot.legend->visible());
    QVERIFY(hiddenLegendText(plot).isEmpty());
    // Hidden, but told on demand.
    drawAt(300, 130);
    QVERIFY(!plot.legend->visible());
    QVERIFY(hiddenLegendText(plot).contains("policy 2"));
    QVERIFY2(plot.axisRect()->height() >= 50, qPrintable(QString::number(plot.axisRect()->height())));
    drawAt(900, 130);
    QVERIFY(plot.legend->visible());  // beside the axes
    QVERIFY(plot.axisRect()->height() >= 50);
    // A title that is as wide as the plot is not pushed under a legend beside the axes.
    drawAt(480, 130);
    const auto* title = qobject_cast<QCPTextElement*>(plot.plotLayout()->element(0, 0));
    QVERIFY(title->rect().width() >= QFontMetrics(title->font()).horizontalAdvance(title->text()));
    QVERIFY(title->rect().right() <= 480);
    QVERIFY(!plot.legend->visible() || plot.legend->outerRect().right() <= 480);
    // It comes in again when there is room, from the smaller axes that it left when it was outside.
    for (double& weight : report.trajectory_weight) weight *= 0.1;
    report.trajectory_weight.front() = 1.0;
    const auto drawOnce = [&](const Figure& figure) {
      renderFigure(plot, figure, {}, lightTheme());
      plot.toPixmap(460, 175);
    };
    plot.setViewport(QRect(0, 0, 460, 175));
    drawOnce(scatter);
    drawOnce(scatter);
    const bool outside = !plot.axisRect()->rect().contains(plot.legend->outerRect()) || !plot.legend->visible();
    QVERIFY(outside);
    report.step += 1;
    scatter.consume(0, report);
    drawOnce(scatter);
    QVERIFY(plot.legend->visible());
    QVERIFY(plot.axisRect()->rect().contains(plot.legend->outerRect()));

    ReturnFigure returns;
    returns.addRun({"VACO, seed 0", "hopper", {}});
    returns.consume(0, evaluation(1000, 60.0));
    FigureSpec spec;
    spec.normalized = true;
    plot.setViewport(QRect(0, 0, 500, 110));
    for (int pass = 0; pass < 2; ++pass) {
      renderFigure(plot, returns, spec, lightTheme());
      plot.toPixmap(500, 110);
    }
    for (int i = 0; i < plot.itemCount(); ++i)
      if (const auto* text = qobject_cast<const QCPItemText*>(plot.item(i)); text && text->visible()) {
        QVERIFY2(text->top->pixelPosition().y() >= plot.axisRect()->top() - 1, qPrintable(text->text()));
        QVERIFY2(text->bottom->pixelPosition().y() <= plot.axisRect()->bottom() + 1, qPrintable(text->text()));
      }
  }

  void legendsComeBackInsideWhenThereIsRoom() {
    ReturnFigure returns;
    for (int run = 0; run < 3; ++run) returns.addRun({"Algorithm " + std::to_string(run), "hopper", {}});
    QCustomPlot plot;
    FigureSpec spec;
    spec.normalized = true;
    // Low at first: the upper left corner is free.
    for (int run = 0; run < 3; ++run)
      for (int i = 0; i < 30; ++i) returns.consume(run, evaluation(1000 * i, i < 20 ? 5.0 : 300.0));
    draw(plot, returns, spec);
    const auto inside = [&] { return plot.axisRect()->rect().contains(plot.legend->outerRect()); };
    plot.toPixmap(kCanvas.width(), kCanvas.height());
    QVERIFY(inside());
    const int rows = plot.plotLayout()->rowCount();
    WeightHistogramFigure full;
    full.addRun({"VACO, seed 0", "hopper", {}});
    auto report = weights(3);
    for (Histogram& one : report.histograms) one.counts.assign(10, 1000);
    full.consume(0, report);
    draw(plot, full);
    plot.toPixmap(kCanvas.width(), kCanvas.height());
    QVERIFY(!inside() && plot.legend->visible());
    draw(plot, returns, spec);
    plot.toPixmap(kCanvas.width(), kCanvas.height());
    QVERIFY(inside());
    QCOMPARE(plot.plotLayout()->rowCount(), rows);
  }

  void histogramsOfSharesEndAtOneAndNameWhatLiesBeyond() {
    WeightHistogramFigure figure;
    figure.addRun({"IQL, seed 3", "hopper", {}});
    figure.consume(0, weights(2, 10.0));
    FigureSpec spec;
    spec.share = true;
    for (const bool logarithmic : {false, true}) {
      spec.logarithmic = logarithmic;
      QCustomPlot plot;
      draw(plot, figure, spec);
      QVERIFY(plot.yAxis->range().upper <= 1.0);
      QVERIFY(textsOf(plot).contains("≥ 9"));
      const auto* title = qobject_cast<QCPTextElement*>(plot.plotLayout()->element(0, 0));
      QCOMPARE(title->text(), QString("IQL, seed 3,  weights at step 60,000"));
      QVERIFY(plot.graph(0)->brush().style() != Qt::NoBrush);
    }
    WeightHistogramFigure many;
    many.addRun({"VACO, seed 0", "hopper", {}});
    many.consume(0, weights(5));
    QCustomPlot plot;
    draw(plot, many, spec);
    QCOMPARE(plot.graph(0)->brush().style(), Qt::NoBrush);
    QVERIFY(textsOf(plot).isEmpty());
  }

  void scoresAreColoredByGroupAndNamedWhereThereIsRoom() {
    ScoreFigure figure;
    for (const auto& [name, group] :
         {std::pair{"VACO, seed 0", "VACO"}, {"BC, seed 0", "BC"}, {"VACO, seed 1", "VACO"}})
      figure.addRun({name, "hopper", {}, group});
    for (int run = 0; run < 3; ++run) figure.consume(run, evaluation(100, 50.0));
    FigureSpec spec;
    spec.normalized = true;
    QCustomPlot plot;
    draw(plot, figure, spec);
    QList<QColor> colors;
    for (int i = 0; i < plot.itemCount(); ++i) {
      if (const auto* bar = qobject_cast<const QCPItemRect*>(plot.item(i))) colors << bar->pen().color();
      const auto* text = qobject_cast<const QCPItemText*>(plot.item(i));
      if (text && text->text() == "50.0") QVERIFY(text->brush().style() != Qt::NoBrush);
    }
    QCOMPARE(colors.size(), 6);
    QCOMPARE(colors[0], colors[4]);
    QVERIFY(colors[0] != colors[2]);
    QVERIFY(textsOf(plot).contains("50.0"));
    for (int run = 3; run < 40; ++run) {
      figure.addRun({"BC, seed " + std::to_string(run), "hopper", {}, "BC"});
      figure.consume(run, evaluation(100, 50.0));
    }
    draw(plot, figure, spec);
    QCOMPARE(textsOf(plot), QStringList{"expert policy"});
    const auto ticker = plot.yAxis->ticker().dynamicCast<QCPAxisTickerText>();
    QVERIFY(ticker->ticks().size() * QFontMetrics(paperTheme().font).height() < kCanvas.height());
  }

  void phasesAreNamedAboveTheCurvesAsTheRunNamesThem() {
    MetricsFigure figure;
    figure.addRun({"VACO, seed 0", "hopper", {}});
    for (const auto& [step, phase] : {std::pair{100, "value"}, {200, "bilevel"}, {600, "cloning"}})
      figure.consume(0, Metrics{step, phase, {{"bc_loss", 1.0 * step}}});
    QCustomPlot plot;
    draw(plot, figure);
    QVERIFY(!plot.legend->visible());  // the axis says it
    QVERIFY(plot.yAxis->label().startsWith("Cloning loss"));
    QVERIFY(textsOf(plot).contains("Final cloning"));
    plot.toPixmap(kCanvas.width(), kCanvas.height());
    for (int i = 0; i < plot.itemCount(); ++i)
      if (const auto* text = qobject_cast<const QCPItemText*>(plot.item(i))) {
        QVERIFY(text->bottom->pixelPosition().y() <= plot.axisRect()->top() + 1);
        QVERIFY(text->top->pixelPosition().y() >= 0);
      }
  }

  void everyMetricOfEveryAlgorithmHasAName() {
    const auto data = testing::random_data(5, 2);
    std::set<std::string> keys{"time_s", "steps_per_second"};
    for (const auto& info : algorithms()) {
      ParamSet params(info.schema);
      for (const auto& spec : info.schema) {
        const bool steps = spec.key.ends_with("_steps") && spec.max >= 6.0;
        const char* value = spec.key == "hidden_width" ? "16"
                            : spec.key == "batch_size" ? "32"
                            : steps                    ? "6"
                                                       : nullptr;
        if (value) params.set(spec.key, *parse_value(spec, value));
      }
      const auto made = make_algorithm(info.key, params, data, 0, {.device = "cpu", .precision = "float32"});
      QVERIFY2(made.ok(), info.key.c_str());
      int64_t steps = 0;
      for (const auto& phase : (*made)->phases()) steps += phase.steps;
      QVERIFY2(steps < 100, info.key.c_str());
      for (int64_t i = 0; i < steps; ++i) (*made)->update();
      const auto metrics = (*made)->take_metrics();
      QVERIFY2(!metrics.empty(), info.key.c_str());
      for (const auto& metric : metrics) keys.insert(metric.key);
    }
    for (const auto& key : keys) {
      QString words = keyWords(key);
      words[0] = words[0].toUpper();
      QVERIFY2(metricName(key) != words, key.c_str());  // it has a name of its own
    }
    QVERIFY(keys.contains("policy_q") && keys.contains("diversity_loss"));
    QCOMPARE(metricName("own_metric"), QString("Own metric"));
  }

  void dashesAreDistinct() {
    const PlotTheme theme = paperTheme();
    std::set<QList<qreal>> patterns;
    for (int slot = 0; slot < 7; ++slot) patterns.insert(theme.linePen(slot).dashPattern());
    QCOMPARE(patterns.size(), size_t{7});
  }

  void numbersAreGroupedAndHaveMinusSigns() {
    QCOMPARE(countText(60000), QString("60,000"));
    QCOMPARE(countText(-1234567), QString("−1,234,567"));
    QCOMPARE(fixedText(-12.34, 1), QString("−12.3"));
    QCOMPARE(fixedText(-0.01, 1), QString("0.0"));
    QCOMPARE(valueText(1833.4), QString("1,833"));
    QCOMPARE(valueText(-0.5), QString("−0.5"));
    QCOMPARE(valueText(2.5e-5), QString("2.50e−05"));
    QCOMPARE(scoreText(49.47, true), QString("49.5"));
    QCOMPARE(scoreText(2482.3, false), QString("2,482"));
  }

  void theLegendAvoidsLongLinesAndPoints() {
    QCustomPlot plot;
    plot.xAxis->setRange(0.0, 100.0);
    plot.yAxis->setRange(0.0, 100.0);
    QVector<double> x, y;
    for (int i = 0; i <= 1000; ++i) {
      x << 0.1 * i;
      y << (i % 2 == 0 ? 20.0 : 40.0);
    }
    plot.addGraph()->setData(x, y, true);
    auto* point = plot.addGraph();
    point->setLineStyle(QCPGraph::lsNone);
    point->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, 8.0));
    point->setData({50.0}, {80.0}, true);
    const DrawnMask mask(plot, QSize(100, 100));  // a pixel a unit, downwards
    QVERIFY(!mask.isFree(QRect(30, 69, 3, 3)) && !mask.isFree(QRect(0, 78, 100, 1)));
    QVERIFY(mask.isFree(QRect(0, 83, 100, 17)) && mask.isFree(QRect(0, 27, 100, 30)));
    QVERIFY(!mask.isFree(QRect(52, 20, 2, 2)) && !mask.isFree(QRect(46, 22, 2, 2)));
    QVERIFY(mask.isFree(QRect(57, 15, 20, 10)) && mask.isFree(QRect(0, 0, 100, 14)));
  }
};

QTEST_MAIN(FigureTextTest)
#include "figure_text_test.moc"
