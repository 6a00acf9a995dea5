// SPDX-License-Identifier: GPL-3.0-or-later
// Exported figures: physical size, valid files, and numbers that are those of the run.
#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <fstream>
#include <sstream>

#include "ui/export/export_all_dialog.h"
#include "ui/export/export_choices.h"
#include "ui/export/export_figure.h"
#include "ui/figures/figure_table.h"
#include "ui/figures/plot_theme.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

RunRecord record() {
  RunRecord run;
  run.folder = "runs/one";
  run.config.algorithm = "vaco";
  run.config.environment = "hopper";
  for (int i = 1; i <= 6; ++i) {
    EvaluationDone done;
    done.result.step = 1000 * i;
    done.result.returns = {100.0 * i, 100.0 * i + 1.0 / 3.0};
    done.result.mean_return = 100.0 * i + 1.0 / 6.0;
    done.result.std_return = 0.1 * i;
    run.evaluations.push_back(done);
    run.metrics.push_back({100 * i, "value", {{"q_loss", 1.0 / (3.0 * i)}, {"q_mean", 2.0 * i}}});
  }
  return run;
}

std::string fileText(const QString& path) {
  std::ifstream in(path.toStdString(), std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

FigureSpec sized() {
  FigureSpec spec;
  spec.widthMm = 85.0;
  spec.heightMm = 60.0;
  spec.runs = {"runs/one"};
  return spec;
}

}  // namespace

class ExportFigureTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  QString write(const std::string& format, const FigureSpec& spec = sized()) {
    const QString path = folder_.filePath(QString::fromStdString("figure." + format));
    const auto done = exportFigure(spec, {record()}, path.toStdString(), format);
    return done.ok() ? path : QString();
  }

 private slots:
  void pdfHasThePhysicalSize() {
    const std::string text = fileText(write("pdf"));
    QVERIFY(text.starts_with("%PDF"));
    const QRegularExpression box(R"(/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\])");
    const auto match = box.match(QString::fromLatin1(text.data(), static_cast<int>(text.size())));
    QVERIFY(match.hasMatch());
    QVERIFY(std::abs(match.captured(1).toDouble() - 85.0 / 25.4 * 72.0) < 1.0);
    QVERIFY(std::abs(match.captured(2).toDouble() - 60.0 / 25.4 * 72.0) < 1.0);
  }

  void figuresAreTheSameInEveryLocale() {
    FigureSpec fractions = sized();  // with fractions on an axis, and with powers of ten
    fractions.y = AxisLimits{0.4675, 0.4851};
    FigureSpec powers = sized();
    powers.logarithmic = true;
    for (const auto& spec : {fractions, powers}) {
      QLocale::setDefault(QLocale::c());
      const std::string plain = fileText(write("svg", spec));
      QVERIFY(!plain.empty());
      for (const char* name : {"de_DE", "tr_TR", "fa_IR", "fr_FR"}) {
        QLocale::setDefault(QLocale(name));
        const std::string text = fileText(write("svg", spec));
        QLocale::setDefault(QLocale::c());
        QVERIFY2(text == plain, name);
      }
    }
  }

  void svgIsXmlInMillimetres() {
    const std::string text = fileText(write("svg"));
    QXmlStreamReader xml(QByteArray::fromStdString(text));
    double width = 0.0;
    QString words;
    while (!xml.atEnd()) {
      xml.readNext();
      if (xml.isStartElement() && xml.name() == u"svg") {
        const QString given = xml.attributes().value("width").toString();
        QVERIFY(given.endsWith("mm"));
        width = given.chopped(2).toDouble();
      }
      if (xml.isCharacters()) words += xml.text();
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY(std::abs(width - 85.0) < 0.3);
    QVERIFY(words.contains("Gradient steps"));
    QVERIFY(words.contains("VACO, seed 0"));
    QVERIFY(words.contains("± std over the episodes"));
    const QRegularExpression families("font-family=\"([^\"]*)\"");
    for (auto at = families.globalMatch(QString::fromStdString(text)); at.hasNext();)
      QVERIFY(at.next().captured(1).endsWith(", sans-serif"));
    QVERIFY(words.contains("Evaluation return"));
  }

  void pngHasThePixelsAndIsLight() {
    const QImage image(write("png"));
    QCOMPARE(image.size(), QSize(qRound(85.0 / 25.4 * 300), qRound(60.0 / 25.4 * 300)));
    QCOMPARE(image.dotsPerMeterX(), qRound(300 / 0.0254));
    QCOMPARE(image.pixelColor(1, 1), QColor(Qt::white));
    int blue = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) blue += image.pixelColor(x, y) == QColor("#0072b2");
    QVERIFY(blue > 200);
    // Nothing is cut off: the outermost pixels are paper.
    for (int x = 0; x < image.width(); ++x) {
      QCOMPARE(image.pixelColor(x, 0), QColor(Qt::white));
      QCOMPARE(image.pixelColor(x, image.height() - 1), QColor(Qt::white));
    }
    for (int y = 0; y < image.height(); ++y) {
      QCOMPARE(image.pixelColor(0, y), QColor(Qt::white));
      QCOMPARE(image.pixelColor(image.width() - 1, y), QColor(Qt::white));
    }
  }

  void csvIsWhatIsDrawn() {
    FigureSpec spec = sized();
    spec.x = AxisLimits{1500.0, 4500.0};
    std::istringstream in(fileText(write("csv", spec)));
    std::string line;
    std::getline(in, line);
    QCOMPARE(line, std::string("run,step,episodes,return_mean,return_std,best"));
    for (int i = 2; i <= 4; ++i) {
      QVERIFY(std::getline(in, line));
      const QString name = "\"VACO, seed 0\",", text = QString::fromStdString(line);
      QVERIFY(text.startsWith(name));
      const QStringList cells = text.mid(name.size()).split(',');
      QCOMPARE(cells[0].toInt(), 1000 * i);
      QCOMPARE(cells[2].toDouble(), 100.0 * i + 1.0 / 6.0);
      QCOMPARE(cells[3].toDouble(), 0.1 * i);
    }
    QVERIFY(!std::getline(in, line));
  }

  void specStandsBesideAndReadsBack() {
    FigureSpec spec = sized();
    spec.labels["title"] = "Hopper, mixed";
    spec.y = AxisLimits{0.0, 700.0};
    spec.fontPt = 9.5;
    spec.font = "serif";
    QVERIFY(!write("svg", spec).isEmpty());
    const auto json = read_json(folder_.filePath("figure.figure.json").toStdString());
    QVERIFY(json.ok());
    const auto back = figureSpecFromJson(*json);
    QVERIFY(back.ok());
    QVERIFY(*back == spec);
    QCOMPARE(toJson(*back).dump(), toJson(spec).dump());
    QVERIFY(!figureSpecFromJson(Json{{"kind", "pie"}}).ok());
    QVERIFY(!figureSpecFromJson(Json{{"width_mm", 1e9}}).ok());
    QVERIFY(!figureSpecFromJson(Json{{"x", {3, 1}}}).ok());
    QVERIFY(!figureSpecFromJson(Json{{"font", 3}}).ok());
    QVERIFY(!figureSpecFromJson(Json{{"font", "a\" b"}}).ok());
    QVERIFY(!figureSpecFromJson(Json{{"smoothing", 1.0}}).ok());
  }

  void theFontIsTheOneThatIsAskedFor() {
    const auto families = [&](const char* font) {
      FigureSpec spec = sized();
      spec.font = font;
      return QString::fromStdString(fileText(write("svg", spec)));
    };
    QVERIFY(families("serif").contains("Nimbus Roman"));
    QVERIFY(!families("sans").contains("Nimbus Roman"));
    QCOMPARE(families("sans"), families(""));
    QVERIFY(families("Vaco Hand").contains("Vaco Hand"));
    const auto first = [](const char* font) { return withFont(paperTheme(), font).font.families().front(); };
    QCOMPARE(first("Vaco Hand"), QString("Vaco Hand"));
    QCOMPARE(first("serif"), QString("Nimbus Roman"));
    QCOMPARE(withFont(lightTheme(), "").font, lightTheme().font);
  }

  void allFiguresAreThoseWithData() {
    std::vector<std::string> names;
    for (const auto& figure : allFigures({record()})) names.push_back(figure.name);
    QCOMPARE(names, (std::vector<std::string>{"evaluation_return", "losses", "metric_q_mean"}));
    FigureSpec none = sized();
    none.kind = FigureKind::correlation;
    const auto refused = exportFigure(none, {record()}, folder_.filePath("none.pdf").toStdString(), "pdf");
    QVERIFY(!refused.ok());
    QVERIFY(!QFile::exists(folder_.filePath("none.pdf")));
    QVERIFY(!exportFigure(sized(), {record()}, folder_.filePath("none.gif").toStdString(), "gif").ok());
  }

  void commandRefusesNonsense() {
    QCOMPARE(runExportCommand({"--export-figures"}), 2);
    QCOMPARE(runExportCommand({"--export-figures", "run"}), 2);
    QCOMPARE(runExportCommand({"--export-figures", "run", "--out", folder_.path(), "--format", "gif"}), 2);
    QCOMPARE(runExportCommand({"--export-figures", "run", "--out", folder_.path(), "--width-mm", "wide"}), 2);
    QVERIFY(runExportCommand({"--export-figures", folder_.filePath("no-run"), "--out", folder_.path()}) != 0);
  }

  void textsAreQuotedAndNumbersExact() {
    FigureTable table{{"a", "b"}, {{std::string("x, \"y\""), 0.1 + 0.2}, {std::string("t\tt"), int64_t{5}}}};
    QCOMPARE(toCsv(table), std::string("a,b\n\"x, \"\"y\"\"\",0.30000000000000004\nt\tt,5\n"));
    QCOMPARE(toTsv(table), std::string("a\tb\nx, \"y\"\t0.30000000000000004\nt t\t5\n"));
    QCOMPARE(cellText(std::nan("")), std::string("nan"));
  }

  void figuresFormatsAndSizeAreChosenAndRemembered() {
    exportChoices() = {};
    const auto figures = allFigures({record()});
    QVERIFY(figures.size() > 2);
    {
      ExportAllDialog dialog(figures, folder_.path().toStdString(), nullptr);
      dialog.show();
      auto* list = dialog.findChild<QListWidget*>("exportedFigures");
      QCOMPARE(list->count(), static_cast<int>(figures.size()));
      list->setFocus();
      QTest::keyClick(list, Qt::Key_Space);  // without the mouse
      dialog.findChild<QCheckBox*>("format.csv")->setChecked(false);
      auto* column = dialog.findChildren<QComboBox*>().first();
      column->setCurrentIndex(0);
      emit column->activated(0);
      QCOMPARE(dialog.figures().size(), figures.size() - 1);
      QCOMPARE(dialog.figures().front().spec.widthMm, 85.0);
      QVERIFY(std::abs(dialog.figures().front().spec.heightMm - 85.0 * 80.0 / 120.0) < 0.1);
      QCOMPARE(dialog.formats(), (std::vector<std::string>{"pdf", "svg", "png"}));
      QCOMPARE(dialog.findChild<QLabel*>("exportCount")->text(), QString("%1 of %2 figures, %3 files")
                                                                     .arg(figures.size() - 1)
                                                                     .arg(figures.size())
                                                                     .arg(3 * (figures.size() - 1)));
      dialog.accept();
    }
    // As the window stores it.
    exportChoices() = exportChoicesFromJson(toJson(exportChoices()));
    ExportAllDialog again(figures, folder_.path().toStdString(), nullptr);
    QCOMPARE(again.figures().size(), figures.size() - 1);
    QCOMPARE(again.figures().front().spec.widthMm, 85.0);
    QCOMPARE(again.formats().size(), size_t{3});
    QCOMPARE(exportChoicesFromJson(Json{{"formats", {"bmp"}}}).formats, exportFormats());
  }
};

QTEST_MAIN(ExportFigureTest)
#include "export_figure_test.moc"
