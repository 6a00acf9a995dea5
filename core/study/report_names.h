// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/study/report.h"

namespace vaco {

/// The columns and rows of a report, in their order.
struct GroupNames {
  std::vector<std::string> datasets, labels;
};
/// Gives every run the names of its dataset and of its algorithm: those of the plan.json beside it, else the
/// file's and the algorithm's own. Where one name would stand for several experiments (see settings_identity),
/// what they differ in is added, so that two runs share both names only if they are alike in all but the seed.
GroupNames name_groups(std::vector<ReportRun>& runs);

}  // namespace vaco
