// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of several runs on the command line: each run has its own snapshots, fonts are kept, and small panels
// of a page stay readable.
#include <qcustomplot.h>

#include <QDir>
#include <QImage>
#include <QListWidget>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/records/run_marks.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/export/export_all_dialog.h"
#include "ui/export/export_figure.h"
#include "ui/export/figure_page.h"
#include "ui/figures/weight_figures.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

RunRecord weighed(const std::string& folder, uint64_t seed) {
  RunRecord run;
  run.folder = folder;
  run.config = test::tinyConfig("/data/hopper.hdf5");
  run.config.seed = seed;
  WeightReport report;
  report.step = 600;
  report.sources = {"good"};
  report.histograms = {Histogram{linear_edges(0.0, 1.0, 4), {1, 2, 3, 4}, 0}};
  report.source_mean_weight = {0.5};
  report.trajectory_return = {1.0, 2.0 + static_cast<double>(seed)};
  report.trajectory_weight = {0.25, 0.75};
  report.trajectory_source = {0, 0};
  run.weights = {report};
  return run;
}

std::vector<std::string> namesOf(const std::vector<FigureVariant>& figures, FigureKind kind) {
  std::vector<std::string> names;
  for (const auto& figure : figures)
    if (figure.spec.kind == kind) names.push_back(figure.name);
  return names;
}

}  // namespace

class ExportRunsTest : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString path(const QString& name) const { return folder_.filePath(name); }
  std::string text(const QString& name) const { return read_text(path(name).toStdString(), 1u << 26).value(); }
  void command(const QStringList& arguments) {
    QCOMPARE(runExportCommand(QStringList{"--export-figures"} + arguments), 0);
  }

 private slots:
  void runsAreNamedByTheUserOrByWhatDiffers() {
    std::vector<RunRecord> runs{weighed(path("a").toStdString(), 0), weighed(path("b").toStdString(), 0)};
    QVERIFY(QDir().mkpath(path("a")) && QDir().mkpath(path("b")));
    QVERIFY(set_param(runs[1].config, "value_steps", "77", Origin::run).ok());
    auto names = namesOf(allFigures(runs), FigureKind::weightReturn);
    QCOMPARE(names.size(), 2u);
    QVERIFY2(QString::fromStdString(names[1]).contains("value_steps_77"), names[1].c_str());
    RunMarks marks;
    marks.name = "The good one";
    QVERIFY(write_marks(runs[0].folder, marks).ok());
    names = namesOf(allFigures(runs), FigureKind::weightReturn);
    QCOMPARE(names[0], std::string("weight_return_the_good_one"));
  }

  void everyRunHasItsScatterAndHistogram() {
    const std::vector<RunRecord> runs{weighed("/runs/a", 0), weighed("/runs/b", 7)};
    const auto figures = allFigures(runs);
    QCOMPARE(namesOf(figures, FigureKind::weightReturn),
             (std::vector<std::string>{"weight_return_vaco_seed_0", "weight_return_vaco_seed_7"}));
    QCOMPARE(namesOf(figures, FigureKind::weightHistogram),
             (std::vector<std::string>{"weight_histogram_vaco_seed_0", "weight_histogram_vaco_seed_7"}));
    // One run keeps the plain name.
    QCOMPARE(namesOf(allFigures({runs[0]}), FigureKind::weightReturn),
             (std::vector<std::string>{"weight_return"}));
    FigureExport all(runs, path("two").toStdString(), {"csv"}, figures);
    while (const auto next = all.drawNext().value()) QVERIFY(next->write().ok());
    // Each has the numbers of its run.
    QVERIFY(text("two/weight_return_vaco_seed_0.csv").find(",2,") != std::string::npos);
    QVERIFY(text("two/weight_return_vaco_seed_7.csv").find(",9,") != std::string::npos);
    // The list of the window tells them apart.
    ExportAllDialog dialog(figures, path("two").toStdString(), nullptr);
    const auto* list = dialog.findChild<QListWidget*>("exportedFigures");
    QStringList titles;
    for (int i = 0; i < list->count(); ++i) titles << list->item(i)->text();
    QCOMPARE(titles.filter("seed 7").size(), 2);
    QCOMPARE(titles.removeDuplicates(), 0);
  }

  void fontsAreAsTheCommandAndTheFileSay() {
    QVERIFY(test::writeRun(path("run").toStdString(), test::tinyConfig("/data/hopper.hdf5"), {20.0, 40.0}));
    // Of every text that is drawn, the last family, which every machine has.
    const auto families = [&](const QString& file) {
      QSet<QString> found;
      const QRegularExpression words("<text[^>]*font-family=\"([^\"]*)\"");
      for (auto at = words.globalMatch(QString::fromStdString(text(file))); at.hasNext();)
        found << at.next().captured(1).section(", ", -1);
      return found;
    };
    command({path("run"), "--out", path("sans"), "--format", "svg"});
    command({path("run"), "--out", path("serif"), "--format", "svg", "--font", "serif"});
    QCOMPARE(families("sans/evaluation_return.svg"), QSet<QString>{"sans-serif"});
    QCOMPARE(families("serif/evaluation_return.svg"), QSet<QString>{"serif"});
    // The stored figure keeps it when it is drawn again.
    QVERIFY(text("serif/evaluation_return.figure.json").find("\"serif\"") != std::string::npos);
    command({path("serif/evaluation_return.figure.json"), "--out", path("again"), "--format", "svg"});
    QCOMPARE(text("again/evaluation_return.svg"), text("serif/evaluation_return.svg"));
  }

  void smallPanelsKeepTheirAxes() {
    // What stands above the axes leaves them at least a third of a panel of three in a row.
    auto run = weighed("/runs/a", 0);
    run.weights[0].sources = {"random", "medium", "expert"};
    FigureSpec spec;
    spec.kind = FigureKind::weightReturn;
    spec.runs = {run.folder};
    FigurePage page{.panels = {spec, spec, spec}, .columns = 3};
    QVERIFY(make_folder(path("page").toStdString()).ok());
    const auto file = path("page/three.png");
    QVERIFY(exportPage(page, {run}, file.toStdString(), "png").ok());
    const QImage image(file);
    // The left axis is the longest dark line of its column of pixels.
    int longest = 0;
    for (int x = 0; x < image.width() / 3; ++x) {
      int length = 0;
      for (int y = 0; y < image.height(); ++y) {
        length = qGray(image.pixel(x, y)) < 140 ? length + 1 : 0;
        longest = std::max(longest, length);
      }
    }
    QVERIFY2(longest > image.height() / 3, qPrintable(QString("%1 of %2").arg(longest).arg(image.height())));
  }
};

QTEST_MAIN(ExportRunsTest)
#include "export_runs_test.moc"
