// SPDX-License-Identifier: GPL-3.0-or-later
// What is easily lost: cut texts say so, rows of controls keep their gaps, words over a picture wrap, and ticks
// are seen in every theme.
#include <QAbstractButton>
#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "ui/rollout/rollout_overlay.h"
#include "ui/setup/config_model.h"
#include "ui/setup/param_form.h"
#include "ui/setup/param_row.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/quiet_combo.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

using namespace vaco;
using namespace vaco::ui;

namespace {

constexpr int kLeastGap = 2;  ///< a row takes over none from a column without gaps
const QString kLong = "Normalized score of the last policy over all seeds";

QImage pictured(QWidget& widget, int width) {
  widget.resize(width, 30);
  return widget.grab().toImage();
}

double luminance(const QColor& color) {
  const auto linear = [](double part) {
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}
double contrast(const QColor& a, const QColor& b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

/// The right end and the lower end of what is drawn.
QPoint endOf(const QImage& image, const QColor& paper) {
  QPoint end;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y) != paper) end = {std::max(end.x(), x), std::max(end.y(), y)};
  return end;
}

}  // namespace

class DetailsTest : public QObject {
  Q_OBJECT

 private slots:
  void cutTextsEndInAnEllipsis() {
    constexpr int kWidth = 90;
    ElidedLabel label;
    label.setText(kLong);
    const auto cut = pictured(label, kWidth);
    const auto words = label.fontMetrics().elidedText(kLong, Qt::ElideRight, label.contentsRect().width());
    QVERIFY(words.endsWith("…"));
    QLabel plain(words);
    plain.setFixedHeight(30);
    QCOMPARE(cut, pictured(plain, kWidth));

    QuietCombo combo;
    combo.addItem(kLong);
    const auto chosen = pictured(combo, kWidth);
    bool equals = false;
    for (int letters = 3; letters < 20 && !equals; ++letters) {
      QComboBox said;
      said.addItem(kLong.left(letters).trimmed() + "…");
      said.setFocusPolicy(combo.focusPolicy());
      equals = chosen == pictured(said, kWidth);
    }
    QVERIFY(equals);
    // Where there is room, nothing is cut.
    QComboBox whole;
    whole.addItem(kLong);
    QCOMPARE(pictured(combo, 600), pictured(whole, 600));
  }

  void rowsOfControlsHaveGaps() {
    QTemporaryDir folder;
    qputenv("VACO_HOME", folder.filePath("home").toUtf8());
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder.path(), .remember = false});
    int rows = 0;
    for (const auto* row : window.findChildren<QBoxLayout*>()) {
      if (row->direction() != QBoxLayout::LeftToRight || qobject_cast<SegmentedControl*>(row->parentWidget()))
        continue;
      int controls = 0;
      for (int i = 0; i < row->count(); ++i) {
        auto* widget = row->itemAt(i)->widget();
        controls += qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
                    qobject_cast<QLineEdit*>(widget);
      }
      if (controls < 2) continue;
      ++rows;
      QStringList names;
      for (const auto* widget = row->parentWidget(); widget; widget = widget->parentWidget())
        names << widget->metaObject()->className();
      QVERIFY2(row->spacing() >= kLeastGap, qPrintable(names.join(" in ")));
    }
    QVERIFY2(rows > 8, qPrintable(QString::number(rows)));
  }

  void numbersInTablesDoNotWrap() {
    QTemporaryDir folder;
    qputenv("VACO_HOME", folder.filePath("home").toUtf8());
    MainWindow window(
        {.dataset = {}, .open_run = {}, .theme = "light", .out = folder.path(), .remember = false});
    int tables = 0;
    for (const auto* table : window.findChildren<QTableView*>()) {
      if (table->objectName() == "alarmsTable") continue;  // sentences
      ++tables;
      QVERIFY2(!table->wordWrap(), qPrintable(table->objectName()));
    }
    QVERIFY2(tables >= 5, qPrintable(QString::number(tables)));
  }

  void aWarningMovesNothingThatIsClicked() {
    ConfigModel model;
    ParamForm form(model);
    form.setAdvanced(true);
    form.resize(420, 900);
    form.show();
    QApplication::setActiveWindow(&form);
    QVERIFY(QTest::qWaitForWindowActive(&form));
    auto* edit = form.findChild<QLineEdit*>("edit.value_steps");
    const auto* row = form.findChild<ParamRow*>("param.value_steps");
    // A field below, which a longer row would push down.
    QLineEdit* below = nullptr;
    const auto top = [&](const QWidget& widget) { return widget.mapTo(&form, QPoint(0, 0)).y(); };
    for (auto* other : form.findChildren<QLineEdit*>())
      if (other->objectName().startsWith("edit.") && !other->visibleRegion().isEmpty() &&
          top(*other) > top(*edit) + edit->height() && (!below || top(*other) < top(*below)))
        below = other;
    QVERIFY(below);
    const auto warned = [&] {
      for (const auto* label : row->findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains("unusual")) return true;
      return false;
    };
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, "2500");
    const int before = top(*below);
    const auto place = below->mapTo(&form, below->rect().center());
    QTest::mousePress(form.windowHandle(), Qt::LeftButton, {}, place);
    QTest::qWait(100);
    QCOMPARE(std::get<int64_t>(model.value("value_steps")), int64_t{2500});
    QVERIFY(!warned());
    QCOMPARE(top(*below), before);
    QTest::mouseRelease(form.windowHandle(), Qt::LeftButton, {}, place);
    QTRY_VERIFY(warned());
  }

  void ticksAreSeenInEveryTheme() {
    for (const auto theme : {ThemeChoice::light, ThemeChoice::dark, ThemeChoice::light}) {
      applyTheme(*qApp, theme);
      QCheckBox box;
      box.setChecked(true);
      const auto image = pictured(box, 30);
      const auto accent = themeColors().accent;
      // Inside of the box, what differs most from its ground.
      double most = 1.0;
      for (int y = 12; y < 18; ++y)
        for (int x = 4; x < 11; ++x) most = std::max(most, contrast(image.pixelColor(x, y), accent));
      QVERIFY2(most >= 3.0, qPrintable(QString("%1 in %2").arg(most).arg(toText(theme))));
    }
  }

  void wordsOverANarrowPictureWrap() {
    RolloutFrame frame;
    frame.policy_step = 6000;
    OverlayChoice choice;
    choice.values = true;
    const QString why = "Q not known: no checkpoint of this run holds value networks that could be asked";
    const QColor paper(10, 20, 30);
    const auto end = [&](int width) {
      QImage image(900, 400, QImage::Format_RGB32);
      image.fill(paper);
      QPainter painter(&image);
      paintOverlays(painter, QRect(0, 0, width, 400), frame, choice, {}, why, overlayColors(false));
      painter.end();
      return endOf(image, paper);
    };
    const auto wide = end(900), narrow = end(240);
    QVERIFY2(wide.x() > 300, qPrintable(QString::number(wide.x())));
    QVERIFY2(narrow.x() < 240, qPrintable(QString::number(narrow.x())));
    QVERIFY(narrow.y() > wide.y());
  }
};

QTEST_MAIN(DetailsTest)
#include "details_test.moc"
