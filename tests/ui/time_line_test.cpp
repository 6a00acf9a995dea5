// SPDX-License-Identifier: GPL-3.0-or-later
// The time line by itself: its words are its legend, its labels are whole, and it complains of nothing while it
// has no room.
#include <qcustomplot.h>

#include <QLabel>
#include <QTest>
#include <QVBoxLayout>

#include "ui/explain/time_line_plot.h"

using namespace vaco::ui;

namespace {

QStringList complaints;

void keepComplaint(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type != QtDebugMsg && !text.contains("propagateSizeHints")) complaints << text;
}

std::vector<TimeLinePlot::Track> tracks() {
  const QVector<double> x{0, 1, 2, 3}, y{1, 2, 1, 3};
  return {{"Weight", {{"mean weight", x, y, 0, false}, {"of all", x, y, 1, true}}},
          {"Q, V", {{"Q", x, y, 0, false}, {"V", x, y, 1, false}}},
          {"Q − V", {{"advantage", x, y, 0, false}}},
          {"c", {{"alignment c", x, y, 0, false}}}};
}

}  // namespace

class TimeLineTest : public QObject {
  Q_OBJECT

 private slots:
  void theWordsAreTheLegend() {
    TimeLinePlot line("Training step");
    line.setTracks(tracks());
    const auto* said = line.findChild<QLabel*>();
    const auto html = said->text();
    QCOMPARE(line.readOut(), QString("Training step 0,  mean weight 1,  of all 1,  Q 1,  V 1,  advantage 1,  "
                                     "alignment c 1"));
    QCOMPARE(line.accessibleDescription(), line.readOut());
    // A sample in its color before each curve that is not alone, and dashes where the curve has them.
    QCOMPARE(html.count("<b style"), 4);
    QVERIFY(html.contains("—</b>&nbsp;Q&nbsp;1") && html.contains("—</b>&nbsp;V&nbsp;1") &&
            html.contains("╌╌</b>&nbsp;of&nbsp;all&nbsp;1"));
    QVERIFY(html.section("<b style", 3, 3).left(20) != html.section("<b style", 4, 4).left(20));
    QVERIFY(!html.section("advantage", 0, 0).endsWith("</b>&nbsp;"));
  }

  void labelsOfLowTracksAreWhole() {
    TimeLinePlot line("Training step");
    line.resize(430, 210);
    line.show();
    line.setTracks(tracks());
    QTest::qWait(50);
    auto& plot = line.canvas();
    int end = 0;
    for (int i = 0; i < plot.axisRectCount(); ++i) {
      auto& rect = *plot.axisRect(i);
      const auto label = rect.axis(QCPAxis::atLeft)->label();
      QCOMPARE(label, tracks()[static_cast<size_t>(i)].label);
      const int half = QFontMetrics(rect.axis(QCPAxis::atLeft)->labelFont()).horizontalAdvance(label) / 2;
      QVERIFY2(rect.rect().center().y() - half >= end, qPrintable(label));
      end = rect.rect().center().y() + half;
    }
  }

  void aPanelWithoutRoomComplainsOfNothing() {
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    auto* line = new TimeLinePlot("Time step");
    line->setMinimumHeight(0);
    column->addWidget(line);
    window.resize(300, 200);
    window.show();
    complaints.clear();
    const auto before = qInstallMessageHandler(keepComplaint);
    for (const int height : {0, 100, 0}) {
      line->setFixedHeight(height);
      line->setTracks(tracks());
      line->setCursor(2.0);
      QTest::qWait(30);
    }
    qInstallMessageHandler(before);
    QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join('\n')));
  }
};

QTEST_MAIN(TimeLineTest)
#include "time_line_test.moc"
