// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/learn/training_data.h"
#include "core/records/diagnostics_table.h"
#include "core/records/run_config.h"

namespace vaco {

struct PreparedData {
  TrainingData training;
  DiagnosticsTable diagnostics;
  std::string environment;         ///< name in the simulator, or what the dataset says; may be empty
  bool can_evaluate = false;       ///< the simulator has the environment
  std::string physics;             ///< to evaluate in, see physics_for(); empty where nothing can be
  std::string reward_scaling;      ///< as resolved, for people: "return_range (x 0.31)"
  std::vector<std::string> notes;  ///< what a user should know about how the data was taken
};

/// Normalizes, scales rewards and lays out what learning needs. Takes the columns out of the dataset (memory).
/// Action bounds are the environment's, or, when the simulator does not know it, those of the data.
/// Errors: the dataset's shapes are not those of the environment (usage), nothing to learn from, or findings of
/// severity error (bad_data).
Result<PreparedData> prepare_data(Dataset&& dataset, const RunConfig& config);

}  // namespace vaco
