// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/film_desk.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QStandardPaths>
#include <QToolButton>

#include "ui/figures/number_text.h"
#include "ui/widgets/elided_label.h"

namespace vaco::ui {

FilmDesk::FilmDesk(QWidget* parent) : QWidget(parent), words_(new ElidedLabel(this)) {
  setObjectName("filmDesk");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 3, 6, 3);
  progress_ = new QProgressBar(this);
  progress_->setObjectName("filmProgress");
  progress_->setAccessibleName(tr("Pictures drawn"));
  progress_->setRange(0, 1000);
  progress_->setMaximumWidth(140);
  auto* cancel = new QToolButton(this);
  cancel->setObjectName("filmCancel");
  cancel->setText(tr("Cancel"));
  cancel->setToolTip(tr("Write no film; what was written of it goes away"));
  row->addWidget(words_, 1);
  row->addWidget(progress_);
  row->addWidget(cancel);
  hide();
  const auto movies = QStandardPaths::writableLocation(QStandardPaths::MoviesLocation);
  choices_.folder = QDir(movies).exists() ? movies : QDir::homePath();
  connect(cancel, &QToolButton::clicked, &job_, &BackgroundJob::cancel);
  connect(&job_, &BackgroundJob::cancelled, this, &QWidget::hide);
  connect(&job_, &BackgroundJob::failed, this, [this](const QString& message) {
    hide();
    emit failed(message);
  });
  connect(&job_, &BackgroundJob::progressed, this,
          [this](double fraction, const QString&) { progress_->setValue(static_cast<int>(1000 * fraction)); });
}

FilmDialog* FilmDesk::ask(const Film& film, const QString& what, const QString& name) {
  double dt = 0.02;
  if (const auto info = environment_info(film.environment, film.physics)) dt = info->dt;
  auto* dialog = new FilmDialog(what, name, film.recording->states(), dt, choices_, window());
  connect(dialog, &FilmDialog::writeRequested, this, [this, dialog, film] {
    choices_ = dialog->choices();
    auto asked = film;
    asked.kind = choices_.kind;
    asked.target = dialog->target();
    asked.look.width = choices_.width;
    asked.look.height = choices_.height;
    asked.look.dark = film.look.dark && !choices_.light;
    asked.rate = choices_.rate;
    asked.speed = choices_.speed;
    asked.told = choices_.told;
    write(asked);
  });
  dialog->show();
  return dialog;
}

void FilmDesk::write(const Film& film) {
  words_->setText(tr("Writing %1").arg(QString::fromStdString(film.target.filename().string())));
  progress_->setValue(0);
  show();
  job_.start(
      [this, film](const ProgressFn& progress, const std::stop_token& stop) -> BackgroundJob::Completion {
        auto done = std::make_shared<Result<int64_t>>(writeFilm(film, progress, stop));
        return [this, film, done] {
          hide();
          const auto target = QString::fromStdString(film.target.string());
          if (!*done)
            emit failed(tr("No film: %1").arg(QString::fromStdString(done->error().message)));
          else if (film.kind == FilmKind::picture)
            emit written(tr("Written: %1").arg(target));
          else
            emit written(tr("Written: %1, %2").arg(target, countText(**done, tr("picture"), tr("pictures"))));
        };
      });
}

}  // namespace vaco::ui
