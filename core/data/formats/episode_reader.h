// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

#include "core/data/formats/joined_arrays.h"
#include "core/data/raw_rows.h"
#include "core/data/reader.h"

namespace vaco {

/// Where the arrays of one episode of T rows stand, in a layout that keeps each by itself. Empty: absent.
struct EpisodeArrays {
  std::vector<std::string> observations;             ///< joined; T rows, or T + 1 with the final one
  std::vector<std::string> next_observations;        ///< joined; T rows
  std::string actions, rewards;                      ///< [T] or [T, d]
  std::string terminals, timeouts;                   ///< flags [T]
  bool ends_terminal = false, ends_by_time = false;  ///< said of the episode as a whole
};

/// Puts episodes together that a file keeps one by one. First all are looked at, so that sizes are known and
/// checked before memory is taken; then they are read.
class EpisodeReader {
 public:
  EpisodeReader(const ArraySource& source, std::filesystem::path path)
      : source_(source), path_(std::move(path)) {}
  /// bad_data when the arrays do not fit together, or not to the episodes before.
  Result<void> add(EpisodeArrays arrays);
  [[nodiscard]] int64_t rows() const { return rows_; }
  [[nodiscard]] DatasetHead head() const;
  /// All rows; cuts are set behind every episode. An episode without a final observation has no successor in
  /// its last row; expects_final: that is a finding then. Call once, after all episodes were added.
  Result<RawRows> read(bool expects_final, const ProgressFn& progress, const std::stop_token& stop);

 private:
  struct Episode {
    EpisodeArrays arrays;
    JoinedArrays observations, next_observations, actions;
    int64_t rows = 0;
    [[nodiscard]] bool has_final() const { return observations.rows == rows + 1; }
  };
  Result<void> read_one(const Episode& episode, RawRows& rows, bool with_next);
  Result<void> fill_next(const Episode& episode, const std::vector<float>& observations, RawRows& rows);
  Result<void> read_flags(const std::string& array, const Episode& episode, std::vector<uint8_t>& flags);

  const ArraySource& source_;
  std::filesystem::path path_;
  std::vector<Episode> episodes_;
  int64_t rows_ = 0;
};

/// For layouts whose flags "done" may stand at time limits too: the end of an episode without one is a time
/// limit; where every episode ends with one and some reward is given only there, an end without a reward is a
/// time limit; else the flags are mixed (RawRows::ends_are_mixed).
void judge_dones(RawRows& rows);

}  // namespace vaco
