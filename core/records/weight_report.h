// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>

#include "core/records/diagnostics_table.h"
#include "core/records/events.h"
#include "core/records/trajectory_values.h"

namespace vaco {

/// What the weights of all N rows look like. Deterministic: the bootstrap has a fixed seed.
/// Histogram edges are fixed, never fitted: 50 bins over [0, 1] while no weight exceeds 1, else 100 bins over
/// [0, 10] (weights above 10 count in the last one). A correlation that does not exist (constant weights, fewer
/// than two trajectories) is NaN.
WeightReport make_weight_report(std::span<const float> row_weights, const DiagnosticsTable& table, int64_t step,
                                const std::string& phase);

/// diagnostics/step_*.h5: trajectory/{weight, return, source, first, length}, sources, attribute step. first is
/// the row in the dataset's file. Of values, trajectory/{q, v, alignment}, those that there are.
Result<void> write_trajectory_weights(const std::filesystem::path& path, const WeightReport& report,
                                      const EpisodeTable& episodes, const TrajectoryValues& values = {});
/// Fills the per-trajectory columns of a report.
Result<void> read_trajectory_weights(const std::filesystem::path& path, WeightReport& report);

}  // namespace vaco
