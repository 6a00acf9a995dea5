// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace vaco {

/// A small, fast generator (xoshiro256++ of Blackman and Vigna, seeded by splitmix64) with distributions of our
/// own, so that the same seed gives the same numbers on every machine and its whole state fits in five words.
/// Not thread-safe: one generator per owner.
class Rng {
 public:
  /// Generators of the same seed but another stream are independent.
  explicit Rng(uint64_t seed = 0, uint64_t stream = 0);

  uint64_t next();
  /// Uniform in [0, 1) with 53 bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform in {0, ..., count - 1}, without bias; count > 0.
  uint64_t index(uint64_t count);
  /// Standard normal (Marsaglia's polar method; the second value is kept for the next call).
  double normal();

  /// Everything that decides the numbers to come: four words of state, and the kept normal value (with a flag).
  struct State {
    std::array<uint64_t, 4> words{};
    double spare = 0.0;
    bool has_spare = false;
    bool operator==(const State&) const = default;
  };
  [[nodiscard]] const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  State state_;
};

}  // namespace vaco
