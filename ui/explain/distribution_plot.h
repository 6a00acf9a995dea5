// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include <QWidget>

#include "core/data/dataset.h"
#include "ui/figures/plot_theme.h"

class QComboBox;
class QCustomPlot;

namespace vaco::ui {

/// The distribution of an observation, an action or the reward over the data, and over one episode in front.
class DistributionPlot : public QWidget {
  Q_OBJECT
 public:
  explicit DistributionPlot(QWidget* parent = nullptr);
  void setDataset(std::shared_ptr<const Dataset> dataset);
  void setEpisode(int episode);  ///< -1 = none
  void setColumn(int column);    ///< observations, then actions, then the reward
  [[nodiscard]] QCustomPlot& canvas() { return *plot_; }

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void draw();
  void refresh();

  std::shared_ptr<const Dataset> dataset_;
  int episode_ = -1;
  bool dirty_ = false;
  PlotTheme theme_;
  QComboBox* column_;
  QCustomPlot* plot_;
};

}  // namespace vaco::ui
