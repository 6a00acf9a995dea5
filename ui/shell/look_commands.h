// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QUndoCommand>

#include "ui/plots/figure_plot.h"

namespace vaco::ui {

/// A plot gets another title, other labels or limits.
class ChangeLook : public QUndoCommand {
 public:
  ChangeLook(FigurePlot& plot, FigureSpec before, FigureSpec after);
  void undo() override { apply(before_); }
  void redo() override { apply(after_); }

 private:
  void apply(const FigureSpec& spec) {
    if (plot_ && !(plot_->spec() == spec)) plot_->choose(spec);
  }
  QPointer<FigurePlot> plot_;
  FigureSpec before_, after_;
};

}  // namespace vaco::ui
