// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/records/run_reader.h"
#include "ui/figures/figure_spec.h"

namespace vaco::ui {

/// Several figures on one page, in rows of as many as there are columns, with letters to name them by.
struct FigurePage {
  std::vector<FigureSpec> panels;
  int columns = 2;         ///< 1 to 8
  double widthMm = 180.0;  ///< of the page; the panels share it, and keep the shape of the first one
  bool letters = true;     ///< "a", "b", ... at the upper left of each
  bool operator==(const FigurePage&) const = default;
};
/// With its keys in a fixed order; "kind" is "page".
Json toJson(const FigurePage& page);
/// The error (bad_data) names the key and what it takes.
Result<FigurePage> figurePageFromJson(const Json& json);

/// What a .figure.json holds, and the runs that it is drawn from.
struct StoredFigure {
  std::string name;  ///< of the file, without its endings
  FigurePage page;   ///< of a single figure: one panel, in its own size
  bool single = true;
  std::vector<RunRecord> runs;  ///< of all panels
};
/// Runs are looked for where the file says, else beside the file and above it, so that a folder can be moved.
Result<StoredFigure> readFigureFile(const std::filesystem::path& path);

/// Draws the page in the paper style and writes it atomically, with the page saved beside it as
/// <name>.figure.json; CSV has the numbers of all panels, each under its letter. runs: of all panels, each of
/// which takes those that its spec names. GUI thread. Errors as exportFigure().
Result<void> exportPage(const FigurePage& page, const std::vector<RunRecord>& runs,
                        const std::filesystem::path& path, const std::string& format);

/// The records of these folders, in their order; those that are not there are left out.
std::vector<RunRecord> recordsOf(const std::vector<std::filesystem::path>& folders,
                                 const std::vector<RunRecord>& runs);

}  // namespace vaco::ui
