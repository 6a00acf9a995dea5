// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/sim/environment_rules.h"
#include "core/sim/model_library.h"

namespace vaco {

/// An environment that follows its rules on a shared model with its own mjData.
class MujocoEnvironment final : public Environment {
 public:
  /// May throw MujocoError (out of memory); make_environment() turns that into an error.
  explicit MujocoEnvironment(std::shared_ptr<const EnvironmentSetup> setup);

  [[nodiscard]] const EnvironmentInfo& info() const override { return setup_->info; }
  [[nodiscard]] Physics physics() const override { return setup_->physics; }
  void reset(Rng& rng) override;
  StepResult step(std::span<const float> action) override;
  void observe(std::span<float> observation) const override;
  void observe(std::span<double> observation) const override;
  [[nodiscard]] std::span<const double> qpos() const override;
  [[nodiscard]] std::span<const double> qvel() const override;
  void set_state(std::span<const double> qpos, std::span<const double> qvel) override;

  [[nodiscard]] const mjModel& model() const { return *model_; }
  [[nodiscard]] const mjData& data() const { return *data_; }
  [[nodiscard]] const EnvironmentRules& rules() const { return rules_; }
  /// As step(), with the action in double precision.
  StepResult step(std::span<const double> action);

 private:
  // Runs the simulation; false when it diverged or MuJoCo refused. The state is then as it was before.
  bool advance(std::span<const double> action);
  void write_state(const std::vector<double>& qpos, const std::vector<double>& qvel);
  [[nodiscard]] bool diverged() const;

  [[nodiscard]] Scene scene() const { return {*model_, *data_, setup_->physics}; }
  [[nodiscard]] double watched() const;
  [[nodiscard]] double reward_of(const StepView& step) const;

  std::shared_ptr<const EnvironmentSetup> setup_;
  const EnvironmentRules& rules_;  // of the set-up, as the two below
  const EnvironmentInfo& info_;
  std::shared_ptr<const mjModel> model_;
  DataPtr data_;
  int steps_ = 0;
  std::vector<double> qpos_before_, qvel_before_, action_;
  mutable std::vector<double> observed_;  // room for observe()
};

}  // namespace vaco
