// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace vaco {

/// What parts the draws of one step from those of all others: output step + 1 of splitmix64 from state 0.
uint64_t step_salt(int64_t step);

/// Random numbers made on the device itself, in torch's integer operations or (on a card) a kernel: outputs 1,
/// 2, … of splitmix64 (Steele, Lea, Flood 2014) from the state key + salt, with the key made of seed and
/// stream. Element i of a step is thus a function of (seed, stream, step, i): there is no state to save, and
/// since the salt is a tensor on the device, a step that is captured once draws new numbers whenever it is
/// replayed.
class DeviceDraws {
 public:
  /// count numbers a step. salt [] int64 holds step_salt() of the present step whenever something is drawn.
  DeviceDraws(const at::Tensor& salt, int64_t count, uint64_t seed, uint64_t stream);

  /// All 64 bits of the step's numbers [count] int64, the same at every call of one step.
  const at::Tensor& bits();
  /// What indices() draws from, all int64. Bounds far under 2^64, so that the remainder's bias does not count.
  struct Source {
    at::Tensor below = {};  ///< []: numbers from 0 on, below this one
    at::Tensor rows = {};   ///< [below]: those at the places drawn; undefined: all
    /// In place of both: of each element [count], one of so many from the first on of its group.
    at::Tensor element = {}, group_first = {}, group_length = {};
  };
  /// Uniform among what the source holds -> out [count] int64.
  void indices(const Source& from, at::Tensor& out);
  /// Uniform in (−1, 1), on the 2^24 middles of equal intervals -> out, count numbers of a floating type.
  void uniform(at::Tensor& out);
  /// Normal with mean 0 and the deviation [], cut at 5.4 of it by that grid -> out.
  void normal(const at::Tensor& deviation, at::Tensor& out);

 private:
  void numbers_on_card(const float* deviation, at::Tensor& out);

  at::Tensor salt_;      ///< [] int64
  at::Tensor counters_;  ///< [count] int64: the key, and one more increment for each element
  at::Tensor bits_, shifted_;
};

}  // namespace vaco
