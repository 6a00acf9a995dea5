// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/data/findings.h"

namespace vaco {

/// "1 row has", "7 rows have".
inline std::string counted(int64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}
inline std::string rows_text(int64_t count) {
  return counted(count, "row", "rows");
}
inline std::string episodes_text(int64_t count) {
  return counted(count, "episode", "episodes");
}

/// Rows that a finding is about.
struct FindingRows {
  int64_t first = -1, count = 0;
  std::vector<std::pair<int64_t, int64_t>> runs{};  ///< of rows behind each other: first and last; or not known
  /// Rows are added in their order.
  void add(int64_t row) {
    if (count++ == 0) first = row;
    if (!runs.empty() && runs.back().second + 1 == row)
      runs.back().second = row;
    else
      runs.emplace_back(row, row);
  }
  static FindingRows run(int64_t first, int64_t count) { return {first, count, {{first, first + count - 1}}}; }
};

/// The work of find_quirks(), one look a method. What is odd about episodes and their ends is in
/// episode_findings.cpp, what is odd about rows beside each other in order_findings.cpp.
class Linter {
 public:
  Linter(const Dataset& dataset, const ReadFacts& facts) : d_(dataset), facts_(facts) {}
  /// What was found, errors first.
  std::vector<Finding> run();

 private:
  void numbers();
  void environment();
  void columns();  // column_findings.cpp
  void huge_numbers(const std::string& name, const std::vector<float>& values, int64_t width);
  void constant_columns();
  void saturated_actions();
  void actions();
  void rewards();
  void duplicates();
  void layout();

  void ends();
  void chain();
  void lengths();
  void short_episodes();
  void position_jumps();

  void repeated_ends();
  void duplicated_episodes();
  void frozen_rows();
  void unmarked_resets();
  void shifted_rewards();
  void drift();
  void sources();

  void add(Severity severity, const char* key, std::string message, const FindingRows& rows = {}) {
    found_.push_back({severity, key, std::move(message), rows.first, rows.count, episodes_of(rows)});
  }
  [[nodiscard]] EpisodeList episodes_of(const FindingRows& rows) const;
  [[nodiscard]] int64_t last_row(size_t episode) const {
    return d_.episodes.first[episode] + d_.episodes.length[episode] - 1;
  }
  /// The rows with a successor in their episode for which holds(row).
  template <class Holds>
  [[nodiscard]] FindingRows followed_rows(Holds&& holds) const {
    FindingRows rows;
    for (size_t e = 0; e < d_.episodes.size(); ++e)
      for (int64_t i = d_.episodes.first[e]; i < last_row(e); ++i)
        if (holds(i)) rows.add(i);
    return rows;
  }
  /// Rows with a NaN or an infinity in a column of so many numbers per row.
  [[nodiscard]] FindingRows not_finite(const std::vector<float>& column, int64_t width) const;

  const Dataset& d_;
  const ReadFacts& facts_;
  std::vector<Finding> found_;
};

}  // namespace vaco
