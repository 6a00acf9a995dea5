// SPDX-License-Identifier: GPL-3.0-or-later
// The plots of evaluations, which any number of runs may share.
#include <QActionGroup>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <utility>

#include "ui/figures/return_figure.h"
#include "ui/figures/score_figure.h"
#include "ui/plots/plots.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

namespace {
constexpr int kNarrowCombo = 70;  // pixels
}  // namespace

EvaluationPlot::EvaluationPlot(std::unique_ptr<Figure> figure, QWidget* parent)
    : FigurePlot(std::move(figure), parent),
      axis_(new QuietCombo(this)),
      grouped_(new QCheckBox(tr("Mean over seeds"), this)),
      band_(new QToolButton(this)) {
  axis_->addItems({tr("Raw return"), tr("Normalized")});
  axis_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  axis_->setMinimumWidth(kNarrowCombo);  // they give way first where the plot is narrow
  axis_->setAccessibleName(tr("Axis of the evaluation return"));
  axis_->setToolTip(tr("Normalized score: 0 is the random policy, 100 the expert of D4RL's reference returns"));
  grouped_->setToolTip(
      tr("Runs that differ in nothing but the seed become one curve or bar; its n says how many they are"));
  band_->setText(tr("Band"));
  band_->setToolTip(tr("What is drawn around a mean"));
  band_->setPopupMode(QToolButton::InstantPopup);
  makeBandMenu();
  controls()->addWidget(axis_);
  if (this->figure().kind() == FigureKind::evaluationReturn) {
    along_ = new QuietCombo(this);
    along_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    along_->setMinimumWidth(kNarrowCombo);
    along_->setObjectName("alongAxis");
    along_->addItems({tr("All steps"), tr("Policy steps"), tr("Time")});
    along_->setAccessibleName(tr("Horizontal axis"));
    along_->setToolTip(
        tr("Steps of the policy leave the phase of value learning out, so that BC and VACO can be "
           "compared"));
    controls()->addWidget(along_);
    connect(along_, &QComboBox::activated, this, [this](int index) { setAlong(kAlongs[index]); });
  }
  controls()->addWidget(grouped_);
  controls()->addStretch();
  controls()->addWidget(band_);
  connect(axis_, &QComboBox::activated, this, [this](int index) { setNormalized(index == 1); });
  connect(grouped_, &QCheckBox::toggled, this, &EvaluationPlot::setGrouped);
}

void EvaluationPlot::makeBandMenu() {
  auto* menu = new QMenu(band_);
  auto* one_of = new QActionGroup(menu);
  for (const Spread spread : kSpreads) {
    auto* action = menu->addAction(tr("%1 of the runs").arg(spreadLabel(spread)));
    action->setCheckable(true);
    one_of->addAction(action);
    spreads_.push_back(action);
    connect(action, &QAction::triggered, this, [this, spread] { setSpread(spread); });
  }
  menu->addSeparator();
  band_on_ = menu->addAction(tr("Show the band"));
  band_on_->setCheckable(true);
  connect(band_on_, &QAction::triggered, this, &EvaluationPlot::setBand);
  band_->setMenu(menu);
}

void EvaluationPlot::setNormalized(bool normalized) {
  chosen_ = true;
  ownSpec().normalized = normalized;
  resetView();
}

void EvaluationPlot::setGrouped(bool grouped) {
  chosen_groups_ = true;
  ownSpec().grouped = grouped;
  resetView();
}

void EvaluationPlot::setSpread(Spread spread) {
  ownSpec().spread = spread;
  ownSpec().band = true;
  resetView();
}

void EvaluationPlot::setBand(bool band) {
  ownSpec().band = band;
  resetView();
}

void EvaluationPlot::setAlong(Along along) {
  ownSpec().along = along;
  resetView();
}

void EvaluationPlot::choose(FigureSpec spec) {
  chosen_ = chosen_groups_ = true;
  FigurePlot::choose(std::move(spec));
}

void EvaluationPlot::updateControls() {
  if (along_) along_->setCurrentIndex(static_cast<int>(ownSpec().along));

  const bool reference = figure().hasReference();
  axis_->setEnabled(reference);
  if (reference && !chosen_) {
    chosen_ = true;
    ownSpec().normalized = true;
  }
  axis_->setCurrentIndex(ownSpec().normalized ? 1 : 0);
  const bool seeds = figure().hasSeeds();
  if (!chosen_groups_) ownSpec().grouped = seeds;
  const QSignalBlocker quiet(grouped_);
  grouped_->setEnabled(seeds || ownSpec().grouped);
  grouped_->setChecked(ownSpec().grouped);
  for (size_t i = 0; i < spreads_.size(); ++i) {
    spreads_[i]->setEnabled(ownSpec().grouped);
    spreads_[i]->setChecked(ownSpec().spread == kSpreads[i]);
  }
  band_on_->setChecked(ownSpec().band);
}

ReturnPlot::ReturnPlot(QWidget* parent) : EvaluationPlot(std::make_unique<ReturnFigure>(), parent) {}

ScorePlot::ScorePlot(QWidget* parent) : EvaluationPlot(std::make_unique<ScoreFigure>(), parent) {}

}  // namespace vaco::ui
