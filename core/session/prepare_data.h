// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/learn/training_data.h"
#include "core/records/diagnostics_table.h"
#include "core/records/fingerprint.h"
#include "core/records/run_config.h"

namespace vaco {

/// How data are made ready for learning. A run goes on by the rule it was begun with.
enum class Preparation {
  first = 1,  ///< actions in the unit of the data, constant columns of observations magnified
  units = 2   ///< actions in units of their bounds, constant columns as they are
};

struct PreparedData {
  TrainingData training;
  DiagnosticsTable diagnostics;
  Preparation preparation = Preparation::first;  ///< the first rule that gives these very numbers
  std::vector<float> action_low, action_high;    ///< [action_dim] in the unit of the data, for policies
  std::string environment;     ///< name in the simulator, or what the dataset says; may be empty
  bool can_evaluate = false;   ///< the simulator has the environment
  std::string physics;         ///< to evaluate in, see physics_for(); empty where nothing can be
  std::string reward_scaling;  ///< as resolved, for people: "return_range (x 0.31)"
  float reward_low = 0.0F, reward_high = 0.0F;  ///< of the rewards that are learned from
  std::vector<std::string> notes;               ///< what a user should know about how the data was taken
};

/// Normalizes, scales actions and rewards and lays out what learning needs. Takes the columns out of the
/// dataset (memory). Action bounds are the environment's, or, when the simulator does not know it or the
/// actions are in another unit, those of the data. Errors: the dataset's shapes are not those of the
/// environment (usage), nothing to learn from, findings of severity error, or numbers too large to be
/// normalized (bad_data).
Result<PreparedData> prepare_data(Dataset&& dataset, const RunConfig& config,
                                  Preparation preparation = Preparation::units);

/// What a run has settled about its data when it began stays, whatever its dataset's file is called by now:
/// takes the environment into the configuration where that leaves it open, and gives the rule of preparation.
Preparation take_settled(RunConfig& config, const Fingerprint& begun);

/// What of the data decides a run's numbers: content hash, environment, action bounds, normalizer, preparation.
Fingerprint data_fingerprint(const PreparedData& prepared, const std::string& dataset_hash);

}  // namespace vaco
