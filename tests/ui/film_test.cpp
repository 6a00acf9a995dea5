// SPDX-License-Identifier: GPL-3.0-or-later
// An episode of the rollout becomes numbered pictures, a film or a figure: whole, or not at all.
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <fstream>

#include "tests/sim/policies.h"
#include "ui/bridge/worker.h"
#include "ui/rollout/film_desk.h"
#include "ui/rollout/rollout_bar.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"

using namespace vaco;
using namespace vaco::ui;

namespace {
constexpr int kFilmPatience = 60000;
}

class FilmTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  QByteArray path_;
  Worker worker_;
  std::unique_ptr<RolloutPanel> panel_;

  RolloutView& view() { return panel_->view(); }
  QStringList left() const {
    return QDir(folder_.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
  }
  FilmDialog* asked() {
    QTest::mouseClick(panel_->findChild<QToolButton*>("rolloutFilm"), Qt::LeftButton);
    auto* dialog = panel_->window()->findChild<FilmDialog*>();
    if (dialog) dialog->findChild<QSpinBox*>("filmWidth")->setValue(320);
    if (dialog) dialog->findChild<QSpinBox*>("filmHeight")->setValue(240);
    return dialog;
  }
  static void choose(FilmDialog& dialog, FilmKind kind, const QString& target) {
    auto* kinds = dialog.findChild<QComboBox*>("filmKind");
    kinds->setCurrentIndex(kinds->findData(static_cast<int>(kind)));
    dialog.findChild<QLineEdit*>("filmTarget")->setText(target);
  }
  static bool canWrite(const FilmDialog& dialog) {
    return dialog.findChild<QPushButton*>("filmWrite")->isEnabled();
  }
  static void write(FilmDialog& dialog) { dialog.findChild<QPushButton*>("filmWrite")->click(); }
  /// What stands for ffmpeg, or nothing does.
  void setFfmpeg(const char* script) {
    const auto programs = folder_.filePath("programs");
    QDir(programs).removeRecursively();
    QDir().mkpath(programs);
    if (*script) {
      const auto file = programs + "/ffmpeg";
      std::ofstream(file.toStdString()) << "#!/bin/sh\n" << script << "\n";
      QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    qputenv("PATH", programs.toUtf8() + ":/bin-that-is-not-there");
  }

 private slots:
  void init() {
    path_ = qgetenv("PATH");
    panel_ = std::make_unique<RolloutPanel>(worker_);
    panel_->resize(480, 420);
    panel_->setEnvironment("hopper", "v2");
    panel_->show();
    const auto info = environment_info("hopper", Physics::v2).value();
    panel_->setPolicy(std::make_shared<const PolicySnapshot>(random_policy(info)));
    const bool draws =
        QTest::qWaitFor([&] { return view().timeStep() > 0 || view().saysProblem(); }, kFilmPatience) &&
        view().timeStep() > 0;
    if (!draws) QSKIP("nothing can draw here");
    view().setPlaying(false);
    QTest::qWait(200);
    view().restart();
    QTRY_VERIFY_WITH_TIMEOUT(!panel_->episodes().empty(), kFilmPatience);
    panel_->showEpisode(1);
    QTRY_VERIFY_WITH_TIMEOUT(view().frame()->shown == panel_->episodes()[0], kFilmPatience);
  }
  void cleanup() {
    panel_.reset();
    qputenv("PATH", path_);
    QDir(folder_.path()).removeRecursively();
    QDir().mkpath(folder_.path());
  }

  void rowsAreSpreadOverTheTime() {
    QCOMPARE(filmRows(101, 0.01, 20.0, 1.0).size(), size_t{21});
    QCOMPARE(filmRows(101, 0.01, 20.0, 1.0)[1], int64_t{5});
    QCOMPARE(filmRows(101, 0.01, 20.0, 1.0).back(), int64_t{100});
    QCOMPARE(filmRows(101, 0.01, 20.0, 4.0).size(), size_t{6});
    // Slower than its states: each stays for several pictures.
    QCOMPARE(filmRows(3, 0.1, 20.0, 1.0), (std::vector<int64_t>{0, 1, 1, 2}));
    QCOMPARE(filmRows(1, 0.1, 20.0, 1.0), (std::vector<int64_t>{0}));
  }

  void anEpisodeBecomesNumberedPictures() {
    QSignalSpy written(panel_.get(), &RolloutPanel::filmWritten);
    const auto target = folder_.filePath("frames");
    auto* dialog = asked();
    QVERIFY(dialog && !dialog->isModal());
    choose(*dialog, FilmKind::pictures, target);
    QVERIFY(canWrite(*dialog));
    write(*dialog);
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kFilmPatience);
    const auto& episode = *panel_->episodes()[0];
    const auto rows = filmRows(episode.states(), 0.008, 30.0, 1.0);
    const auto files = QDir(target).entryList(QDir::Files);
    QCOMPARE(files.size(), static_cast<qsizetype>(rows.size()));
    QCOMPARE(files.front(), QString("000000.png"));
    QCOMPARE(left(), QStringList{"frames"});
    const QImage first(target + "/000000.png"), last(target + "/" + files.back());
    QCOMPARE(first.size(), QSize(320, 240));
    QVERIFY(first != last);
    // What is there is not written over.
    dialog = asked();
    choose(*dialog, FilmKind::pictures, target);
    QVERIFY(!canWrite(*dialog));
    QVERIFY(dialog->findChild<QLabel*>("filmNote")->text().contains("another folder"));
  }

  void theOneInSightIsAFigure() {
    QSignalSpy written(panel_.get(), &RolloutPanel::filmWritten);
    view().seek(1);
    QTRY_COMPARE_WITH_TIMEOUT(view().timeStep(), 1, kFilmPatience);
    QImage images[2];
    for (const bool told : {false, true}) {
      const auto target = folder_.filePath(told ? "told.png" : "plain.png");
      auto* dialog = asked();
      choose(*dialog, FilmKind::picture, target);
      dialog->findChild<QCheckBox*>("filmTold")->setChecked(told);
      write(*dialog);
      QTRY_COMPARE_WITH_TIMEOUT(written.count(), told ? 2 : 1, kFilmPatience);
      images[told ? 1 : 0] = QImage(target);
      QCOMPARE(images[told ? 1 : 0].size(), QSize(320, 240));
      QTRY_VERIFY(!panel_->window()->findChild<FilmDialog*>());
    }
    // What is told stands in a corner; the rest is the same.
    QVERIFY(images[0].copy(0, 0, 100, 50) != images[1].copy(0, 0, 100, 50));
    QVERIFY(images[0].copy(200, 100, 120, 140) == images[1].copy(200, 100, 120, 140));
  }

  void filmsAreMadeByFfmpegAndAreWholeOrNotThere() {
    QSignalSpy written(panel_.get(), &RolloutPanel::filmWritten),
        failed(panel_.get(), &RolloutPanel::filmFailed);
    const auto target = folder_.filePath("film.mp4");
    setFfmpeg("");
    auto* dialog = asked();
    choose(*dialog, FilmKind::mp4, target);
    QVERIFY(!canWrite(*dialog));
    QVERIFY(dialog->findChild<QLabel*>("filmNote")->text().contains("apt install ffmpeg"));
    // Takes what it is given: every picture of every row.
    setFfmpeg("for last; do :; done; /bin/cat > \"$last\"");
    choose(*dialog, FilmKind::gif, target);
    choose(*dialog, FilmKind::mp4, target);
    QVERIFY(canWrite(*dialog));
    write(*dialog);
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kFilmPatience);
    const auto rows = filmRows(panel_->episodes()[0]->states(), 0.008, 30.0, 1.0);
    QCOMPARE(QFileInfo(target).size(), static_cast<qint64>(rows.size()) * 320 * 240 * 3);
    QCOMPARE(failed.count(), 0);
    // What it complains of is told, and the film of before stays.
    setFfmpeg("echo it knows no such thing >&2; exit 1");
    Film film;
    film.environment = "hopper";
    film.recording = panel_->episodes()[0];
    film.look.width = film.look.height = 64;
    film.target = target.toStdString();
    panel_->films().write(film);
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kFilmPatience);
    QVERIFY2(failed[0][0].toString().contains("no such thing"), qPrintable(failed[0][0].toString()));
    QCOMPARE(left(), (QStringList{"film.mp4", "programs"}));
    QCOMPARE(QFileInfo(target).size(), static_cast<qint64>(rows.size()) * 320 * 240 * 3);
  }

  void ffmpegItselfMakesFilms() {
    if (ffmpegProgram().isEmpty()) QSKIP("ffmpeg is not installed");
    for (const auto& [kind, ending] : {std::pair{FilmKind::mp4, "mp4"}, std::pair{FilmKind::gif, "gif"}}) {
      Film film;
      film.environment = "hopper";
      film.recording = panel_->episodes()[0];
      film.look.width = 161;  // odd
      film.look.height = 121;
      film.kind = kind;
      film.target = folder_.filePath(QString("film.%1").arg(ending)).toStdString();
      const auto done = writeFilm(film);
      QVERIFY2(done.ok(), done.ok() ? "" : done.error().message.c_str());
      QFile file(QString::fromStdString(film.target.string()));
      QVERIFY(file.open(QIODevice::ReadOnly));
      const auto head = file.read(12);
      QVERIFY(kind == FilmKind::gif ? head.startsWith("GIF89a") : head.mid(4, 4) == "ftyp");
    }
  }

  void endingsSayWhatIsWritten() {
    QVERIFY(filmKindOf("a/b.mp4").value() == FilmKind::mp4 && filmKindOf("b.GIF").value() == FilmKind::gif);
    QVERIFY(filmKindOf("b.png").value() == FilmKind::picture && filmKindOf("b").value() == FilmKind::pictures);
    QVERIFY(filmKindOf("x.avi").error().message.starts_with("x.avi ends in neither .mp4"));
    Film film;
    film.environment = "hopper";
    film.recording = panel_->episodes()[0];
    film.kind = FilmKind::pictures;
    film.target = folder_.filePath("x.avi").toStdString();
    QCOMPARE(writeFilm(film).error().code, ErrorCode::usage);
    film.kind = FilmKind::picture;
    film.target = folder_.filePath("x.gif").toStdString();
    QCOMPARE(writeFilm(film).error().code, ErrorCode::usage);
    QVERIFY(!QFile::exists(folder_.filePath("x.avi")) && !QFile::exists(folder_.filePath("x.gif")));
    auto* dialog = asked();
    choose(*dialog, FilmKind::pictures, folder_.filePath("x.avi"));
    QVERIFY(!canWrite(*dialog));
    choose(*dialog, FilmKind::picture, folder_.filePath("x.jpg"));
    QVERIFY(!canWrite(*dialog));
    QVERIFY(dialog->findChild<QLabel*>("filmNote")->text().contains("must end in .png"));
    dialog->reject();
  }

  void cancellingLeavesNothing() {
    Film film;
    film.environment = "hopper";
    film.recording = panel_->episodes()[0];
    film.look.width = 1280;
    film.look.height = 720;
    film.kind = FilmKind::pictures;
    film.speed = 0.01;
    film.target = folder_.filePath("cancelled").toStdString();
    QSignalSpy failed(panel_.get(), &RolloutPanel::filmFailed);
    panel_->films().write(film);
    QVERIFY(panel_->films().isVisible() && panel_->films().writing());
    QTRY_VERIFY_WITH_TIMEOUT(!left().isEmpty(), kFilmPatience);
    QTest::mouseClick(panel_->findChild<QToolButton*>("filmCancel"), Qt::LeftButton);
    QVERIFY(!panel_->films().isVisible() && !panel_->films().writing());
    QTRY_VERIFY_WITH_TIMEOUT(left().isEmpty(), kFilmPatience);
    QCOMPARE(failed.count(), 0);
  }

  void contactForcesAreDrawnWhereBodiesTouch() {
    auto recording = std::make_shared<Recording>();
    recording->nq = recording->nv = 6;
    recording->qpos = {0.0, 1.15, 0.0, 0.0, 0.0, 0.0};  // the foot in the floor
    recording->qvel.assign(6, 0.0);
    recording->rewards = {0.0};
    PictureLook look{.width = 320, .height = 240, .dark = false, .contact_forces = false, .camera = {}};
    const auto drawn = [&] {
      auto pictures = RecordingPictures::create("hopper", Physics::v2, recording, look);
      return pictures ? (*pictures)->draw(0)->rgb : std::vector<uint8_t>();
    };
    const auto without = drawn();
    QCOMPARE(without.size(), size_t{320 * 240 * 3});
    QVERIFY(drawn() == without);
    look.contact_forces = true;
    for (const bool dark : {false, true}) {
      // In a color that neither the floor nor the robot has, and thinner than its limbs.
      const auto arrows = [](const std::vector<uint8_t>& rgb) {
        int pixels = 0;
        for (size_t i = 0; i + 2 < rgb.size(); i += 3)
          pixels += rgb[i] > 90 && rgb[i] > 2 * rgb[i + 1] && rgb[i + 2] > rgb[i + 1] + 20;
        return pixels;
      };
      look.dark = dark;
      const int pixels = arrows(drawn());
      QVERIFY2(pixels > 20 && pixels < 1000, qPrintable(QString::number(pixels)));
      QCOMPARE(arrows(without), 0);
    }
    look.dark = false;
    // From elsewhere.
    look.contact_forces = false;
    look.camera = {.azimuth = 30.0, .elevation = -40.0, .distance = 3.0, .zoomed = true, .pan = {}};
    QVERIFY(drawn() != without);
  }
};

QTEST_MAIN(FilmTest)
#include "film_test.moc"
