// SPDX-License-Identifier: GPL-3.0-or-later
// Figures on one page, drawn again from their files, and given other titles and limits.
#include <qcustomplot.h>

#include <QComboBox>
#include <QDialog>
#include <QImage>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include "core/base/canonical_path.h"
#include "core/base/files.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/export/export_figure.h"
#include "ui/export/figure_page.h"
#include "ui/plots/plots.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"

using namespace vaco;
using namespace vaco::ui;

class FigurePageTest : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }
  std::filesystem::path write(const char* name, double score) {
    if (!test::writeRun(path(name), test::tinyConfig("/data/hopper.hdf5"), {score, score + 10.0}))
      qFatal("no run");
    return canonical_path(path(name));
  }
  static FigureSpec specOf(FigureKind kind, const std::filesystem::path& run) {
    FigureSpec spec;
    spec.kind = kind;
    spec.runs = {run};
    spec.normalized = true;
    return spec;
  }
  static QByteArray bytes(const std::filesystem::path& file) {
    return QByteArray::fromStdString(read_text(file, 1u << 26).value());
  }

 private slots:
  void aPageHasItsPanelsSideBySide() {
    const auto first = write("one", 20.0), second = write("two", 60.0);
    FigurePage page;
    page.panels = {specOf(FigureKind::evaluationReturn, first), specOf(FigureKind::evaluationReturn, second),
                   specOf(FigureKind::scores, first)};
    page.columns = 2;
    page.widthMm = 180.0;
    const auto runs = readRuns({first, second}).value();
    QVERIFY(make_folder(path("out")).ok());
    for (const char* format : {"png", "pdf", "svg", "csv"}) {
      const auto done = exportPage(page, runs, path("out") / (std::string("page.") + format), format);
      QVERIFY2(done.ok(), done.ok() ? "" : done.error().message.c_str());
    }
    const QImage image(QString::fromStdString((path("out") / "page.png").string()));
    QCOMPARE(image.width(), qRound(180.0 / 25.4 * 300));
    // Two rows in the shape of the first panel, with a gap of 3 mm.
    QCOMPARE(image.height(), qRound((2 * 88.5 * 80.0 / 120.0 + 3.0) / 25.4 * 300));
    // Something is drawn in each of the three, and nothing where a fourth would be.
    const auto drawn = [&](int column, int row) {
      const QRect part(column * image.width() / 2 + 20, row * image.height() / 2 + 20, image.width() / 2 - 40,
                       image.height() / 2 - 40);
      for (int y = part.top(); y < part.bottom(); y += 3)
        for (int x = part.left(); x < part.right(); x += 3)
          if (image.pixelColor(x, y) != QColor(Qt::white)) return true;
      return false;
    };
    QVERIFY(drawn(0, 0) && drawn(1, 0) && drawn(0, 1));
    QVERIFY(!drawn(1, 1));
    const auto csv = bytes(path("out") / "page.csv");
    QVERIFY(csv.startsWith("a\n") && csv.contains("\nb\n") && csv.contains("\nc\n"));
    QVERIFY(*figurePageFromJson(*read_json(path("out") / "page.figure.json")) == page);
    QVERIFY(!figurePageFromJson(Json{{"columns", 0}, {"panels", Json::array({toJson(page.panels[0])})}}).ok());
    QVERIFY(!figurePageFromJson(Json{{"columns", 2}}).ok());
  }

  void storedFiguresAreDrawnAgainAsTheyWere() {
    const auto run = write("again", 30.0);
    auto spec = specOf(FigureKind::evaluationReturn, run);
    spec.labels["title"] = "My title";
    spec.x = AxisLimits{0.0, 150.0};
    const auto figures = run / "figures";
    QVERIFY(make_folder(figures).ok());
    const auto runs = readRuns({run}).value();
    QVERIFY(exportFigure(spec, runs, figures / "mine.png", "png").ok());
    const QStringList arguments{QString::fromStdString((figures / "mine.figure.json").string()), "--out",
                                folder_.filePath("redrawn"), "--format", "png"};
    QCOMPARE(runExportCommand(QStringList{"--export-figures"} + arguments), 0);
    QCOMPARE(bytes(path("redrawn") / "mine.png"), bytes(figures / "mine.png"));
    // The folder was moved: the runs are found from where the file is now.
    std::filesystem::rename(run, path("moved"));
    const QStringList moved{folder_.filePath("moved/figures/mine.figure.json"),
                            "--out",
                            folder_.filePath("third"),
                            "--format",
                            "png,csv",
                            "--page",
                            "1"};
    QVERIFY(runExportCommand(QStringList{"--export-figures"} + moved) != 0);  // it is called otherwise now
    std::filesystem::rename(path("moved"), path("elsewhere"));
    QVERIFY(make_folder(path("place")).ok());
    std::filesystem::rename(path("elsewhere"), path("place") / "again");
    const QStringList found{folder_.filePath("place/again/figures/mine.figure.json"),
                            "--out",
                            folder_.filePath("third"),
                            "--format",
                            "png,csv",
                            "--page",
                            "1"};
    QCOMPARE(runExportCommand(QStringList{"--export-figures"} + found), 0);
    QVERIFY(QFile::exists(folder_.filePath("third/page.png")));
  }

  void titleAndLimitsAreWrittenInThePlotAndUndone() {
    const auto run = write("look", 30.0);
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("none"), .remember = false});
    window.resize(1280, 800);
    window.show();
    window.openRun(run);
    auto* plot = window.findChild<ReturnPlot*>();
    QTRY_VERIFY_WITH_TIMEOUT(!plot->figure().empty(), 20000);
    plot->editLook();
    auto* dialog = plot->findChild<QDialog*>("lookDialog");
    QVERIFY(dialog);
    const auto write_in = [&](const char* name, const QString& text) {
      auto* edit = dialog->findChild<QLineEdit*>(name);
      edit->setText(text);
      emit edit->editingFinished();
    };
    write_in("lookTitle", "A better title");
    QCOMPARE(plot->spec().labels.at("title"), std::string("A better title"));
    write_in("lookLimit0", "50");
    QVERIFY(!plot->spec().x);  // half a pair is no limit
    dialog->findChild<QLineEdit*>("lookLimit0")->setText("50");
    write_in("lookLimit1", "150");
    QVERIFY(plot->spec().x && plot->spec().x->low == 50.0 && plot->spec().x->high == 150.0);
    auto* fonts = dialog->findChild<QComboBox*>("lookFont");
    fonts->setCurrentIndex(fonts->findData("serif"));
    emit fonts->activated(fonts->currentIndex());
    QCOMPARE(plot->spec().font, std::string("serif"));
    QTRY_COMPARE(plot->canvas().xAxis->labelFont().families().front(), QString("Nimbus Roman"));
    auto* undo = window.model().undoStack();
    undo->undo();
    QCOMPARE(plot->spec().font, std::string());
    QCOMPARE(fonts->currentIndex(), 0);
    QTRY_COMPARE(plot->canvas().xAxis->labelFont(), plot->theme().font);
    undo->undo();
    QVERIFY(!plot->spec().x);
    undo->undo();
    QVERIFY(!plot->spec().labels.contains("title"));
    undo->redo();
    QCOMPARE(plot->spec().labels.at("title"), std::string("A better title"));
    QCOMPARE(dialog->findChild<QLineEdit*>("lookTitle")->text(), QString("A better title"));
  }
};

QTEST_MAIN(FigurePageTest)
#include "figure_page_test.moc"
