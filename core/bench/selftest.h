// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// How one variant of an algorithm fared on a device.
struct SelftestRow {
  std::string name{};     ///< "iql", "vaco", "vaco, printed", ...
  int64_t steps = 0;      ///< that were taken, through all phases
  double difference = 0;  ///< of nine in ten stretches at most, as a share of kSelftestTolerance
  double largest = 0;     ///< ‖device − reference‖ / ‖reference‖ of a saved tensor after a stretch
  std::string worst{};    ///< that tensor and the step: "critic/parameters after 200 steps"
  bool agrees = false;    ///< difference is at most 1, and largest at most kSelftestLargest
  std::optional<bool> replays{};  ///< on a card: captured and replayed steps end as plain calls do, bit for bit
  bool resumes = false;           ///< from a state saved half-way, bit for bit
  bool beside = false;    ///< two runs at once, in threads of their own, end as each does alone, bit for bit
  std::string problem{};  ///< what was thrown, if anything was
  [[nodiscard]] bool passed() const {
    return agrees && replays.value_or(true) && resumes && beside && problem.empty();
  }
};

/// Steps that are taken from the reference's state before both are compared.
inline constexpr int64_t kSelftestStretch = 10;
/// How far a float32 tensor may be from the reference after a stretch: rounding, which training lets grow.
inline constexpr double kSelftestTolerance = 1e-4;
/// And in any stretch: now and then rounding turns a hidden unit on or off in one of the two, which is no
/// error.
inline constexpr double kSelftestLargest = 0.1;

/// Every algorithm's steps on `device` ("cuda", or "rehearsal": a card's way of working in libtorch's
/// operations on the processor) beside the same steps in double precision on the processor, from the same
/// draws: `steps` of them through all phases, in stretches that each begin in the reference's state, compared
/// tensor by tensor. only: rows whose name contains it. say is told what is tested. Errors: a device that is
/// not there (unavailable).
Result<std::vector<SelftestRow>> run_selftest(const std::string& device, int64_t steps, const std::string& only,
                                              const std::function<void(std::string_view)>& say);

}  // namespace vaco
