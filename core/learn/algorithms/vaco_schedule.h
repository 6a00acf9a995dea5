// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/learn/algorithm.h"
#include "core/learn/algorithms/vaco_params.h"

namespace vaco {

enum class VacoPhase { value, warmup, bilevel, cloning };

/// Which phase of VACO a step belongs to. Steps count from 0 over all phases; a phase may have none.
class VacoSchedule {
 public:
  explicit VacoSchedule(const VacoParams& params);

  /// Those that have steps, for people.
  [[nodiscard]] std::vector<PhaseInfo> phases() const;
  [[nodiscard]] int64_t steps(VacoPhase phase) const { return steps_[static_cast<size_t>(phase)]; }
  /// The step with which a phase begins.
  [[nodiscard]] int64_t begin(VacoPhase phase) const;
  /// The phase of a step; of those behind the end, cloning.
  [[nodiscard]] VacoPhase phase(int64_t step) const;
  /// How far a step is in its phase, from 0.
  [[nodiscard]] int64_t phase_step(int64_t step) const { return step - begin(phase(step)); }

 private:
  std::array<int64_t, 4> steps_;
};

}  // namespace vaco
