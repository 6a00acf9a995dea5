// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

#include "tests/ui/tiny_data.h"
#include "ui/shell/tour.h"

using namespace vaco::ui;

/// The tour reaches every state and its pictures show something.
class TourTest : public QObject {
  Q_OBJECT

 private slots:
  void picturesOfEveryState() {
    QTemporaryDir folder;
    qputenv("VACO_HOME", folder.filePath("home").toUtf8());
    const auto dataset = folder.filePath("hopper_tiny-v2.hdf5");
    const auto written = test::writeTinyDataset(dataset.toStdString());
    QVERIFY2(written.ok(), written.ok() ? "" : written.error().message.c_str());
    WindowOptions options;
    options.theme = "light";
    options.dataset = dataset;
    QCOMPARE(runTour(folder.filePath("tour"), "1280x800", options), 0);
    const auto pictures = QDir(folder.filePath("tour")).entryInfoList({"*.png"}, QDir::Files, QDir::Name);
    QCOMPARE(pictures.size(), 21);
    for (const auto& info : pictures) {
      const QImage image(info.filePath());
      QVERIFY2(!image.isNull(), qPrintable(info.fileName()));
      QVERIFY2(
          image.width() >= 300 && image.height() >= 180,
          qPrintable(QString("%1 is %2 x %3").arg(info.fileName()).arg(image.width()).arg(image.height())));
      QSet<QRgb> colors;
      for (int y = 0; y < image.height(); y += 2)
        for (int x = 0; x < image.width(); x += 2) colors.insert(image.pixel(x, y));
      QVERIFY2(colors.size() > 40,
               qPrintable(QString("%1 has %2 colors").arg(info.fileName()).arg(colors.size())));
    }
    // What the states show differs.
    const QImage light(folder.filePath("tour/07_finished.png")),
        dark(folder.filePath("tour/14_watch_other_theme.png"));
    QVERIFY(qGray(light.pixel(3, light.height() - 3)) > 150);
    QVERIFY(qGray(dark.pixel(3, dark.height() - 3)) < 100);
    QVERIFY(QDir(folder.filePath("tour/figures")).entryList({"*.pdf"}).size() >= 4);
    QVERIFY(QImage(folder.filePath("tour/figures/state.png")).width() >= 640);
  }

  void itSaysWhatItWaitedForInVain() {
    QTemporaryDir folder;
    qputenv("VACO_HOME", folder.filePath("home").toUtf8());
    WindowOptions options;
    options.theme = "light";
    options.dataset = folder.filePath("nothing.hdf5");
    const auto words = folder.filePath("words").toStdString();
    std::fflush(stderr);
    const int before = ::dup(STDERR_FILENO);
    const int file = ::open(words.c_str(), O_CREAT | O_WRONLY, 0600);
    ::dup2(file, STDERR_FILENO);
    const int code = runTour(folder.filePath("tour"), "1280x800", options, 1500);
    std::fflush(stderr);
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    ::close(file);
    QCOMPARE(code, 1);
    QFile read(QString::fromStdString(words));
    QVERIFY(read.open(QFile::ReadOnly));
    const auto said = QString::fromUtf8(read.readAll());
    QVERIFY2(said.contains("gave up at 02_dataset: nothing has moved for 1 s") && said.contains("nothing.hdf5"),
             qPrintable(said));
    QVERIFY(QFile::exists(folder.filePath("tour/02_dataset.png")));
  }
};

QTEST_MAIN(TourTest)
#include "tour_test.moc"
