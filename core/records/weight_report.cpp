// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/weight_report.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "core/base/files.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {
namespace {

constexpr int kResamples = 1000;
constexpr uint64_t kBootstrapSeed = 20250101;

std::vector<double> fixed_edges(std::span<const float> weights) {
  const bool wide = std::any_of(weights.begin(), weights.end(), [](float w) { return w > 1.0f; });
  return wide ? linear_edges(0.0, 10.0, 100) : linear_edges(0.0, 1.0, 50);
}

double mean_of(std::span<const float> values) {
  double sum = 0.0;
  for (const float value : values) sum += value;
  return values.empty() ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(values.size());
}

}  // namespace

WeightReport make_weight_report(std::span<const float> row_weights, const DiagnosticsTable& table, int64_t step,
                                const std::string& phase) {
  WeightReport report;
  report.step = step;
  report.phase = phase;
  report.sources = table.sources;
  const auto edges = fixed_edges(row_weights);
  std::vector<std::vector<float>> by_source(table.sources.size());
  if (table.row_source.empty())
    by_source.front().assign(row_weights.begin(), row_weights.end());
  else
    for (size_t row = 0; row < row_weights.size(); ++row)
      by_source[static_cast<size_t>(table.row_source[row])].push_back(row_weights[row]);
  for (const auto& weights : by_source) {
    report.histograms.push_back(histogram(weights, edges));
    report.source_mean_weight.push_back(mean_of(weights));
  }
  const auto& episodes = table.episodes;
  for (size_t t = 0; t < episodes.size(); ++t)
    report.trajectory_weight.push_back(mean_of(
        row_weights.subspan(static_cast<size_t>(episodes.first[t]), static_cast<size_t>(episodes.length[t]))));
  report.trajectory_return = episodes.returns;
  report.trajectory_source = table.trajectory_source;
  report.pearson =
      bootstrap_pearson(report.trajectory_weight, report.trajectory_return, kResamples, kBootstrapSeed);
  report.spearman =
      bootstrap_spearman(report.trajectory_weight, report.trajectory_return, kResamples, kBootstrapSeed);
  report.ess = effective_sample_size(row_weights);
  report.mean_weight = mean_of(row_weights);
  const auto small = std::count_if(row_weights.begin(), row_weights.end(), [](float w) { return w < 0.01f; });
  report.share_below_001 =
      static_cast<double>(small) / static_cast<double>(std::max<size_t>(1, row_weights.size()));
  return report;
}

Result<void> write_trajectory_weights(const std::filesystem::path& path, const WeightReport& report,
                                      const EpisodeTable& episodes, const TrajectoryValues& values) {
  return write_file_atomically(path, [&](const std::filesystem::path& temporary) -> Result<void> {
    auto file = Hdf5File::create(temporary);
    if (!file) return file.error();
    const std::vector<int64_t> shape{static_cast<int64_t>(episodes.size())};
    if (auto r = file->write("trajectory/weight", shape, report.trajectory_weight); !r) return r;
    if (auto r = file->write("trajectory/return", shape, report.trajectory_return); !r) return r;
    if (auto r = file->write("trajectory/source", shape, report.trajectory_source); !r) return r;
    if (auto r = file->write("trajectory/first", shape, episodes.in_file()); !r) return r;
    if (auto r = file->write("trajectory/length", shape, episodes.length); !r) return r;
    for (const auto& [name, column] : {std::pair{"trajectory/q", &values.q},
                                       {"trajectory/v", &values.v},
                                       {"trajectory/alignment", &values.alignment}})
      if (!column->empty())
        if (auto r = file->write(name, shape, *column); !r) return r;
    if (auto r = file->write_texts("sources", report.sources); !r) return r;
    if (auto r = file->set_attribute("/", "step", report.step); !r) return r;
    return file->close();
  });
}

Result<void> read_trajectory_weights(const std::filesystem::path& path, WeightReport& report) {
  const auto file = Hdf5File::open(path);
  if (!file) return file.error();
  auto weight = file->read<double>("trajectory/weight");
  if (!weight) return weight.error();
  auto returns = file->read<double>("trajectory/return");
  if (!returns) return returns.error();
  auto source = file->read<int32_t>("trajectory/source");
  if (!source) return source.error();
  const auto known = static_cast<int32_t>(report.sources.size());
  const bool sound = std::all_of(source->values.begin(), source->values.end(),
                                 [&](int32_t id) { return id >= 0 && id < known; });
  if (weight->values.size() != returns->values.size() || weight->values.size() != source->values.size() ||
      !sound)
    return Error{ErrorCode::bad_data, path.string() + " does not fit the run it lies in"};
  report.trajectory_weight = std::move(weight->values);
  report.trajectory_return = std::move(returns->values);
  report.trajectory_source = std::move(source->values);
  return {};
}

}  // namespace vaco
