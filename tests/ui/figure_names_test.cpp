// SPDX-License-Identifier: GPL-3.0-or-later
// Names of lines and axes where there is little room: they hide nothing, and are whole.
#include <qcustomplot.h>

#include <QTest>
#include <cmath>

#include "ui/figures/fit_labels.h"
#include "ui/figures/legend_place.h"
#include "ui/figures/metrics_figure.h"
#include "ui/figures/return_figure.h"
#include "ui/figures/weight_figures.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

EvaluationDone evaluation(int64_t step, double score) {
  EvaluationDone done;
  done.result.step = step;
  done.result.returns = {score, score};
  done.result.mean_return = 30.0 * score;
  done.result.has_reference = true;
  done.result.normalized_mean = score;
  done.result.normalized_std = 1.0;
  return done;
}

void draw(QCustomPlot& plot, const Figure& figure, const FigureSpec& spec, const QSize& size) {
  plot.setViewport(QRect(QPoint(0, 0), size));
  for (int pass = 0; pass < 2; ++pass) {
    renderFigure(plot, figure, spec, lightTheme());
    plot.toPixmap(size.width(), size.height());
  }
}

QCPItemText* nameOn(QCustomPlot& plot, const QString& words) {
  for (int i = 0; i < plot.itemCount(); ++i)
    if (auto* text = qobject_cast<QCPItemText*>(plot.item(i)); text && text->text() == words) return text;
  return nullptr;
}

/// Pixels under the words that are drawn on once the words, the grid and the lines that they name are gone.
int hiddenBy(QCustomPlot& plot, QCPItemText& name, const QSize& size) {
  const QRect words = QRectF(name.topLeft->pixelPosition(), name.bottomRight->pixelPosition())
                          .marginsRemoved(QMarginsF(name.padding()))
                          .toRect();
  for (int i = 0; i < plot.itemCount(); ++i) plot.item(i)->setVisible(false);
  for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
    axis->grid()->setVisible(false);
    axis->grid()->setZeroLinePen(Qt::NoPen);
  }
  const QImage image = plot.toPixmap(size.width(), size.height()).toImage();
  const QColor paper = lightTheme().background;
  int hidden = 0;
  const QRect within = words.adjusted(1, 1, -1, -1);
  for (int y = within.top(); y <= within.bottom(); ++y)
    for (int x = within.left(); x <= within.right(); ++x) hidden += image.pixelColor(x, y) != paper;
  return hidden;
}

}  // namespace

class FigureNamesTest : public QObject {
  Q_OBJECT

 private slots:
  void namesOfLinesHideNoCurve() {
    // Scores that stay near the random policy's, rise at the end, or begin high.
    const std::vector<std::vector<double>> courses{
        {1, 2, 2, 3, 15, 16}, {2, 3, 1, 2, 3, 2}, {2, 3, 60, 95, 99, 101}, {100, 60, 20, 8, 4, 2}};
    FigureSpec spec;
    spec.normalized = true;
    for (const QSize size : {QSize(440, 148), QSize(440, 120), QSize(700, 280)})
      for (const auto& scores : courses) {
        ReturnFigure returns;
        returns.addRun({"VACO, seed 0", "hopper", {}});
        int64_t step = 0;
        for (const double score : scores) returns.consume(0, evaluation(step += 400, score));
        for (const QString words : {"random policy", "expert policy"}) {
          QCustomPlot plot;
          draw(plot, returns, spec, size);
          auto* name = nameOn(plot, words);
          QVERIFY(name);
          if (!name->visible()) {
            // A very low plot tells it under the mouse only.
            QVERIFY(size.height() < 140 && hiddenLegendText(plot).contains(words));
            continue;
          }
          const QRect axes = plot.axisRect()->rect().adjusted(-1, -1, 1, 1);
          const QRectF place(name->topLeft->pixelPosition(), name->bottomRight->pixelPosition());
          QVERIFY2(axes.contains(place.toRect()), qPrintable(words));
          QVERIFY2(hiddenBy(plot, *name, size) == 0, qPrintable(QString("%1 in %2 x %3, course from %4 to %5")
                                                                    .arg(words)
                                                                    .arg(size.width())
                                                                    .arg(size.height())
                                                                    .arg(scores.front())
                                                                    .arg(scores.back())));
        }
      }
  }

