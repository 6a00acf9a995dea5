// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ui/figures/figure.h"

namespace vaco::ui {

/// One kind of figure. A new one is a figure file and a line in the table; ui/plots gives it a widget of its
/// own only when it has controls.
struct FigureInfo {
  FigureKind kind;
  std::string key;    ///< in files: "evaluation_return"
  const char* dock;   ///< its dock in stored layouts, which must never change: "dock.returns"
  const char* title;  ///< of the dock, see figureTitle()
  std::unique_ptr<Figure> (*make)();
};

/// The registry, in the order of docks and exports.
const std::vector<FigureInfo>& figureKinds();
const FigureInfo& figureInfo(FigureKind kind);
/// The title in the user's language.
QString figureTitle(const FigureInfo& info);

}  // namespace vaco::ui
