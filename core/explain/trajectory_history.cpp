// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/trajectory_history.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "core/base/files.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {
namespace fs = std::filesystem;

Result<TrajectoryHistory> read_trajectory_history(const fs::path& run, int64_t trajectory) {
  struct Look {
    int64_t step;
    double weight, overall;
  };
  std::vector<Look> looks;
  for (const auto& entry : entries_of(run / "diagnostics")) {
    if (entry.extension() != ".h5" || !entry.filename().string().starts_with("step_")) continue;
    const auto file = Hdf5File::open(entry);
    if (!file) return file.error();
    const auto step = file->integer_attribute("/", "step");
    if (!step) return step.error();
    const auto weights = file->read<double>("trajectory/weight");
    if (!weights) return weights.error();
    const auto lengths = file->read<double>("trajectory/length");
    if (!lengths) return lengths.error();
    const auto& w = weights->values;
    const auto& rows = lengths->values;
    if (trajectory < 0 || static_cast<size_t>(trajectory) >= w.size() || rows.size() != w.size())
      return Error{ErrorCode::bad_data, entry.string() + " has no trajectory " + std::to_string(trajectory)};
    const double total = std::accumulate(rows.begin(), rows.end(), 0.0);
    looks.push_back({*step, w[static_cast<size_t>(trajectory)],
                     std::inner_product(w.begin(), w.end(), rows.begin(), 0.0) / std::max(1.0, total)});
  }
  std::sort(looks.begin(), looks.end(), [](const Look& a, const Look& b) { return a.step < b.step; });
  TrajectoryHistory history;
  for (const auto& look : looks) {
    history.steps.push_back(look.step);
    history.weight.push_back(look.weight);
    history.overall.push_back(look.overall);
  }
  return history;
}

}  // namespace vaco
