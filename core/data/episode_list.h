// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// Episodes of a dataset by their numbers, counted from 0 in the order of the file: what is left out of a run,
/// or picked by hand. As text: numbers and ranges parted by commas, blanks or lines, "3, 17, 20-25"; # begins a
/// comment that goes to the end of its line.
class EpisodeList {
 public:
  EpisodeList() = default;
  /// In any order, some perhaps twice; none below 0.
  static EpisodeList of(const std::vector<int64_t>& episodes);
  /// Usage error that names the line and what stands there.
  static Result<EpisodeList> parse(std::string_view text);
  /// Of a command line: the list itself, or a file that holds one.
  static Result<EpisodeList> read(const std::string& list_or_file);

  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] int64_t size() const;  ///< episodes
  [[nodiscard]] int64_t last() const;  ///< the greatest number; -1 where there is none
  [[nodiscard]] bool contains(int64_t episode) const;
  [[nodiscard]] std::vector<int64_t> numbers() const;  ///< one by one, ascending; for lists of what is there
  void add(const EpisodeList& more);
  /// The number in the file of the nth episode (from 0) that is not in the list: a run that leaves the list out
  /// knows the others as 0, 1, 2, …
  [[nodiscard]] int64_t nth_left(int64_t n) const;
  /// "3,17,20-25": ascending, without blanks; the same episodes give the same text.
  [[nodiscard]] std::string text() const;
  /// The same, cut after so many ranges: "3,17, … (40 episodes)".
  [[nodiscard]] std::string short_text(size_t most_ranges = 8) const;
  friend bool operator==(const EpisodeList&, const EpisodeList&) = default;

 private:
  struct Range {
    int64_t first = 0, last = 0;  ///< both belong to it
    friend bool operator==(const Range&, const Range&) = default;
  };
  void put_in_order();

  std::vector<Range> ranges_;  ///< ascending, never touching each other
};

}  // namespace vaco
