// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace vaco::ui {

class RolloutView;

/// The controls of a rollout: a scrubber over the time steps that can be gone to, what plays and steps, and the
/// choice among the last episodes.
class RolloutBar : public QWidget {
  Q_OBJECT
 public:
  explicit RolloutBar(RolloutView& view, QWidget* parent = nullptr);

  struct Entry {
    QString text, tip;
  };
  /// The episodes that can be chosen, behind the newest policy.
  void setEpisodes(const std::vector<Entry>& episodes);
  /// 0: the newest policy, 1: the first of the episodes; -1: something that is not among them.
  void setShown(int entry);
  [[nodiscard]] QComboBox& episodes() { return *episodes_; }
  [[nodiscard]] QSlider& scrubber() { return *scrubber_; }

 signals:
  /// By the user; as setShown().
  void episodeChosen(int entry);
  void filmRequested();

 private:
  QWidget* makeScrubber();
  QWidget* makeButtons();
  QToolButton* makeOverlays();
  QToolButton* makeButton(const char* name, const QString& text, const QString& tip);
  void scrub(int time_step);
  void takeFrame();
  void showPlaying();

  RolloutView& view_;
  QSlider* scrubber_;
  QLabel* where_;
  QAction *rewards_, *actions_, *values_, *forces_;
  QToolButton *play_, *back_, *forth_, *restart_, *camera_, *film_;
  QCheckBox* loop_;
  QComboBox *episodes_, *speed_;
};

}  // namespace vaco::ui