  void alarmsAreWholeAndApart() {
    // At the first step, at the last one, and two that lie closer than their names are high.
    MetricsFigure figure;
    figure.addRun({"VACO, seed 0", "hopper", {}});
    for (int step = 0; step <= 1000; ++step) {
      const bool fault = step == 0 || step == 500 || step == 503 || step == 1000;
      figure.consume(0, Metrics{step, "value", {{"q_loss", fault ? std::nan("") : 1.0 + step % 7}}});
    }
    for (const QSize size : {QSize(700, 400), QSize(420, 150), QSize(300, 110)}) {
      QCustomPlot plot;
      draw(plot, figure, {}, size);
      const QRectF inside = plot.axisRect()->rect();
      std::vector<QRectF> names;
      for (int i = 0; i < plot.itemCount(); ++i) {
        const auto* text = qobject_cast<QCPItemText*>(plot.item(i));
        if (!text || text->rotation() == 0.0 || !text->visible()) continue;
        const auto words = QRectF(text->topLeft->pixelPosition(), text->bottomRight->pixelPosition())
                               .normalized()
                               .marginsRemoved(QMarginsF(2, 2, 2, 2));
        QVERIFY2(inside.contains(words), qPrintable(QString("%1 at %2").arg(text->text()).arg(words.left())));
        for (const auto& other : names) QVERIFY(!other.intersects(words));
        names.push_back(words);
      }
      // One at either end and one of the two that are near; alarms of the same steps stand where there is room.
      QVERIFY2(names.size() >= 3, qPrintable(QString::number(names.size())));
    }
  }

  void aChosenRangeStaysForANamesSake() {
    ReturnFigure returns;
    returns.addRun({"VACO, seed 0", "hopper", {}});
    for (int i = 1; i < 9; ++i) returns.consume(0, evaluation(400 * i, 2.0 + i % 2));
    FigureSpec spec;
    spec.normalized = true;
    spec.y = AxisLimits{-1.0, 105.0};
    QCustomPlot plot;
    draw(plot, returns, spec, {440, 148});
    QCOMPARE(plot.yAxis->range().lower, -1.0);
    QCOMPARE(plot.yAxis->range().upper, 105.0);
  }

  void labelsOfLowAxesAreWhole() {
    const auto words = [](const QCustomPlot& plot) { return plot.yAxis->label().simplified(); };
    ReturnFigure returns;
    returns.addRun({"VACO, seed 0", "hopper", {}});
    for (int i = 1; i < 9; ++i) returns.consume(0, evaluation(400 * i, 10.0 * i));
    FigureSpec spec;
    spec.normalized = true;
    CorrelationFigure correlation;
    correlation.addRun({"VACO, seed 0", "hopper", {}});
    for (int i = 1; i < 9; ++i) {
      WeightReport report;
      report.step = 400 * i;
      report.pearson.value = report.spearman.value = 0.1 * i;
      correlation.consume(0, report);
    }
    for (const int height : {190, 148, 120}) {
      QCustomPlot plot;
      draw(plot, returns, spec, {440, height});
      QCOMPARE(words(plot), QString("Normalized score"));
      QCustomPlot other;
      draw(other, correlation, {}, {360, height});
      QCOMPARE(words(other).remove(' '), QString("Weight–returncorrelation"));
      // Nothing of it is cut off by the ends of the picture.
      const int across = QFontMetrics(other.yAxis->labelFont()).size(0, other.yAxis->label()).width();
      const QRect axes = other.axisRect()->rect();
      QVERIFY(axes.center().y() - across / 2 >= 0 && axes.center().y() + across / 2 <= height);
    }
  }

  void labelsBreakWhereTheirLinesAreShortest() {
    const QFont font;
    const QFontMetrics metrics(font);
    const auto fitted = [&](const QString& label, int pixels) { return fittedAxisLabel(label, font, pixels); };
    QCOMPARE(fitted("Mean weight", 1000), QString("Mean weight"));
    QCOMPARE(fitted("Mean weight", metrics.horizontalAdvance("weight")), QString("Mean\nweight"));
    QCOMPARE(fitted("Weight–return correlation", metrics.horizontalAdvance("Weight–return")),
             QString("Weight–return\ncorrelation"));
    QCOMPARE(fitted("Weight–return correlation", metrics.horizontalAdvance("correlation")),
             QString("Weight–\nreturn\ncorrelation"));
    QVERIFY(fitted("Correlation", metrics.horizontalAdvance("Correl")).endsWith("…"));
  }
};

QTEST_MAIN(FigureNamesTest)
#include "figure_names_test.moc"
