// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/vaco_schedule.h"

#include <numeric>

namespace vaco {

VacoSchedule::VacoSchedule(const VacoParams& params)
    : steps_{params.value_steps, params.warmup_steps, params.bilevel_steps, params.cloning_steps} {}

std::vector<PhaseInfo> VacoSchedule::phases() const {
  std::vector<PhaseInfo> phases{{"value", "Value learning", steps(VacoPhase::value)},
                                {"warmup", "Warm-up", steps(VacoPhase::warmup)},
                                {"bilevel", "Bi-level", steps(VacoPhase::bilevel)},
                                {"cloning", "Final cloning", steps(VacoPhase::cloning)}};
  std::erase_if(phases, [](const auto& phase) { return phase.steps == 0; });
  return phases;
}

int64_t VacoSchedule::begin(VacoPhase phase) const {
  return std::accumulate(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(phase), int64_t{0});
}

VacoPhase VacoSchedule::phase(int64_t step) const {
  for (const VacoPhase phase : {VacoPhase::value, VacoPhase::warmup, VacoPhase::bilevel})
    if (step < begin(phase) + steps(phase)) return phase;
  return VacoPhase::cloning;
}

}  // namespace vaco
