// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ui/figures/figure_spec.h"

namespace vaco::ui {

/// What was chosen when figures were exported last; the next export begins with it.
struct ExportChoices {
  FigureSpec size;                   ///< width, height, font, dpi and palette; the rest of it means nothing
  std::vector<std::string> formats;  ///< of exportFormats()
  std::set<std::string> left_out;    ///< names of figures that were not wanted

  ExportChoices();
};
Json toJson(const ExportChoices& choices);
/// What cannot be read is as at first.
ExportChoices exportChoicesFromJson(const Json& json);

/// Those of the program, which its window stores. GUI thread.
ExportChoices& exportChoices();

}  // namespace vaco::ui
