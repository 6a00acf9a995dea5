// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/learn/parts/policy_learner.h"

namespace vaco {

/// How weights act in a cloning with fixed weights: on the loss of each row, or on how often it is drawn.
enum class CloningDraws { uniform, by_weight };
/// cloning_draws, with what its choices mean.
void list_cloning_draws(ParamFields& fields, CloningDraws& draws, const std::string& group,
                        const std::string& help);
/// What keeps a cloner from learning few rows by heart, see Cloner.
struct ClonerParams {
  bool rate_by_rows = true, fit_to_rows = false;
  double weight_decay = 0.0;  ///< λ of PolicyLearner::decay()
  void list(ParamFields& fields, const std::string& group);
};

/// How wide a cloned policy is, and for how many steps it is cloned.
struct ClonerSize {
  int64_t width, steps;
};
/// What so many effective rows can carry: 64 units for ten thousand rows, as their power of 0.6 and 16 at
/// least; 1.5 steps a row, 1,000 at least; never more than the settings' width and steps. Found by trying on
/// ten walks of an expert, see resources/studies.
ClonerSize fitted_size(double effective_rows, int64_t hidden_width, int64_t steps);

/// By how much so many effective rows raise the learning rate: not at all up to 5,000, twofold at 10,000,
/// threefold from 15,000 on. At a high rate few rows are learned by heart, at a low one many are
/// copied brittly; found by trying, see resources/studies.
double rate_for_rows(double effective_rows);

/// A policy that is cloned from rows with fixed weights, at a rate that falls along half a cosine or stays.
/// Where it is fitted to its rows, few of them make it narrow and end its training early: the steps after that
/// pass without work.
class Cloner {
 public:
  /// steps: of the phase it is cloned in. Not fitted yet, it is as wide as the settings say.
  Cloner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
         const AveragedPolicyParams& policy, RateSchedule schedule, int64_t steps, const ClonerParams& params,
         Rng& init);

  /// Takes the rate, and begins anew in the size, for so many effective rows, as far as it is to; does nothing
  /// where that is done, in this process or before its state was saved. Belongs to the host's part of the
  /// first step.
  void fit(double effective_rows);
  /// The host's part of the step after so many others: sets the rate; false when there is nothing left to do.
  bool prepare(int64_t step);
  /// The device's part: one step on these rows [B]; weights [B, 1], or undefined for plain cloning; meanwhile
  /// as in PolicyLearner::clone_step().
  void step(const at::Tensor& rows, const at::Tensor& weights, const std::function<void()>& meanwhile);

  [[nodiscard]] const PolicyLearner& policy() const { return *learner_; }
  const at::Tensor& loss() { return learner_->loss(); }  ///< [] of the last step
  [[nodiscard]] PolicySnapshot snapshot() const { return learner_->snapshot(); }

  /// front: of its entries' names, "final/" for "final/policy/parameters".
  void visit(StateArchive& archive) { visit(archive, ""); }
  void visit(StateArchive& archive, const std::string& front);

 private:
  [[nodiscard]] bool fits() const { return own_.fit_to_rows || own_.rate_by_rows; }
  void begin(int64_t rows, Rng& init);

  Compute& compute_;
  const TrainingData& data_;
  const DeviceData& device_data_;
  AveragedPolicyParams params_;
  ClonerParams own_;
  RateSchedule schedule_;
  int64_t all_steps_, steps_;
  Rng& init_;
  int64_t rows_ = 0;  ///< effective ones it has been fitted to, or 0
  std::optional<PolicyLearner> learner_;
};

}  // namespace vaco
