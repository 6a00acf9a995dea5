// SPDX-License-Identifier: GPL-3.0-or-later
// The data dock: findings lead to their rows, episodes can be left out, columns of a table can be changed.
#include <QAction>
#include <QLineEdit>
#include <QPaintEvent>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <fstream>
#include <limits>

#include "tests/ui/tiny_data.h"
#include "ui/bridge/selection.h"
#include "ui/data/dataset_loader.h"
#include "ui/setup/config_model.h"
#include "ui/shell/explain_desk.h"
#include "ui/shell/main_window.h"
#include "ui/shell/window_actions.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/in_turn.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
/// Where a widget is painted.
class PaintWatch : public QObject {
 public:
  explicit PaintWatch(QWidget& widget) { widget.installEventFilter(this); }
  QRegion painted;

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() == QEvent::Paint) painted += static_cast<QPaintEvent*>(event)->region();
    return false;
  }
};
}  // namespace

class DatasetTest : public QObject {
  Q_OBJECT

  static constexpr int kPatience = 60000;
  QTemporaryDir folder_;
  [[nodiscard]] std::filesystem::path path(const char* name) const {
    return folder_.filePath(name).toStdString();
  }
  std::unique_ptr<MainWindow> showing(const char* file) {
    auto window = std::make_unique<MainWindow>(WindowOptions{
        .dataset = {}, .open_run = {}, .theme = "light", .out = folder_.filePath("runs"), .remember = false});
    window->show();
    load(*window, file);
    return window;
  }
  void load(MainWindow& window, const char* file) {
    QSignalSpy loaded(&window.loader(), &DatasetLoader::loaded);
    window.loadDataset(path(file));
    QVERIFY(loaded.wait(kPatience));
  }
  static void type(QLineEdit* edit, const QString& text) {
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
  }

 private slots:
  void initTestCase() {
    qputenv("VACO_HOME", folder_.filePath("home").toUtf8());
    const auto written = test::writeTinyDataset(path("tiny.hdf5"));
    QVERIFY2(written.ok(), written.ok() ? "" : written.error().message.c_str());
    // Five episodes of eight rows; the third has a NaN, the fifth repeats the first.
    DatasetColumns odd;
    odd.rows = 40;
    odd.obs_dim = 2;
    odd.action_dim = 1;
    for (int i = 0; i < 40; ++i) {
      const int same = i >= 32 ? i - 32 : i;
      odd.observations.insert(odd.observations.end(), {i == 19 ? std::numeric_limits<float>::quiet_NaN()
                                                               : 0.5f * static_cast<float>(same),
                                                       1.0f + static_cast<float>(same % 3)});
      odd.actions.push_back(0.01f * static_cast<float>(same));
      odd.rewards.push_back(static_cast<float>(same));
      odd.terminals.push_back(0);
      odd.timeouts.push_back(i % 8 == 7);
    }
    QVERIFY(write_dataset(path("odd.hdf5"), odd).ok());
    std::ofstream(path("table.csv"))
        << "obs_0,obs_1,action,done\n1,2,3,0\n4,5,6,0\n7,8,9,1\n1,3,5,0\n2,4,7,1\n";
  }

  void everyFindingWithARowJumpsToIt() {
    const auto window = showing("odd.hdf5");
    const auto& findings = window->loader().view()->summary.findings;
    int jumps = 0;
    for (size_t i = 0; i < findings.size(); ++i) {
      auto* button = window->findChild<QToolButton*>(QString("findingRow.%1").arg(i));
      QCOMPARE(button != nullptr, findings[i].row >= 0);
      if (!button) continue;
      button->click();
      auto* rows = window->findChild<QTableView*>("rows");
      QVERIFY(rows->isVisible());
      const auto marked = rows->currentIndex();
      QCOMPARE(rows->model()->index(marked.row(), 0).data().toString(), QString::number(findings[i].row));
      QVERIFY(rows->selectionModel()->isRowSelected(marked.row()));
      ++jumps;
      window->findChild<QPushButton*>("rowsBack")->click();
      QVERIFY(!rows->isVisible());
    }
    QVERIFY2(jumps >= 2, qPrintable(QString::number(jumps)));
  }

  void theRowsAreThoseOfTheData() {
    const auto window = showing("odd.hdf5");
    const auto& findings = window->loader().view()->summary.findings;
    for (size_t i = 0; i < findings.size(); ++i)
      if (findings[i].key == "not_a_number")
        window->findChild<QToolButton*>(QString("findingRow.%1").arg(i))->click();
    const auto* rows = window->findChild<QTableView*>("rows")->model();
    QCOMPARE(rows->rowCount(), 8);
    const QStringList wanted{"16", "0", "8", "2", "0.16", "16", ""};
    for (int c = 0; c < wanted.size(); ++c) QCOMPARE(rows->index(0, c).data().toString(), wanted[c]);
    QCOMPARE(rows->index(3, 2).data().toString(), QString("nan"));
    QCOMPARE(rows->index(7, 6).data().toString(), QString("time limit"));
  }

