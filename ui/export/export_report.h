// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <filesystem>
#include <string>
#include <vector>

#include "core/study/report.h"
#include "ui/figures/figure_spec.h"

namespace vaco::ui {

/// Writes the figures of a report into a folder and gives their paths: scores (last and best), profiles, and
/// weight against return and the histogram of weights for each dataset and algorithm that has weights, each of
/// the run whose r is the median of its seeds. GUI thread; needs a QApplication.
Result<std::vector<std::filesystem::path>> exportReportFigures(const Report& report,
                                                               const std::filesystem::path& out,
                                                               const std::vector<std::string>& formats,
                                                               const FigureSpec& size = {});

/// vaco-workbench --report-figures DIR [DIR2...] --out DIR --format pdf,svg,png,csv [--count-unfinished]. As
/// runExportCommand().
int runReportFiguresCommand(const QStringList& args);

}  // namespace vaco::ui
