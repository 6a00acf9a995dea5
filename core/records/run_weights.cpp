// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_weights.h"

#include <algorithm>
#include <limits>

#include "core/base/json_value.h"
#include "core/data/reader.h"
#include "core/hdf5/hdf5_file.h"
#include "core/records/run_config.h"
#include "core/records/run_folder.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;

Result<fs::path> newest_report(const fs::path& run) {
  fs::path newest;  // step numbers have leading zeros
  for (const auto& file : entries_of(run / "diagnostics"))
    if (file.extension() == ".h5") newest = std::max(newest, file);
  if (newest.empty())
    return Error{ErrorCode::bad_data,
                 run.string() +
                     " has no weights of trajectories (diagnostics/step_*.h5): it is no run, "
                     "has not come that far, or its algorithm weighs nothing"};
  return newest;
}

}  // namespace

Result<std::vector<double>> weights_of_run(const fs::path& run_folder, const Dataset& dataset) {
  const auto report = newest_report(run_folder);
  if (!report) return report.error();
  const auto json = read_json(run_folder / "config.json");
  if (!json) return json.error();
  const auto config = config_from_json(*json);
  if (!config) return config.error().within(run_folder.string());
  const auto reading = reading_of(*config);
  if (!reading) return reading.error();
  const auto other = [&](const std::string& how) {
    return Error{ErrorCode::usage, "the run " + run_folder.string() + " was trained on other data than " +
                                       dataset.source.path.string() + " (" + how +
                                       "), so its weights say nothing of these episodes"};
  };
  const auto manifest = read_json(run_folder / "manifest.json");
  if (manifest && manifest->contains("dataset"))
    if (const auto hash = value_or<std::string>((*manifest)["dataset"], "hash", {});
        !hash.empty() && hash != dataset.source.hash)
      return other("its content is another");
  const auto file = Hdf5File::open(*report);
  if (!file) return file.error();
  const auto weights = file->read<double>("trajectory/weight");
  if (!weights) return weights.error();
  const auto lengths = file->read<int64_t>("trajectory/length");
  if (!lengths) return lengths.error();
  const auto episodes = static_cast<int64_t>(dataset.episodes.size());
  if (static_cast<int64_t>(weights->values.size()) + reading->exclude.size() != episodes ||
      weights->values.size() != lengths->values.size())
    return other("it has another number of episodes");
  std::vector<double> all(dataset.episodes.size(), std::numeric_limits<double>::quiet_NaN());
  for (size_t i = 0; i < weights->values.size(); ++i) {
    const int64_t episode = reading->exclude.nth_left(static_cast<int64_t>(i));
    if (episode >= episodes || dataset.episodes.length[static_cast<size_t>(episode)] != lengths->values[i])
      return other("its episodes have other lengths");
    all[static_cast<size_t>(episode)] = weights->values[i];
  }
  return all;
}

}  // namespace vaco
