// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/model_library.h"

#include <cstring>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include "resources/resources.h"

namespace vaco {
namespace {

struct FileSystemDeleter {
  void operator()(mjVFS* files) const {
    mj_deleteVFS(files);
    delete files;
  }
};

// The one place where MuJoCo's older and newer ways to load from memory differ.
bool add_file(mjVFS& files, const char* name, std::string_view content) {
#if mjVERSION_HEADER >= 313
  return mj_addBufferVFS(&files, name, content.data(), static_cast<int>(content.size())) == 0;
#else
  if (mj_makeEmptyFileVFS(&files, name, static_cast<int>(content.size())) != 0) return false;
  const int index = mj_findFileVFS(&files, name);
  if (index < 0) return false;
  std::memcpy(files.filedata[index], content.data(), content.size());
  return true;
#endif
}

// A rigid part of a body: mass, centre, rotation to the body's frame and principal inertia.
struct Part {
  double mass;
  const mjtNum* centre;
  const mjtNum* rotation;
  double inertia[3];
};

double capsule_volume(double radius, double half) {
  return std::numbers::pi * radius * radius * (2.0 * half + 4.0 / 3.0 * radius);
}

Part cylinder_part(const mjtNum* size, const mjtNum* centre, const mjtNum* rotation, double density) {
  const double radius = size[0];
  const double length = 2.0 * size[1] + radius;
  const double mass = density * std::numbers::pi * radius * radius * length;
  const double across = mass * (3.0 * radius * radius + length * length) / 12.0;
  return {mass, centre, rotation, {across, across, 0.5 * mass * radius * radius}};
}

// Writes the mass, centre and principal axes of parts joined rigidly.
void combine(mjModel& model, int body, const std::vector<Part>& parts) {
  mjtNum* position = model.body_ipos + 3 * body;
  mjtNum* rotation = model.body_iquat + 4 * body;
  mjtNum* inertia = model.body_inertia + 3 * body;
  double mass = 0.0;
  for (const auto& part : parts) mass += part.mass;
  model.body_mass[body] = mass;
  if (parts.size() == 1) {
    mju_copy3(position, parts[0].centre);
    mju_copy4(rotation, parts[0].rotation);
    mju_copy3(inertia, parts[0].inertia);
    return;
  }
  mju_zero3(position);
  for (const auto& part : parts) mju_addToScl3(position, part.centre, part.mass / mass);
  mjtNum tensor[9] = {};
  for (const auto& part : parts) {
    mjtNum axes[9], offset[3];
    mju_quat2Mat(axes, part.rotation);
    mju_sub3(offset, part.centre, position);
    const double square = mju_dot3(offset, offset);
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) {
        for (int k = 0; k < 3; ++k) tensor[3 * i + j] += axes[3 * i + k] * part.inertia[k] * axes[3 * j + k];
        tensor[3 * i + j] += part.mass * ((i == j ? square : 0.0) - offset[i] * offset[j]);
      }
  }
  mjtNum vectors[9];
  mju_eig3(inertia, vectors, rotation, tensor);
}

}  // namespace

void install_mujoco_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    mju_user_error = [](const char* message) { throw MujocoError(message); };
    mju_user_warning = [](const char*) {};
  });
}

DataPtr make_data(const mjModel& model) {
  DataPtr data(mj_makeData(&model));
  if (!data)
    throw MujocoError("the machine gives no more memory; end other programs, or raise the limit (ulimit -v)");
  return data;
}

Result<ModelPtr> compile_model(const std::string& name, std::string_view mjcf) {
  install_mujoco_handlers();
  try {
    // Its struct is two megabytes in older versions: never on the stack.
    std::unique_ptr<mjVFS, FileSystemDeleter> files(new mjVFS);
    mj_defaultVFS(files.get());
    if (!add_file(*files, "model.xml", mjcf))
      return Error{ErrorCode::failed, "cannot hand the model '" + name + "' to MuJoCo"};
    char message[1000] = "";
    ModelPtr model(mj_loadXML("model.xml", files.get(), message, sizeof message));
    if (!model) return Error{ErrorCode::bad_data, "MuJoCo cannot compile the model '" + name + "': " + message};
    return model;
  } catch (const MujocoError& error) {
    return Error{ErrorCode::bad_data, "MuJoCo cannot compile the model '" + name + "': " + error.what()};
  }
}

Result<ModelPtr> compile_model_file(const std::string& path) {
  install_mujoco_handlers();
  char message[1000] = "";
  try {
    ModelPtr model(mj_loadXML(path.c_str(), nullptr, message, sizeof message));
    if (!model) return Error{ErrorCode::bad_data, "MuJoCo cannot compile " + path + ": " + message};
    return model;
  } catch (const MujocoError& error) {
    return Error{ErrorCode::bad_data, "MuJoCo cannot compile " + path + ": " + error.what()};
  }
}

void use_cylinder_inertia(mjModel& model, double total_mass) {
  for (int body = 1; body < model.nbody; ++body) {
    const int first = model.body_geomadr[body];
    double volume = 0.0;
    for (int geom = first; geom < first + model.body_geomnum[body]; ++geom)
      if (model.geom_type[geom] == mjGEOM_CAPSULE)
        volume += capsule_volume(model.geom_size[3 * geom], model.geom_size[3 * geom + 1]);
    if (volume <= 0.0) continue;
    const double density = model.body_mass[body] / volume;
    std::vector<Part> parts;
    for (int geom = first; geom < first + model.body_geomnum[body]; ++geom)
      if (model.geom_type[geom] == mjGEOM_CAPSULE)
        parts.push_back(cylinder_part(model.geom_size + 3 * geom, model.geom_pos + 3 * geom,
                                      model.geom_quat + 4 * geom, density));
    combine(model, body, parts);
  }
  if (total_mass > 0.0) mj_setTotalmass(&model, total_mass);
  // The model's own centre and extent, which only drawing uses, would be estimated anew.
  const mjStatistic chosen = model.stat;
  const DataPtr data = make_data(model);
  mj_setConst(&model, data.get());
  model.stat.extent = chosen.extent;
  mju_copy3(model.stat.center, chosen.center);
}

Result<std::shared_ptr<const mjModel>> build_model(const EnvironmentRules& rules, Physics physics) {
  std::string mjcf;
  if (rules.mjcf) {
    mjcf = rules.mjcf();
  } else {
    const std::string path = "mjcf/" + (rules.model.empty() ? rules.name : rules.model) + ".xml";
    mjcf = find_resource(path);
    if (mjcf.empty())
      return Error{ErrorCode::failed, "the program was built without the model '" + path + "'; build it again"};
  }
  auto model = compile_model(rules.name, mjcf);
  if (!model) return model.error();
  try {
    if (physics == Physics::v2) use_cylinder_inertia(**model, rules.total_mass);
    if (rules.adjust) rules.adjust(**model, physics);
  } catch (const MujocoError& error) {
    return Error{ErrorCode::failed, "cannot prepare the model '" + rules.name + "': " + error.what()};
  }
  return std::shared_ptr<const mjModel>(model->release(), ModelDeleter{});
}

}  // namespace vaco
