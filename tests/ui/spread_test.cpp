// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn around a mean over runs.
#include "ui/figures/spread.h"

#include <QTest>
#include <cmath>

using namespace vaco;
using namespace vaco::ui;

class SpreadTest : public QObject {
  Q_OBJECT

 private slots:
  void bandsAreTheStatisticsTheyAreNamedFor() {
    const std::vector<double> values{1.0, 2.0, 6.0, std::nan("")};
    const double deviation = std::sqrt(7.0);  // of 1, 2, 6 about 3, with n − 1
    const Band std = bandOf(values, Spread::deviation);
    QCOMPARE(std.count, size_t{3});
    QCOMPARE(std.mean, 3.0);
    QVERIFY(std::abs(std.high - 3.0 - deviation) < 1e-12 && std::abs(3.0 - std.low - deviation) < 1e-12);
    const Band error = bandOf(values, Spread::standardError);
    QVERIFY(std::abs(error.high - 3.0 - deviation / std::sqrt(3.0)) < 1e-12);
    const Band range = bandOf(values, Spread::range);
    QCOMPARE(range.low, 1.0);
    QCOMPARE(range.high, 6.0);
    const Band bootstrap = bandOf(values, Spread::bootstrap);
    QVERIFY(bootstrap.low >= 1.0 && bootstrap.low < 3.0 && bootstrap.high > 3.0 && bootstrap.high <= 6.0);
    const Band single = bandOf(std::vector<double>{4.0}, Spread::deviation);
    QVERIFY(single.low == 4.0 && single.high == 4.0 && single.count == 1);
    QCOMPARE(bandOf(std::vector<double>{}, Spread::range).count, size_t{0});
    // Brackets are for intervals only.
    QCOMPARE(bandText(std, Spread::deviation, true), QString("3.0 ± 2.6 (std, n = 3)"));
    QCOMPARE(bandText(range, Spread::range, true), QString("3.0 (1.0 to 6.0, n = 3)"));
    QVERIFY(bandText(bootstrap, Spread::bootstrap, true).contains("] (95 %, n = 3)"));
    QCOMPARE(bandText(single, Spread::deviation, true), QString("4.0"));
  }
};

QTEST_MAIN(SpreadTest)
#include "spread_test.moc"
