// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a report: numbers, places, and that they can be written.
#include "ui/figures/report_figures.h"

#include <qcustomplot.h>

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <set>

#include "ui/export/export_report.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

ReportRun run(const std::string& dataset, const std::string& label, uint64_t seed, double last, double best) {
  ReportRun one;
  one.folder = "runs/" + dataset + label + std::to_string(seed);
  one.dataset = dataset;
  one.label = label;
  one.config.seed = seed;
  one.status = "finished";
  one.counted = one.normalized = true;
  one.last = last;
  one.best = best;
  return one;
}

/// Two datasets, two algorithms; the second algorithm has one run on the second dataset.
Report report() {
  Report all;
  all.datasets = {"hopper-mixed", "walker2d-medium-replay"};
  all.labels = {"BC", "VACO"};
  all.runs = {run("hopper-mixed", "BC", 0, 10, 15),
              run("hopper-mixed", "BC", 1, 30, 35),
              run("hopper-mixed", "VACO", 0, 80, 90),
              run("hopper-mixed", "VACO", 1, 100, 110),
              run("walker2d-medium-replay", "BC", 0, -5, 0),
              run("walker2d-medium-replay", "BC", 1, 5, 6),
              run("walker2d-medium-replay", "VACO", 0, 50, 51)};
  return all;
}

const std::vector<FigureCell>* rowOf(const FigureTable& table, const std::string& dataset,
                                     const std::string& label, const std::string& what) {
  for (const auto& row : table.rows)
    if (cellText(row[0]) == dataset && cellText(row[1]) == label && cellText(row[2]).starts_with(what))
      return &row;
  return nullptr;
}

}  // namespace

class ReportFiguresTest : public QObject {
  Q_OBJECT

 private slots:
  void barsShowMeansSpreadsAndSeeds() {
    const ReportBarsFigure bars(report(), ScoreKind::last);
    const FigureTable table = bars.table({});
    const auto* mean = rowOf(table, "hopper-mixed", "BC", "mean");
    QVERIFY(mean);
    QCOMPARE(std::get<double>((*mean)[3]), 20.0);
    QVERIFY(std::abs(std::get<double>((*mean)[5]) - (20.0 + std::sqrt(200.0))) < 1e-12);
    QVERIFY(rowOf(table, "walker2d-medium-replay", "VACO", "run"));
    // Behind them the mean of the datasets' means: (20 + 0) / 2 and (90 + 50) / 2.
    QCOMPARE(std::get<double>((*rowOf(table, "mean of 2", "BC", "mean"))[3]), 10.0);
    QCOMPARE(std::get<double>((*rowOf(table, "mean of 2", "VACO", "mean"))[3]), 70.0);
    const FigureTable best = ReportBarsFigure(report(), ScoreKind::best).table({});
    QCOMPARE(std::get<double>((*rowOf(best, "mean of 2", "VACO", "mean"))[3]), 75.5);
    QVERIFY(ReportBarsFigure().empty());
  }

  void barsStandOnZeroBesideTheNamesOfTheirData() {
    const ReportBarsFigure bars(report());
    QCustomPlot plot;
    plot.setViewport(QRect(0, 0, 500, 300));
    FigureSpec spec;
    spec.kind = FigureKind::scores;
    renderFigure(plot, bars, spec, paperTheme());
    QVERIFY(plot.xAxis->range().lower < -5.0);
    QVERIFY(plot.xAxis->range().upper > 90.0 + std::sqrt(200.0));
    const auto ticker = plot.yAxis->ticker().dynamicCast<QCPAxisTickerText>();
    QVERIFY(ticker);
    QCOMPARE(ticker->ticks().value(2.0), QString("hopper-mixed"));
    QCOMPARE(ticker->ticks().value(0.0), QString("mean of 2"));
    std::vector<double> lengths;
    for (int i = 0; i < plot.itemCount(); ++i)
      if (const auto* box = qobject_cast<QCPItemRect*>(plot.item(i))) {
        QVERIFY(box->topLeft->key() == 0.0 || box->bottomRight->key() == 0.0);
        lengths.push_back(box->topLeft->key() + box->bottomRight->key());
      }
    QCOMPARE(lengths, (std::vector<double>{20, 90, 0, 50, 10, 70}));
    // VACO's bar lies below BC's.
    QVERIFY(bars.readOut(spec, 0.0, 1.8).startsWith("hopper-mixed, VACO: 90.0"));
    QVERIFY(bars.readOut(spec, 0.0, 2.2).startsWith("hopper-mixed, BC: 20.0"));
  }

  void profilesAreSharesOfRuns() {
    const ReportProfileFigure profile(report());
    const FigureTable table = profile.table({});
    QVERIFY(!table.rows.empty());
    for (const auto& row : table.rows) {
      const double threshold = std::get<double>(row[1]), share = std::get<double>(row[2]);
      const bool vaco = cellText(row[0]) == "VACO";
      const double expected =
          vaco ? ((threshold < 80) + (threshold < 100)) / 4.0 + (threshold < 50) / 2.0
               : ((threshold < 10) + (threshold < 30)) / 4.0 + ((threshold < -5) + (threshold < 5)) / 4.0;
      QVERIFY2(std::abs(share - expected) < 1e-12, qPrintable(QString::number(threshold)));
      QVERIFY(std::get<double>(row[3]) <= share && std::get<double>(row[4]) >= share);
    }
  }

