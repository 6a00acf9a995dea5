// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/records/append_file.h"
#include "core/records/events.h"
#include "core/records/run_config.h"
#include "ui/plots/figure_plot.h"
#include "ui/shell/plot_deck.h"

namespace vaco::ui::test {

inline EvaluationDone evaluation(int64_t step, double score) {
  EvaluationDone done;
  done.result.step = step;
  done.result.mean_return = 10.0 * score;
  done.result.std_return = 1.0;
  done.result.returns = {10.0 * score - 1.0, 10.0 * score + 1.0};
  done.result.has_reference = true;
  done.result.normalized_mean = score;
  done.result.normalized_std = 0.1;
  return done;
}

/// A run folder with evaluations of these scores at steps 100, 200, ...; whether it could be written.
inline bool writeRun(const std::filesystem::path& folder, const RunConfig& config,
                     const std::vector<double>& scores, const char* status = "finished") {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const Json manifest{{"status", status}, {"environment", "hopper"}, {"result", {{"pearson_r", 0.5}}}};
  if (!write_json(folder / "config.json", to_json(config)).ok() ||
      !write_json(folder / "manifest.json", manifest).ok())
    return false;
  std::ofstream file(folder / "eval.jsonl");
  int64_t step = 0;
  for (const double score : scores) file << to_line(to_json(evaluation(step += 100, score))) << "\n";
  return file.good();
}

/// Whether any plot has something to draw.
inline bool drawsSomething(const PlotDeck& deck) {
  return std::any_of(deck.plots().begin(), deck.plots().end(),
                     [](const FigurePlot* plot) { return !plot->figure().empty(); });
}

}  // namespace vaco::ui::test
