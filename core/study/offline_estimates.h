// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/records/run_config.h"
#include "core/session/offline_evaluation.h"
#include "core/study/report_tables.h"

namespace vaco {

/// Estimates the value of a run's last policy from the run's dataset by fitted Q evaluation, and keeps it in
/// the run folder (offline_evaluation.json). Takes minutes. steps: gradient steps of the critics. Errors: those
/// of evaluate_offline(), and no policy there yet.
Result<OfflineEvaluation> estimate_run(const std::filesystem::path& run_folder, const RunConfig& config,
                                       const ProgressFn& progress = {}, std::stop_token stop = {},
                                       int64_t steps = 50000);

/// The estimates that runs of a report have, beside what their data and their evaluations say. No rows where
/// none has one.
ReportTable offline_table(const Report& report);

}  // namespace vaco
