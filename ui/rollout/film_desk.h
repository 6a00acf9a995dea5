// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/bridge/background_job.h"
#include "ui/rollout/film_dialog.h"

class QLabel;
class QProgressBar;

namespace vaco::ui {

/// Writes episodes as films in the background: a strip that tells how far it is and can end it. Hidden while
/// nothing is written.
class FilmDesk : public QWidget {
  Q_OBJECT
 public:
  explicit FilmDesk(QWidget* parent = nullptr);

  /// Asks how; film says what, and whether it is on a dark ground in sight. name: of its files.
  FilmDialog* ask(const Film& film, const QString& what, const QString& name);
  void write(const Film& film);
  [[nodiscard]] bool writing() const { return job_.running(); }

 signals:
  void written(const QString& words);
  void failed(const QString& message);

 private:
  FilmChoices choices_;
  QLabel* words_;
  QProgressBar* progress_;
  BackgroundJob job_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
