// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "ui/rollout/film.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace vaco::ui {

/// What was chosen last, for the next time.
struct FilmChoices {
  FilmKind kind = FilmKind::mp4;
  int width = 1280, height = 720;
  double rate = 30.0, speed = 1.0;
  bool told = true, light = true;
  QString folder;
};

/// Asks how an episode is written: as a picture, as numbered pictures or as a film, how large and how fast. Not
/// modal: the window goes on beside it.
class FilmDialog : public QDialog {
  Q_OBJECT
 public:
  /// what: which episode, in words; name: for its files; states and dt (seconds of a state): how long it is.
  FilmDialog(const QString& what, const QString& name, int64_t states, double dt, const FilmChoices& choices,
             QWidget* parent);
  [[nodiscard]] FilmChoices choices() const;
  [[nodiscard]] std::filesystem::path target() const;

 signals:
  void writeRequested();

 private:
  [[nodiscard]] FilmKind kind() const;
  void chooseKind();
  void browse();
  void check();

  QString name_;
  int64_t states_;
  double dt_;
  QComboBox* kind_;
  QSpinBox *width_, *height_;
  QDoubleSpinBox *rate_, *speed_;
  QCheckBox *told_, *light_;
  QLineEdit* target_;
  QLabel* note_;
  QPushButton* write_;
};

}  // namespace vaco::ui