  void aFindingsEpisodesCanBeLeftOutAndTakenBack() {
    const auto window = showing("odd.hdf5");
    auto& model = window->model();
    const auto& findings = window->loader().view()->summary.findings;
    for (size_t i = 0; i < findings.size(); ++i)
      if (findings[i].key == "not_a_number" || findings[i].key == "duplicated_episodes")
        window->findChild<QToolButton*>(QString("findingExclude.%1").arg(i))->click();
    QCOMPARE(model.config().exclude, std::string("2,4"));
    QCOMPARE(window->findChild<QLineEdit*>("exclude")->text(), QString("2, 4"));
    auto* all = window->findChild<QPushButton*>("includeAll");
    QVERIFY(all->isVisibleTo(window.get()));
    all->click();
    QCOMPARE(model.config().exclude, std::string());
    QVERIFY(!all->isVisibleTo(window.get()));
    model.undoStack()->undo();  // each is a step of its own
    QCOMPARE(window->findChild<QLineEdit*>("exclude")->text(), QString("2, 4"));
    load(*window, "tiny.hdf5");
    QCOMPARE(model.config().exclude, std::string());
  }

  void theListOfTheSetUpIsChecked() {
    const auto window = showing("tiny.hdf5");
    auto& model = window->model();
    auto* edit = window->findChild<QLineEdit*>("exclude");
    auto* start = window->actions().start;
    type(edit, "3, 17, 20-25");
    QCOMPARE(model.config().exclude, std::string("3,17,20-25"));
    QVERIFY(start->isEnabled());
    type(edit, "3, x");
    QCOMPARE(model.config().exclude, std::string("3,17,20-25"));
    QVERIFY(!start->isEnabled());
    type(edit, QString::number(test::kEpisodes));
    QVERIFY2(!start->isEnabled(), "there is no such episode");
    type(edit, "0-38");
    QVERIFY(start->isEnabled());
    load(*window, "odd.hdf5");
    QCOMPARE(model.config().exclude, std::string());
    QCOMPARE(edit->text(), QString());
  }

  void undoTakesTheFirstDatasetAway() {
    const auto window = showing("table.csv");
    auto* start = window->findChild<QAction*>("action.start");
    auto* empty = window->findChild<QWidget*>("datasetEmpty");
    const auto& episodes = *window->findChild<QTableView*>("episodeTable")->model();
    QVERIFY(start->isEnabled() && !empty->isVisible() && episodes.rowCount() > 0);
    auto* undo = window->model().undoStack();
    undo->undo();
    QVERIFY(!start->isEnabled() && empty->isVisible());
    QCOMPARE(episodes.rowCount(), 0);
    QSignalSpy loaded(&window->loader(), &DatasetLoader::loaded);
    undo->redo();
    QVERIFY(loaded.wait(kPatience));
    QVERIFY(start->isEnabled() && !empty->isVisible() && episodes.rowCount() > 0);
    // Also before it has been read again.
    undo->undo();
    undo->redo();
    QVERIFY(window->loader().busy());
    undo->undo();
    QVERIFY(!window->loader().busy() && empty->isVisible() && undo->canRedo());
    undo->redo();
    QVERIFY(loaded.wait(kPatience));
    QVERIFY(start->isEnabled());
    // Of two choices one is taken back.
    load(*window, "tiny.hdf5");
    undo->undo();
    QVERIFY(loaded.wait(kPatience));
    QCOMPARE(window->loader().path(), path("table.csv"));
  }

  void aChoiceOfEpisodesPaintsTheirTicksAlone() {
    const auto window = showing("tiny.hdf5");
    window->docks().reveal("dock.episodes");
    auto* table = window->findChild<QTableView*>("episodeTable");
    QTRY_VERIFY(table->isVisible() && !table->visibleRegion().isEmpty());
    window->explainDesk().selection().choose({0});  // the first choice also brings what tells of it
    QTRY_VERIFY(!turnsAreWaiting());
    QTest::qWait(100);
    QTRY_VERIFY(!turnsAreWaiting());
    QCoreApplication::processEvents();
    PaintWatch watch(*table->viewport());
    window->explainDesk().selection().choose({1});
    QTRY_VERIFY(!watch.painted.isEmpty());
    QCOMPARE(watch.painted.boundingRect().width(), table->columnWidth(0));
    QCOMPARE(watch.painted.boundingRect().left(), table->columnViewportPosition(0));
    QCOMPARE(table->model()->index(1, 0).data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Checked));
  }

  void columnsOfATableAreShownAndCanBeChanged() {
    const auto window = showing("table.csv");
    auto* columns = window->findChild<QLineEdit*>("columns");
    QVERIFY(columns->isVisibleTo(window.get()));
    QVERIFY2(columns->text().startsWith("observations=0-1;actions=2"), qPrintable(columns->text()));
    QSignalSpy loaded(&window->loader(), &DatasetLoader::loaded);
    type(columns, "observations=0;actions=1;rewards=2;dones=3");
    QVERIFY(loaded.wait(kPatience));
    QCOMPARE(window->model().config().columns, std::string("observations=0;actions=1;rewards=2;dones=3"));
    QCOMPARE(window->loader().view()->summary.obs_dim, int64_t{1});
    QCOMPARE(window->loader().dataset()->rewards.front(), 3.0f);
    window->model().undoStack()->undo();
    QVERIFY(loaded.wait(kPatience));
    QVERIFY(window->loader().view()->summary.obs_dim != 1 || window->model().config().columns.empty());
  }
};

QTEST_MAIN(DatasetTest)
#include "dataset_test.moc"
