// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/data/dataset.h"

namespace vaco {

/// Largest distance between a stored next observation and the next row's observation that still counts as the
/// same state: it covers rounding to float32, relative to the size of the numbers.
inline constexpr double kChainTolerance = 1e-6;

/// Rows i whose stored next observation is not row i + 1's observation. [N] flags; the last row's is 0.
std::vector<uint8_t> find_jumps(std::span<const float> observations, std::span<const float> next_observations,
                                int64_t rows, int64_t obs_dim);

struct EpisodeEnds {
  EpisodeTable episodes;
  std::vector<uint8_t> timeouts;  ///< [N] as resolved: never together with terminal, step limits included
  int64_t terminal_and_timeout = 0, first_terminal_and_timeout = -1;
  int64_t ended_by_limit = 0;                  ///< episodes that only the step limit ended
  int64_t ended_by_jump = 0, first_jump = -1;  ///< episodes that only a jump ended
};

/// Splits rows into episodes. An episode ends at a terminal, a timeout, after limit rows (limit 0: never), or
/// at a jump, and the last one at the end of the file. Pass no limit and no jumps where the file's timeouts can
/// be trusted. terminals [N]; timeouts [N] or empty; jumps [N] or empty; rewards [N] raw.
EpisodeEnds split_episodes(std::span<const uint8_t> terminals, std::span<const uint8_t> timeouts,
                           std::span<const uint8_t> jumps, int64_t limit, std::span<const double> rewards);

/// Fills next_observations (where the file had none: the next row of the same episode, else the row's own
/// observation) and has_next from the episodes. stored: the file's next_observations, or empty.
void fill_successors(Dataset& dataset, std::vector<float> stored);

/// Turns a dataset into what d4rl.qlearning_dataset makes of the same file: rows 0 to N − 2 without those that
/// end an episode by timeout (told by flag, or by D4RL's own way of counting steps where the file has no
/// timeouts), each followed by the next row of the file, stored next observations ignored. Returns stay those
/// of all raw rows. flags: the file's timeouts, or empty; limit: the environment's step limit, or 0.
void apply_d4rl_exact(Dataset& dataset, std::span<const uint8_t> flags, int64_t limit);

}  // namespace vaco
