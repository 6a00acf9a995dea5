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
  /// Uniform in {0, …, below − 1} -> out [count] int64; below [] or [count] int64, and far under 2^64, so that
  /// the remainder's bias does not count.
  void indices(const at::Tensor& below, at::Tensor& out);
  /// Uniform in (−1, 1), on the 2^24 middles of equal intervals -> out, count numbers of a floating type.
  void uniform(at::Tensor& out);
  /// Standard normal, cut at 5.4 by that grid -> out.
  void normal(at::Tensor& out);

 private:
  void draw_on_card(bool normal, at::Tensor& out);

  at::Tensor salt_;      ///< [] int64
  at::Tensor counters_;  ///< [count] int64: the key, and one more increment for each element
  at::Tensor bits_, shifted_;
};

}  // namespace vaco
