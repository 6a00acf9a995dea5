// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/trajectory_history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/files.h"
#include "core/base/readable.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr std::array kRecorded = {"trajectory/q", "trajectory/v", "trajectory/alignment"};

struct Look {
  int64_t step;
  double weight, overall;
  std::array<double, kRecorded.size()> recorded;
};

Result<Look> read_look(const fs::path& path, int64_t trajectory) {
  const auto file = Hdf5File::open(path);
  if (!file) return file.error();
  const auto step = file->integer_attribute("/", "step");
  if (!step) return step.error();
  const auto weights = file->read<double>("trajectory/weight");
  if (!weights) return weights.error();
  const auto lengths = file->read<double>("trajectory/length");
  if (!lengths) return lengths.error();
  const auto& w = weights->values;
  const auto& rows = lengths->values;
  const auto t = static_cast<size_t>(trajectory);
  if (trajectory < 0 || t >= w.size() || rows.size() != w.size())
    return Error{ErrorCode::bad_data, path.string() + " has no trajectory " + std::to_string(trajectory)};
  const double total = std::accumulate(rows.begin(), rows.end(), 0.0);
  Look look{*step, w[t], std::inner_product(w.begin(), w.end(), rows.begin(), 0.0) / std::max(1.0, total), {}};
  for (size_t k = 0; k < kRecorded.size(); ++k) {
    look.recorded[k] = std::numeric_limits<double>::quiet_NaN();
    if (!file->has_array(kRecorded[k])) continue;
    const auto column = file->read<double>(kRecorded[k]);
    if (!column) return column.error();
    if (column->values.size() != w.size())
      return Error{ErrorCode::bad_data, path.string() + ": " + kRecorded[k] + " is not of all trajectories"};
    look.recorded[k] = column->values[t];
  }
  return look;
}

/// What a file calls the columns that there are.
std::vector<std::pair<const char*, std::vector<double>>> columns_of(const TrajectoryHistory& history) {
  std::vector<std::pair<const char*, std::vector<double>>> columns{{"weight", history.weight},
                                                                   {"overall", history.overall}};
  for (auto& [name, column] : {std::pair{"q", history.q},
                               {"v", history.v},
                               {"advantage", history.advantage()},
                               {"alignment", history.alignment}})
    if (!column.empty()) columns.emplace_back(name, column);
  return columns;
}

}  // namespace

std::vector<double> TrajectoryHistory::advantage() const {
  std::vector<double> difference;
  if (v.size() != q.size()) return difference;
  for (size_t i = 0; i < q.size(); ++i) difference.push_back(q[i] - v[i]);
  return difference;
}

Result<TrajectoryHistory> read_trajectory_history(const fs::path& run, int64_t trajectory) {
  std::vector<Look> looks;
  for (const auto& entry : entries_of(run / "diagnostics")) {
    if (entry.extension() != ".h5" || !entry.filename().string().starts_with("step_")) continue;
    auto look = read_look(entry, trajectory);
    if (!look) return look.error();
    looks.push_back(*look);
  }
  std::sort(looks.begin(), looks.end(), [](const Look& a, const Look& b) { return a.step < b.step; });
  TrajectoryHistory history;
  for (const auto& look : looks) {
    history.steps.push_back(look.step);
    history.weight.push_back(look.weight);
    history.overall.push_back(look.overall);
  }
  const std::array recorded = {&history.q, &history.v, &history.alignment};
  for (size_t k = 0; k < recorded.size(); ++k) {
    const bool known = std::any_of(looks.begin(), looks.end(),
                                   [k](const Look& look) { return !std::isnan(look.recorded[k]); });
    for (size_t i = 0; known && i < looks.size(); ++i) recorded[k]->push_back(looks[i].recorded[k]);
  }
  return history;
}

std::string to_csv(const TrajectoryHistory& history) {
  const auto columns = columns_of(history);
  std::string text = "step";
  for (const auto& [name, column] : columns) text += std::string(",") + name;
  text += "\n";
  for (size_t i = 0; i < history.steps.size(); ++i) {
    text += std::to_string(history.steps[i]);
    for (const auto& [name, column] : columns)
      text += "," + (std::isnan(column[i]) ? std::string() : significant(column[i], 9));
    text += "\n";
  }
  return text;
}

Json to_json(const TrajectoryHistory& history) {
  Json json = {{"step", history.steps}};
  for (const auto& [name, column] : columns_of(history)) json[name] = column;
  return json;
}

}  // namespace vaco
