// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/episode_list.h"
#include "core/data/findings.h"

namespace vaco {

/// Takes episodes, and all that the facts say of their rows, out of a dataset that has no findings yet. Gives
/// the rows that are left [N], by their numbers in the file. Usage error where there is no such episode or none
/// would be left.
Result<std::vector<int64_t>> leave_out(Dataset& dataset, ReadFacts& facts, const EpisodeList& episodes);

/// Gives findings about the rows that are left the numbers that rows and episodes have in the file.
void number_as_in_file(std::span<Finding> findings, const std::vector<int64_t>& left, const EpisodeList& out);

}  // namespace vaco
