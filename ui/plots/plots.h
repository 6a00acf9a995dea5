// SPDX-License-Identifier: GPL-3.0-or-later
// The plots of a run, ready to be put into a window.
#pragma once

#include "ui/plots/figure_plot.h"

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace vaco::ui {

/// A plot of the evaluations of any number of runs; raw or D4RL-normalized, run by run or as means over seeds.
class EvaluationPlot : public FigurePlot {
  Q_OBJECT
 public:
  /// Once the user or this has chosen, a reference that turns up later changes nothing any more.
  void setNormalized(bool normalized);
  /// Means over the runs that differ in nothing but the seed; chosen by itself once there are such.
  void setGrouped(bool grouped);
  void setSpread(Spread spread);
  void setBand(bool band);
  void setAlong(Along along);
  void choose(FigureSpec spec) override;

 protected:
  EvaluationPlot(std::unique_ptr<Figure> figure, QWidget* parent);
  void updateControls() override;

 private:
  void makeBandMenu();

  QComboBox* axis_;
  QComboBox* along_ = nullptr;  ///< null where there is no such axis
  QCheckBox* grouped_;
  QToolButton* band_;
  QAction* band_on_ = nullptr;
  std::vector<QAction*> spreads_;
  bool chosen_ = false, chosen_groups_ = false;
};

/// Evaluation return over steps.
class ReturnPlot : public EvaluationPlot {
  Q_OBJECT
 public:
  explicit ReturnPlot(QWidget* parent = nullptr);
};

/// Last and best score as bars.
class ScorePlot : public EvaluationPlot {
  Q_OBJECT
 public:
  explicit ScorePlot(QWidget* parent = nullptr);
};

/// Every training metric: which ones, logarithmic or not, how smooth.
class LossPlot : public FigurePlot {
  Q_OBJECT
 public:
  explicit LossPlot(QWidget* parent = nullptr);
  void setLogarithmic(bool logarithmic);
  /// weight in [0, 0.999]; 0 = off.
  void setSmoothing(double weight);

 protected:
  void updateControls() override;

 private:
  void fillMenu();
  void toggleMetric(const std::string& key, bool on);
  QToolButton* metrics_;
  QCheckBox* logarithmic_;
  QSlider* smoothing_;
  QLabel* smoothingText_;
};

/// A plot of one snapshot of the weights, with a slider over all of them; follows the newest while it stands at
/// the end.
class SnapshotPlot : public FigurePlot {
  Q_OBJECT
 public:
  /// −1 = the newest.
  void setStep(int64_t step);

 signals:
  /// The user chose a snapshot, as setStep() takes it: the other plots of snapshots follow.
  void stepChosen(qint64 step);

 protected:
  SnapshotPlot(std::unique_ptr<Figure> figure, QWidget* parent);
  void updateControls() override;

 private:
  QSlider* slider_;
  QLabel* stepText_;
};

/// Histogram of the row weights by source policy.
class WeightHistogramPlot : public SnapshotPlot {
  Q_OBJECT
 public:
  explicit WeightHistogramPlot(QWidget* parent = nullptr);
  /// Marks these weights on the axis.
  void mark(std::vector<double> weights);

 signals:
  /// A bin was clicked, or a frame drawn: the weights in it; add: to those that are chosen already.
  void weightsChosen(double low, double high, bool add);

 protected:
  void clicked(double x, double y, bool add) override;
  void brushed(AxisLimits x, AxisLimits y, bool add) override;
  void updateControls() override;

 private:
  QCheckBox* share_;
  QCheckBox* logarithmic_;
};

/// Trajectories' mean weight against their return.
class WeightReturnPlot : public SnapshotPlot {
  Q_OBJECT
 public:
  explicit WeightReturnPlot(QWidget* parent = nullptr);
  /// Rings a trajectory; -1 = none.
  void select(int trajectory);
  /// Trajectories that light up, increasing; empty: all do.
  void light(const std::vector<int>& trajectories);
  /// The trajectories whose mean weight in the snapshot that is drawn lies between these.
  [[nodiscard]] std::vector<int> withWeights(double low, double high) const;
  [[nodiscard]] std::vector<double> weightsOf(const std::vector<int>& trajectories) const;

 signals:
  /// A frame was drawn around these points, or one was clicked with Ctrl; add: to those that are chosen
  /// already.
  void trajectoriesChosen(const std::vector<int>& trajectories, bool add);
  /// Another snapshot is drawn.
  void snapshotChanged();
  /// A trajectory's point was clicked, or another snapshot of the ringed one is drawn; its index in the
  /// dataset's episodes, and the snapshot's step.
  void trajectoryChosen(int trajectory, qint64 step);

 protected:
  void clicked(double x, double y, bool add) override;
  void brushed(AxisLimits x, AxisLimits y, bool add) override;
  void updateControls() override;

 private:
  int selected_ = -1;
  int64_t told_step_ = -1;   ///< of the last trajectoryChosen()
  int64_t drawn_step_ = -1;  ///< of the last snapshotChanged()
};

/// The widget of a kind of figure: one with controls of its own where the kind has such, else the plain one.
FigurePlot* makePlot(FigureKind kind, QWidget* parent);

}  // namespace vaco::ui
