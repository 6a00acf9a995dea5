// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/data/dataset.h"
#include "core/data/episode_list.h"

namespace vaco {

/// Which episodes of a dataset are taken; what is not said leaves all. An episode is taken where every
/// condition holds, and of those the best by rank until they have the share of the rows that is to be kept.
struct Selection {
  std::vector<std::string> sources{};  ///< behavior policies, by name
  std::optional<double> least_return{}, most_return{};
  std::optional<int64_t> least_length{}, most_length{};  ///< rows
  std::vector<std::string> without_findings{};  ///< episodes that findings with these keys are about go
  std::optional<EpisodeList> only{};            ///< a list made by hand
  EpisodeList exclude{};                        ///< and another one of those that go
  enum class Rank { none, by_return, by_weight };
  Rank rank = Rank::none;
  double keep = 1.0;  ///< share of the rows, 0 < keep ≤ 1, with a rank

  [[nodiscard]] bool chooses() const;
};

/// The episodes [T] that are taken. weights [T]: of each, for Rank::by_weight; NaN where there is none, which
/// ranks last. Usage error where nothing is left, a policy or finding is not there (the message tells those
/// that are), or it is not known which episodes a finding is about.
Result<std::vector<bool>> select_episodes(const Dataset& dataset, const Selection& selection,
                                          std::span<const double> weights = {});
/// What was asked for, for the provenance of a file.
Json to_json(const Selection& selection);

}  // namespace vaco
