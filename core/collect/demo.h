// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/records/run_config.h"

namespace vaco {

/// Path of the demo dataset (hopper, v2: random, medium and expert behavior in equal parts); made by rolling
/// out the shipped policies at first use, a few seconds.
Result<std::filesystem::path> demo_dataset(const ProgressFn& progress = {}, std::stop_token stop = {});
/// The demo experiment on it: algorithm "vaco" or "bc", preset "demo".
Result<RunConfig> demo_config(const std::string& algorithm, const std::filesystem::path& dataset);

}  // namespace vaco
