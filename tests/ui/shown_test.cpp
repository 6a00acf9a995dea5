// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says of a run is true of that run, at the snapshot that is shown: headers, rings, empty
// plots, and what was exported.
#include <qcustomplot.h>

#include <QLabel>
#include <QSet>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

#include "core/session/training_session.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "tests/ui/tiny_window.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/data/return_histogram.h"
#include "ui/export/export_dialog.h"
#include "ui/figures/weight_figures.h"
#include "ui/plots/plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kPatience = 60000;
}

class ShownTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path dataset_, weighted_, cloned_;
  std::unique_ptr<MainWindow> window_;

  [[nodiscard]] QString told() const { return window_->messages().texts().join(' '); }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    dataset_ = folder_.filePath("hopper_tiny-v2.hdf5").toStdString();
    QVERIFY(test::writeTinyDataset(dataset_).ok());
    auto quick = test::tinyConfig(dataset_);
    (void)set_param(quick, "meta_lr", "0.01", Origin::run);  // weights that move
    weighted_ = test::trainRun(folder_, quick, "weighted");
    cloned_ = test::trainRun(folder_, test::tinyConfig(dataset_, "bc"), "cloned");
  }
  void cleanup() { window_.reset(); }

  void policyAndPlotsAreOfTheOpenedRun() {
    // What was set up last is of another environment, and its data are read at the start.
    const std::filesystem::path other = folder_.filePath("walker2d_other-v2.hdf5").toStdString(),
                                home = folder_.filePath("home").toStdString();
    std::filesystem::create_directories(home);
    std::filesystem::copy_file(dataset_, other);
    auto before = test::tinyConfig(other);
    before.environment = "";
    QVERIFY(write_json(home / "workbench.json", Json{{"version", 1}, {"config", to_json(before)}}).ok());
    for (int start = 0; start < 4; ++start) {
      WindowOptions options;
      options.out = folder_.filePath("runs");
      options.open_run = QString::fromStdString(cloned_.string());
      window_ = std::make_unique<MainWindow>(options);
      window_->show();
      QTRY_VERIFY_WITH_TIMEOUT(window_->rollout().policy() != nullptr, kPatience);
      QTRY_VERIFY_WITH_TIMEOUT(window_->loader().view() && !window_->loader().busy(), kPatience);
      QTest::qWait(100);
      QVERIFY(window_->rollout().policy() != nullptr);
      QCOMPARE(window_->rollout().environment(), QString("hopper"));
      auto* plot = window_->findChild<ReturnPlot*>();
      QTRY_VERIFY_WITH_TIMEOUT(!plot->table().rows.empty(), kPatience);
      for (const auto& row : plot->table().rows) QCOMPARE(cellText(row[0]), std::string("BC, seed 0"));
      window_->close();
    }
    std::filesystem::remove(home / "workbench.json");
  }

  void headerAndRingAreOfOneSnapshot() {
    window_ = test::openWindow(folder_);
    window_->openRun(weighted_);
    window_->docks().applyLayout("paper");
    window_->docks().reveal("dock.rollout");
    auto& scatter = window_->plots().scatter();
    QTRY_VERIFY_WITH_TIMEOUT(!scatter.figure().empty(), kPatience);
    scatter.refresh();
    auto* slider = scatter.findChild<QSlider*>();
    QVERIFY(slider->maximum() >= 2);
    // A click on the point of a trajectory that returns 25.
    auto& canvas = scatter.canvas();
    canvas.replot(QCustomPlot::rpImmediateRefresh);
    QTest::mouseClick(&canvas, Qt::LeftButton, {},
                      QPoint(qRound(canvas.xAxis->coordToPixel(25.0)),
                             qRound(canvas.yAxis->coordToPixel(scatter.weightsOf({5}).front()))));
    const auto* facts = window_->findChild<QLabel*>("trajectoryFacts");
    QSet<QString> weights;
    for (const int at : {slider->maximum(), 0, 1}) {
      slider->setValue(at);
      scatter.refresh();
      // The ring is the one point that is drawn by itself.
      double ringed = -1.0;
      for (int i = 0; i < canvas.graphCount(); ++i)
        if (const auto* graph = canvas.graph(i);
            graph->data()->size() == 1 && graph->scatterStyle().size() > scatter.theme().markerSize + 2.0)
          ringed = graph->data()->constBegin()->value;
      QVERIFY(ringed >= 0.0);
      const auto words = QString("Weight %1 at step").arg(ringed, 0, 'g', 3);
      QTRY_VERIFY2_WITH_TIMEOUT(facts->text().contains(words), qPrintable(words + " / " + facts->text()),
                                kPatience);
      weights << words;
    }
    QVERIFY(weights.size() > 1);  // or all would be told with any snapshot
  }

  void cloningPromisesNoWeights() {
    window_ = test::openWindow(folder_);
    window_->openRun(cloned_);
    window_->docks().applyLayout("watch");
    QTRY_VERIFY_WITH_TIMEOUT(!window_->findChild<ReturnPlot*>()->figure().empty(), kPatience);
    int empty = 0;
    for (auto* plot : window_->plots().plots()) {
      if (!dynamic_cast<const WeightFigure*>(&plot->figure())) continue;
      QVERIFY(plot->figure().empty());
      ++empty;
      QVERIFY2(plot->figure().emptyText().contains("never has any"), qPrintable(plot->figure().emptyText()));
    }
    QVERIFY(empty >= 4);
  }

  void theDatasReturnsStandInUntilThereAreOthers() {
    window_ = test::openWindow(folder_);
    window_->docks().applyLayout("watch");
    auto* plot = window_->findChild<ReturnPlot*>();
    window_->loadDataset(dataset_);
    QTRY_VERIFY_WITH_TIMEOUT(
        plot->findChild<ReturnHistogram*>() && plot->findChild<ReturnHistogram*>()->isVisible(), kPatience);
    auto config = test::tinyConfig(dataset_, "bc");
    (void)set_param(config, "bc_steps", "1000000", Origin::run);
    window_->model().reset(config);
    window_->startTraining();
    QTRY_VERIFY_WITH_TIMEOUT(!plot->figure().empty(), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(
        !plot->findChild<ReturnHistogram*>() || !plot->findChild<ReturnHistogram*>()->isVisible(), kPatience);
    window_->session().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!window_->session().active(), kPatience);
  }

  void aSingleFigureSaysWhereItWent() {
    window_ = test::openWindow(folder_);
    window_->openRun(weighted_);
    window_->docks().applyLayout("watch");
    auto* plot = window_->findChild<ReturnPlot*>();
    QTRY_VERIFY_WITH_TIMEOUT(!plot->table().rows.empty(), kPatience);
    window_->messages().post(MessageKind::warning, "old", "an old warning");
    plot->exportFigure();
    const QPointer<ExportDialog> dialog = plot->findChild<ExportDialog*>();
    QVERIFY(dialog);
    // It stays where it cannot write, and says why.
    QVERIFY(QDir(folder_.path()).mkpath("blocked/evaluation_return.pdf"));
    dialog->exportTo(folder_.filePath("blocked"));
    const auto labels = dialog->findChildren<QLabel*>();
    QTRY_VERIFY(std::any_of(labels.begin(), labels.end(), [](const auto* label) {
      return label->text().contains("blocked/evaluation_return.pdf");
    }));
    QVERIFY(dialog->isVisible());
    dialog->exportTo(folder_.filePath("single"));
    QTRY_VERIFY2(told().contains("single/evaluation_return.pdf"), qPrintable(told()));
    QTRY_VERIFY(window_->findChild<QWidget*>("message.export")->isVisible());
    QTRY_VERIFY(!dialog);
    QVERIFY(std::filesystem::file_size(folder_.filePath("single/evaluation_return.pdf").toStdString()) > 1000);
    plot->copyPicture();
    QVERIFY2(told().contains("is in the clipboard"), qPrintable(told()));
    // Nothing is made of nothing, and that is told too.
    window_->plots().scatter().clear();
    window_->plots().scatter().exportFigure();
    QVERIFY2(told().contains("has nothing to export"), qPrintable(told()));
    QVERIFY(!window_->plots().scatter().findChild<ExportDialog*>());
  }
};

QTEST_MAIN(ShownTest)
#include "shown_test.moc"
