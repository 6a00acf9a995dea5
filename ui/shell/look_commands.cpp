// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/look_commands.h"

#include <utility>

#include <QCoreApplication>

namespace vaco::ui {

ChangeLook::ChangeLook(FigurePlot& plot, FigureSpec before, FigureSpec after)
    : QUndoCommand(QCoreApplication::translate("ChangeLook", "labels of “%1”").arg(plot.figure().name())),
      plot_(&plot),
      before_(std::move(before)),
      after_(std::move(after)) {}

}  // namespace vaco::ui
