// SPDX-License-Identifier: GPL-3.0-or-later
// OGBench's npz: observations, actions, qpos, qvel and terminals, which mark where a trajectory ends and never
// a terminal state. Three ways of the same rows: raw (terminals at the last state, whose action is no
// transition), regular (next_observations; terminals at the last transition) and compact (valids 0 at the last
// state). Only single-task sets have rewards, and masks that are 0 where the task is done.
#include <algorithm>

#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/keep_rows.h"
#include "core/data/formats/npz_source.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;

const FlatNeeds kOgBenchNeeds{"an OGBench dataset (it needs observations, actions and terminals)", false, true};

/// Rows that are transitions: all but the last state of each trajectory, which its neighbor gives as successor.
void drop_last_states(RawRows& rows, const std::vector<uint8_t>& is_last) {
  std::vector<int64_t> kept;
  rows.next_observations.resize(rows.observations.size());
  std::copy(rows.observations.begin() + rows.obs_dim, rows.observations.end(), rows.next_observations.begin());
  for (int64_t i = 0; i < rows.rows; ++i) {
    const auto at = static_cast<size_t>(i);
    if (is_last[at]) {
      if (!kept.empty() && kept.back() == i - 1) rows.cuts[at - 1] = 1;
      continue;
    }
    if (i + 1 < rows.rows) kept.push_back(i);
  }
  keep_rows(rows, kept);
}

class OgbenchReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "OGBench npz"; }
  [[nodiscard]] std::string takes() const override {
    return "an .npz archive of OGBench: raw, regular, compact or single-task (the -val file is one of its own)";
  }

  [[nodiscard]] double probe(const fs::path& path) const override {
    if (path.extension() != ".npz") return 0.0;
    const auto source = NpzSource::open(path);
    if (!source || !source->has("observations") || !source->has("actions") || !source->has("terminals"))
      return 0.0;
    const bool states = source->has("qpos") && source->has("qvel") && !source->has("rewards");
    const bool bare = !source->has("rewards") && !source->has("timeouts");
    const bool single_task = source->has("masks") && source->has("rewards") && source->has("next_observations");
    return states || bare || source->has("valids") || single_task ? 0.95 : 0.0;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const fs::path& path, const ReadOptions& options) const override {
    const auto source = NpzSource::open(path);
    if (!source) return source.error();
    const auto layout = find_flat(*source, kOgBenchNeeds, options);
    if (!layout) return layout.error();
    return DatasetHead{layout->observations.width, layout->actions.width,
                       resolve_environment(path, options, {}), "", layout->discrete() ? 2 : 0};
  }

  [[nodiscard]] Result<RawRows> read_rows(const fs::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const auto source = NpzSource::open(path);
    if (!source) return source.error();
    auto layout = find_flat(*source, kOgBenchNeeds, options);
    if (!layout) return layout.error();
    const bool single_task = layout->has(Role::live);
    layout->names[static_cast<size_t>(Role::live)].clear();
    auto rows = read_flat(*source, *layout, progress, stop);
    if (!rows) return rows;
    rows->files = {path};
    rows->ends_are_complete = true;
    std::vector<uint8_t> ends = std::exchange(rows->terminals, std::vector<uint8_t>(rows->terminals.size(), 0));
    if (source->has("valids")) {
      const auto valids = source->doubles("valids", {});
      if (!valids) return valids.error();
      if (valids->size() != ends.size()) return source->wrong("valids", "it does not fit the rows");
      for (size_t i = 0; i < ends.size(); ++i) ends[i] = (*valids)[i] == 0.0;
    }
    rows->cuts.assign(ends.size(), 0);
    if (rows->next_observations.empty())
      drop_last_states(*rows, ends);
    else
      rows->cuts = std::move(ends);
    if (rows->rows == 0) return Error{ErrorCode::bad_data, path.string() + ": it holds no transitions"};
    rows->timeouts.emplace(rows->cuts);
    rows->timeouts->back() = 1;
    if (single_task)
      rows->findings.push_back(
          {Severity::note, "masks",
           "masks are 0 where the task is done, but the trajectories go on behind it; they are "
           "not used, and values are bootstrapped there",
           -1, 0});
    say_neighbor(path, *rows);
    return rows;
  }

 private:
  static void say_neighbor(const fs::path& path, RawRows& rows) {
    std::error_code none;
    const fs::path validation = path.parent_path() / (path.stem().string() + "-val.npz");
    if (fs::is_regular_file(validation, none))
      rows.findings.push_back({Severity::note, "validation_beside",
                               "its validation set lies beside it (" + validation.filename().string() +
                                   ") and is a dataset of its own",
                               -1, 0});
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_ogbench_reader() {
  return std::make_unique<OgbenchReader>();
}

}  // namespace vaco
