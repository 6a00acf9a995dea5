// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/explain/explained_run.h"

namespace vaco {

/// What leaving rows out would change in the policy's value E Q(s, π(s)), in scaled rewards. An estimate: to
/// first order, at the checkpoint's policy and by its critics; nothing is trained again. With w̃ = w / mean w,
/// m = Σ_S w̃ / N the rows' share of the weight and c̄ = Σ w̃ c / N,
///   change = −E|Q| / (N (1 − m)) Σ_S w̃ (c − c̄)
/// A policy that is trained to its optimum has c̄ = 0.
struct Influence {
  int64_t rows = 0;
  double weight_share = 0.0;  ///< m
  double alignment = 0.0;     ///< mean c of the rows, each counted by its weight
  /// By c itself: the change for each unit of a gradient step; tells the order, not the size.
  double per_step = 0.0;
  /// With the curvature of the cloning loss, RowValues::response in place of c: the change of a retraining.
  double change = 0.0;
};

/// Rows' sums of which influences are made, so that any group's are sums over its trajectories.
class InfluenceSums {
 public:
  /// Needs the alignments of the run; without weights every row counts as 1.
  explicit InfluenceSums(const ExplainedRun& run);
  /// False where the algorithm has no values or its policy has not learned: then there is nothing to tell.
  [[nodiscard]] bool known() const { return known_; }
  [[nodiscard]] Influence of(std::span<const int64_t> trajectories) const;

 private:
  struct Sums {
    int64_t rows = 0;
    double weight = 0.0, aligned = 0.0, response = 0.0;
    void add(const Sums& other);
  };
  bool known_ = false;
  double scale_ = 0.0;      ///< E|Q|
  std::vector<Sums> sums_;  ///< [T]
  Sums total_;
};

/// The trajectories of each source, in the order of DiagnosticsTable::sources.
std::vector<std::vector<int64_t>> trajectories_by_source(const DiagnosticsTable& table);

}  // namespace vaco
