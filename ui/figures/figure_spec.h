// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace vaco::ui {

/// Which figure; figure_kinds.h has the table of them.
enum class FigureKind {
  evaluationReturn,
  metrics,
  weightHistogram,
  weightReturn,
  effectiveSamples,
  correlation,
  scores
};
/// As files name it.
std::string toText(FigureKind kind);

/// What a band or a whisker over the runs of a group shows: ± their standard deviation, ± the standard error of
/// their mean, the 95 % bootstrap interval of the mean, or the smallest and the largest of them.
enum class Spread { deviation, standardError, bootstrap, range };
inline constexpr Spread kSpreads[] = {Spread::deviation, Spread::standardError, Spread::bootstrap,
                                      Spread::range};
std::string toText(Spread spread);

/// What the evaluations stand over: all gradient steps of a run, those since its policy learns (runs with and
/// without a phase of value learning can then be compared), or the time that training took.
enum class Along { gradientSteps, policySteps, minutes };
inline constexpr Along kAlongs[] = {Along::gradientSteps, Along::policySteps, Along::minutes};
std::string toText(Along along);

/// Ends of an axis, low < high.
struct AxisLimits {
  double low = 0.0;
  double high = 1.0;
  bool operator==(const AxisLimits&) const = default;
};

/// All that decides a figure besides the runs' numbers: the window, the export and the command line draw from
/// the same one.
struct FigureSpec {
  FigureKind kind = FigureKind::evaluationReturn;
  std::vector<std::filesystem::path> runs;  ///< run folders, in the order of their colours
  std::vector<std::string> metrics;         ///< metric keys (kind metrics); empty = every key with "loss" in it
  bool normalized = false;  ///< D4RL-normalized score instead of the raw return (evaluationReturn, scores)
  bool band = true;         ///< the ± standard deviation band or the 95 % interval
  bool grouped = false;  ///< means over the runs that differ in nothing but the seed (evaluationReturn, scores)
  Spread spread = Spread::deviation;        ///< of the runs of a group
  Along along = Along::gradientSteps;       ///< the x axis (evaluationReturn)
  bool logarithmic = false;                 ///< y axis; values <= 0 cannot be drawn on it
  bool share = false;                       ///< share of the source's rows instead of counts (weightHistogram)
  double smoothing = 0.0;                   ///< debiased exponential smoothing of metrics, [0, 0.999]
  int64_t step = -1;                        ///< which snapshot (weightHistogram, weightReturn); -1 = the newest
  double widthMm = 120.0, heightMm = 80.0;  ///< of the exported figure, 20 to 1000
  double fontPt = 8.0;                      ///< of the exported figure, 4 to 48
  std::string font;  ///< "sans", "serif" or a family of this machine; empty = the program's, on paper sans
  int dpi = 300;     ///< of an exported PNG, 30 to 1200
  std::string palette = "okabe-ito";  ///< "okabe-ito", "tol-bright", "grey"
  std::map<std::string, std::string>
      labels;                      ///< replaces "title", "x", "y", or the name of a run, source or metric
  std::optional<AxisLimits> x, y;  ///< unset = so that everything shows

  bool operator==(const FigureSpec&) const = default;
};

/// With its keys in a fixed order.
Json toJson(const FigureSpec& spec);
/// Missing keys keep their default; the error (bad_data) names the key and what it takes.
Result<FigureSpec> figureSpecFromJson(const Json& json);

}  // namespace vaco::ui
