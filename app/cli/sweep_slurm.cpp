// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sweep_slurm.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/sweep_console.h"
#include "app/cli/sweep_table.h"

namespace vaco::cli {
namespace {

std::string progress_text(const CellLook& look) {
  if (look.total_steps <= 0) return "–";
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100.0 * look.fraction());
  return text;
}

std::string queue_text(const SlurmCell& cell) {
  const std::string& why = cell.look.message;
  if (cell.submitted) return why.empty() ? "submitted" : "submitted again; the last time: " + why;
  if (cell.queued || why.empty() || cell.look.state == CellState::finished) return cell.queue;
  return cell.queue + (cell.queue.empty() ? "" : ": ") + why;
}

std::string queue_table(const Plan& plan, const SlurmSweep& sweep) {
  std::vector<TableRow> rows{{"run", "state", "done", "queue"}};
  for (size_t i = 0; i < sweep.cells.size(); ++i)
    rows.push_back({plan.cells[i].name, status_of(sweep.cells[i].look.state),
                    progress_text(sweep.cells[i].look), queue_text(sweep.cells[i])});
  return table_text(rows);
}

}  // namespace

int run_on_slurm(const Plan& plan, SlurmRequest request, bool json) {
  // Out of a bundle, what starts it also finds its libraries.
  if (const char* start = std::getenv("VACO_START")) request.sweep.program = start;
  const bool on_card = std::any_of(plan.cells.begin(), plan.cells.end(),
                                   [](const PlanCell& cell) { return cell.config.device == "cuda"; });
  if (request.needs.gpu.empty() && on_card) request.needs.gpu = "1";
  for (const PlanCell& cell : plan.cells)
    request.needs.cores = std::max(request.needs.cores, cell.config.threads);

  const auto sweep = sweep_on_slurm(plan, request);
  if (!sweep) return report_error("sweep", sweep.error());
  if (!request.submit) {
    if (sweep->script.empty()) std::fprintf(stderr, "nothing is missing: there is nothing to submit\n");
    std::printf("%s", sweep->script.c_str());
    return 0;
  }
  SweepLook look;
  size_t submitted = 0, queued = 0;
  for (const SlurmCell& cell : sweep->cells) {
    look.cells.push_back(cell.look);
    submitted += cell.submitted ? 1 : 0;
    queued += cell.queued ? 1 : 0;
  }
  const bool failed = std::any_of(sweep->cells.begin(), sweep->cells.end(), [](const SlurmCell& cell) {
    return cell.look.state == CellState::failed && !cell.queued;
  });
  if (json) {
    Json all = sweep_to_json(plan, look, request.sweep.out);
    all["job"] = sweep->job;
    for (size_t i = 0; i < sweep->cells.size(); ++i) {
      all["cells"][i]["queue"] = sweep->cells[i].submitted ? "submitted" : sweep->cells[i].queue;
      if (!sweep->cells[i].look.message.empty()) all["cells"][i]["message"] = sweep->cells[i].look.message;
    }
    std::printf("%s\n", to_line(all).c_str());
    return failed ? 1 : 0;
  }
  std::printf("%s", queue_table(plan, *sweep).c_str());
  if (submitted > 0)
    std::printf("\njob %s: %zu run%s submitted\n", sweep->job.c_str(), submitted, submitted == 1 ? "" : "s");
  look.stopped = queued > 0;
  if (!look.stopped) std::printf("\n%s", sweep_table(plan, look, request.sweep.out).c_str());
  print_next(next_after_sweep(look, request.sweep.out));
  return failed ? 1 : 0;
}

}  // namespace vaco::cli
