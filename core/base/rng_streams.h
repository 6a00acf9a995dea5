// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The streams of a run's seed (see Rng), together so that no two uses meet. What noise a step adds has streams
/// that count the steps: from the two below, or from 2^48 on (noise_stream() in core/learn/parts/step_noise.h).
namespace vaco::streams {

inline constexpr uint64_t kInitialization = 1;  ///< of an algorithm's networks
inline constexpr uint64_t kBatches = 2;         ///< of an algorithm
/// Plus the step. Its first number is all that is taken, as the seed of the episodes, so that it may meet the
/// batches' stream at step 1.
inline constexpr uint64_t kEvaluation = 1;

/// Plus the step: of TD3's smoothed targets. Below it lie the evaluations of as many steps; a later one may
/// meet the noise of an early step, of whose stream it takes the first number for its episodes.
inline constexpr uint64_t kTd3Noise = 0x746433;
inline constexpr uint64_t kHighLevelNoise = 0x6e6f697365;  ///< plus the step: of VACO's high level

inline constexpr uint64_t kOnlineReset = 1ull << 32;        ///< plus the episode
inline constexpr uint64_t kOnlineNoise = 2ull << 32;        ///< plus the episode
inline constexpr uint64_t kOnlineSets = 3ull << 32;         ///< plus the number of the set
inline constexpr uint64_t kFqeInitialization = 4ull << 32;  ///< not an algorithm's: the policy has seen those
inline constexpr uint64_t kFqeBatches = kFqeInitialization + 1;

/// Of a collection, where streams from 0 on are those of its parts.
inline constexpr uint64_t kShuffle = ~uint64_t{0};

}  // namespace vaco::streams