  void spreadsAreNamedAndPointsStayOnTheirBars() {
    const ReportBarsFigure bars(report());
    QCustomPlot plot;
    plot.setViewport(QRect(0, 0, 700, 400));
    FigureSpec spec;
    renderFigure(plot, bars, spec, paperTheme());
    const auto* title = qobject_cast<QCPTextElement*>(plot.plotLayout()->element(0, 0));
    QVERIFY(title && title->text().contains("± std") && title->text().contains("95 % bootstrap interval"));
    QVERIFY(bars.readOut(spec, 0.0, 1.8).contains("90.0 ± 14.1 (std, n = 2)"));
    std::vector<std::pair<double, double>> rows;
    for (int i = 0; i < plot.itemCount(); ++i)
      if (const auto* box = qobject_cast<QCPItemRect*>(plot.item(i)))
        rows.emplace_back(box->bottomRight->value(), box->topLeft->value());
    int points = 0;
    for (int g = 0; g < plot.graphCount(); ++g)
      for (const QCPGraphData& point : *plot.graph(g)->data()) {
        QVERIFY(std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
          return point.value > row.first && point.value < row.second;
        }));
        ++points;
      }
    QCOMPARE(points, 7);
  }

  void profilesAreStepsAtTheScores() {
    const ReportProfileFigure profile(report());
    QCustomPlot plot;
    plot.setViewport(QRect(0, 0, 700, 400));
    renderFigure(plot, profile, {}, paperTheme());
    for (int g = 0; g < plot.graphCount(); ++g) QCOMPARE(plot.graph(g)->lineStyle(), QCPGraph::lsStepLeft);
    std::set<double> thresholds;
    for (const auto& row : profile.table({}).rows) thresholds.insert(std::get<double>(row[1]));
    QCOMPARE(thresholds, (std::set<double>{-6, -5, 5, 10, 30, 50, 80, 100}));
  }

  void everyFormatIsWritten() {
    QTemporaryDir folder;
    Report all = report();
    const auto written = exportReportFigures(all, folder.path().toStdString(), {"pdf", "svg", "png", "csv"});
    QVERIFY2(written.ok(), written.ok() ? "" : written.error().message.c_str());
    QCOMPARE(written->size(), size_t{12});
    for (const auto& path : *written) QVERIFY(std::filesystem::file_size(path) > 100);
    const auto spec = read_json(folder.path().toStdString() + "/scores_last.figure.json");
    QVERIFY(spec.ok());
    const auto parsed = figureSpecFromJson(*spec);
    QVERIFY(parsed.ok());
    QCOMPARE(parsed->runs.size(), all.runs.size());
    all.runs.clear();
    QVERIFY(!exportReportFigures(all, folder.path().toStdString(), {"png"}).ok());
  }

  void commandRefusesNonsense() {
    QCOMPARE(runReportFiguresCommand({"--report-figures"}), 2);
    QCOMPARE(runReportFiguresCommand({"--report-figures", "runs"}), 2);
    QCOMPARE(runReportFiguresCommand({"--report-figures", "runs", "--out", "o", "--format", "gif"}), 2);
    QCOMPARE(runReportFiguresCommand({"--report-figures", "runs", "--out", "o", "--format", ","}), 2);
    QCOMPARE(runReportFiguresCommand({"--report-figures", "no such runs", "--out", "o"}), 3);
    QVERIFY(!std::filesystem::exists("o"));
  }

  void weightFiguresNameThePlansLabelAndTheSeed() {
    QTemporaryDir folder;
    const std::filesystem::path root = folder.path().toStdString(), cell = root / "a cell";
    std::filesystem::create_directories(cell);
    RunConfig config = *make_config("vaco", "quick");
    config.seed = 7;
    QVERIFY(write_json(cell / "config.json", to_json(config)).ok());
    QVERIFY(write_json(cell / "manifest.json", {{"status", "finished"}}).ok());
    QVERIFY(write_json(root / "plan.json",
                       {{"cells", {{{"name", "a cell"}, {"dataset", "mixed"}, {"label", "Form A"}}}}})
                .ok());
    WeightReport weights;
    weights.pearson = {0.5, 0.4, 0.6};
    weights.sources = {"all"};
    weights.source_mean_weight = {0.5};
    weights.histograms = {{{0.0, 0.5, 1.0}, {3, 4}}};
    std::ofstream(cell / "weights.jsonl") << to_line(to_json(weights)) << "\n";
    const auto all = make_report({root});
    QVERIFY2(all.ok(), all.ok() ? "" : all.error().message.c_str());
    QVERIFY(exportReportFigures(*all, root / "figures", {"svg"}).ok());
    std::ifstream file(root / "figures/weight_histogram__mixed__Form-A.svg");
    const std::string svg{std::istreambuf_iterator<char>(file), {}};
    QVERIFY2(svg.find("Form A, seed 7") != std::string::npos, svg.substr(0, 2000).c_str());
  }
};

QTEST_MAIN(ReportFiguresTest)
#include "report_figures_test.moc"
