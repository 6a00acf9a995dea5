// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mujoco/mujoco.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "core/base/result.h"
#include "core/sim/environment_rules.h"

namespace vaco {

/// What MuJoCo's error handler throws here in place of printing and waiting for a key. Never leaves core/sim.
struct MujocoError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Makes MuJoCo silent: errors throw MujocoError, warnings are only counted (mjData::warning). Idempotent.
void install_mujoco_handlers();

struct ModelDeleter {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DataDeleter {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using ModelPtr = std::unique_ptr<mjModel, ModelDeleter>;
using DataPtr = std::unique_ptr<mjData, DataDeleter>;

/// A state of the model, never null: where memory has run out it throws MujocoError.
DataPtr make_data(const mjModel& model);

/// Compiles MJCF text. An error says what MuJoCo did not like.
Result<ModelPtr> compile_model(const std::string& name, std::string_view mjcf);

/// Gives every body made of capsules the mass and inertia MuJoCo had up to 2.1.0: those of a cylinder of the
/// same radius whose half length is the capsule's plus half the radius. The density of each body is kept.
/// total_mass: what the masses are rescaled to, or 0 to leave them.
void use_cylinder_inertia(mjModel& model, double total_mass);

/// Compiles an MJCF file with what it includes beside it. An error names the file.
Result<ModelPtr> compile_model_file(const std::string& path);

/// The compiled model of an environment ("hopper" is resources/mjcf/hopper.xml), in one of its versions.
Result<std::shared_ptr<const mjModel>> build_model(const EnvironmentRules& rules, Physics physics);

}  // namespace vaco
