// SPDX-License-Identifier: GPL-3.0-or-later
// What a user is about in the list of runs while others write new ones into the folder.
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "core/base/canonical_path.h"
#include "tests/ui/tiny_data.h"
#include "tests/ui/tiny_runs.h"
#include "ui/runs/runs_panel.h"

using namespace vaco;
using namespace vaco::ui;

class RunsKeptTest : public QObject {
  Q_OBJECT
  static constexpr int kPatience = 60000;
  QTemporaryDir folder_;
  int written_ = 0;
  std::unique_ptr<RunsPanel> panel_;
  QTreeView* table_ = nullptr;

  std::filesystem::path path(const QString& name) const { return folder_.filePath(name).toStdString(); }
  /// The newest run, which is listed first.
  void write(const QString& name) {
    QVERIFY(test::writeRun(path(name), test::tinyConfig("/data/hopper.hdf5", "bc"), {1.0}));
    Json manifest = *read_json(path(name) / "manifest.json");
    manifest["created"] = manifest["started"] = QString("2026-11-28T0%1:00:00Z").arg(++written_).toStdString();
    QVERIFY(write_json(path(name) / "manifest.json", manifest).ok());
  }
  QModelIndex at(const QString& name) const { return panel_->tree().indexOf(canonical_path(path(name))); }
  /// Another run comes, is seen and listed.
  void another(const QString& name) {
    write(name);
    QTRY_VERIFY_WITH_TIMEOUT(at(name).isValid(), kPatience);
  }
  QStringList chosen() const {
    QStringList names;
    for (const auto& index : table_->selectionModel()->selectedRows()) names << index.data().toString();
    return names;
  }

 private slots:
  void init() {
    folder_.remove();
    QVERIFY(QDir().mkpath(folder_.path()));
    written_ = 0;
    for (const char* name : {"old", "middle", "new"}) write(name);
    panel_ = std::make_unique<RunsPanel>();
    panel_->resize(900, 400);
    panel_->show();
    panel_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(panel_.get()));
    panel_->setFolder(folder_.path().toStdString());
    table_ = panel_->findChild<QTreeView*>("runsTable");
    QTRY_COMPARE_WITH_TIMEOUT(panel_->model().rowCount(), 3, kPatience);
    table_->setFocus();
    table_->setCurrentIndex(at("middle"));
    QCOMPARE(chosen(), QStringList{"middle"});
  }
  void cleanup() { panel_.reset(); }

  void theChosenRunStaysChosen() {
    another("newest");
    QCOMPARE(chosen(), QStringList{"middle"});
    QCOMPARE(table_->currentIndex().data().toString(), QString("middle"));
    QVERIFY(table_->hasFocus());
    // Also where a group or a filter moves all rows.
    panel_->setGrouping("status");
    another("newer still");
    QCOMPARE(chosen(), QStringList{"middle"});
  }

  void notesThatAreBeingWrittenStay() {
    panel_->findChild<QToolButton*>("showRunNotes")->click();
    auto* notes = panel_->findChild<QPlainTextEdit*>("runNotes");
    notes->setFocus();
    QTest::keyClicks(notes, "learned ");
    another("newest");
    QVERIFY(notes->hasFocus());
    QTest::keyClicks(notes, "a lot");
    QCOMPARE(notes->toPlainText(), QString("learned a lot"));
    // Of another run, while a list is made anew: what was written is of the run that it was written for.
    table_->setCurrentIndex(at("old"));
    QCOMPARE(notes->toPlainText(), QString());
    another("newer still");
    QCOMPARE(chosen(), QStringList{"old"});
    QCOMPARE(QString::fromStdString(panel_->model().row(canonical_path(path("middle")))->marks.notes),
             QString("learned a lot"));
    QVERIFY(panel_->model().row(canonical_path(path("new")))->marks.notes.empty());
  }

  void aNameThatIsBeingWrittenStays() {
    QTest::failOnWarning(QRegularExpression("closeEditor"));
    QTest::keyClick(table_, Qt::Key_F2);
    auto* editor = table_->viewport()->findChild<QLineEdit*>();
    QVERIFY(editor);
    QTest::keyClicks(editor, "half");
    write("newest");
    QTest::qWait(5000);  // two looks at the folder
    QCOMPARE(table_->viewport()->findChild<QLineEdit*>(), editor);
    QTest::keyClicks(editor, " name");
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(at("newest").isValid(), kPatience);
    QCOMPARE(chosen(), QStringList{"half name"});
    QCOMPARE(at("middle").data().toString(), QString("half name"));
    QVERIFY(table_->hasFocus());
    // Tab ends it as well, and begins no other.
    QTest::keyClick(table_, Qt::Key_F2);
    QVERIFY(table_->viewport()->findChild<QLineEdit*>());
    QTest::keyClicks(table_->viewport()->findChild<QLineEdit*>(), "whole name");
    QTest::keyClick(table_->viewport()->findChild<QLineEdit*>(), Qt::Key_Tab);
    QTRY_COMPARE(chosen(), QStringList{"whole name"});
    QTRY_VERIFY(!table_->viewport()->findChild<QLineEdit*>());
  }
};

QTEST_MAIN(RunsKeptTest)
#include "runs_kept_test.moc"
