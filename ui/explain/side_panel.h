// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>

#include <QStringList>
#include <QWidget>

#include "core/base/result.h"
#include "core/base/value_snapshot.h"
#include "core/sim/recording.h"

class QComboBox;
class QLabel;
class QSlider;
class QSpinBox;

namespace vaco::ui {

class PlayBar;
class StatePicture;
class Worker;

/// The Side by side dock: what two policies, or a policy and a recording, do from the same state, under one
/// clock. Told what can be chosen and what came of it; runs nothing itself.
class SidePanel : public QWidget {
  Q_OBJECT
 public:
  static constexpr size_t kSides = 2;
  explicit SidePanel(Worker& reaper, QWidget* parent = nullptr);
  [[nodiscard]] QSize minimumSizeHint() const override { return {320, 140}; }

  /// What can act, the same for both sides; what was chosen stays as far as it is there.
  void setSources(const QStringList& labels);
  [[nodiscard]] int source(size_t side) const;
  /// From the beginning of an episode of this number; -1: from what the rollout shows.
  [[nodiscard]] int episode() const;
  void setEnvironment(const QString& environment, const QString& physics);
  /// What a side did; words: whose it is and how it went, or why there is nothing.
  void setStates(size_t side, std::shared_ptr<const Recording> states, const QString& words);
  void setValues(const std::shared_ptr<const ValueSnapshot>& values);
  [[nodiscard]] StatePicture& picture(size_t side) { return *pictures_[side]; }
  [[nodiscard]] PlayBar& bar() { return *bar_; }
  [[nodiscard]] QSlider& scrubber() { return *scrubber_; }
  [[nodiscard]] int time() const;
  void setTime(int time);

 signals:
  void choiceChanged();
  void seen();  ///< it became visible

 protected:
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* makeHeader();
  QWidget* makeOverlays();
  void showTime(int time);

  std::array<StatePicture*, kSides> pictures_{};
  std::array<QComboBox*, kSides> sources_{};
  QComboBox* from_;
  QSpinBox* episode_;
  QSlider* scrubber_;
  QLabel *where_, *told_;
  PlayBar* bar_;
};

}  // namespace vaco::ui
