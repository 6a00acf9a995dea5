// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "core/data/reader.h"
#include "core/learn/algorithm.h"
#include "core/sim/evaluator.h"

namespace vaco {

/// The things a session lets others do. The defaults are the real ones; tests put small ones in their
/// place.
struct SessionParts {
  std::function<Result<DatasetHead>(const std::filesystem::path&, const ReadOptions&)> read_head =
      read_dataset_head;
  std::function<Result<Dataset>(const std::filesystem::path&, const ReadOptions&, const ProgressFn&,
                                std::stop_token)>
      read = read_dataset;
  std::function<Result<std::unique_ptr<Algorithm>>(const std::string&, const ParamSet&, const TrainingData&,
                                                   uint64_t, const ComputeOptions&)>
      make = make_algorithm;
  std::function<Result<EvaluationResult>(const PolicySnapshot&, const EvaluationOptions&, std::stop_token)>
      evaluate = evaluate_policy;
};

}  // namespace vaco
