// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/json.h"
#include "core/base/param_spec.h"
#include "core/base/result.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// What there is to say of the algorithms, without the algorithms: for programs that do not load libtorch.
struct Catalogue {
  std::vector<AlgorithmInfo> algorithms;
  std::vector<ParamSpec> online_td3;
};

/// The whole catalogue; infinite bounds are null.
Json to_json(const Catalogue& catalogue);
/// The same back; equal in every field. Metrics live as long as the process. Errors: not such a JSON (failed).
Result<Catalogue> catalogue_from_json(const Json& json);

}  // namespace vaco
