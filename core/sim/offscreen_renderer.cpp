// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/offscreen_renderer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/sim/egl_context.h"
#include "core/sim/scene_theme.h"

namespace vaco {
namespace {

constexpr int kMaxGeoms = 200;
constexpr double kFarthest = 12.0;      // distance of the camera, in extents of the model
constexpr double kHighestShare = 0.92;  // of the way from the middle to the upper edge
constexpr int kSizeStep = 256;          // buffers grow in such steps, so that dragging a window's edge is cheap

int rounded_up(int pixels) {
  return (pixels + kSizeStep - 1) / kSizeStep * kSizeStep;
}

struct View {
  double azimuth = 100.0, elevation = -11.0;  // degrees
  int followed = 1;                           // leading qpos that the camera goes along with
};

// A model says how it is best looked at in a numeric called "view"; walkers are seen from the side.
View view_of(const mjModel& model) {
  const int id = mj_name2id(&model, mjOBJ_NUMERIC, "view");
  if (id < 0 || model.numeric_size[id] != 3) return {};
  const mjtNum* said = model.numeric_data + model.numeric_adr[id];
  return {said[0], said[1], std::clamp(static_cast<int>(said[2]), 0, 2)};
}

int mouse_action(CameraMotion motion) {
  switch (motion) {
    case CameraMotion::orbit:
      return mjMOUSE_ROTATE_V;
    case CameraMotion::pan:
      return mjMOUSE_MOVE_V;
    case CameraMotion::zoom:
      break;
  }
  return mjMOUSE_ZOOM;
}

}  // namespace

Result<std::unique_ptr<OffscreenRenderer>> OffscreenRenderer::create(const mjModel& model) {
  auto egl = EglContext::create();
  if (!egl) return egl.error();
  const std::string driver = (*egl)->driver();
  try {
    return std::unique_ptr<OffscreenRenderer>(new OffscreenRenderer(std::move(egl).value(), model));
  } catch (const MujocoError& error) {
    return Error{ErrorCode::unavailable,
                 "the OpenGL driver '" + driver + "' cannot draw MuJoCo scenes: " + error.what()};
  }
}

OffscreenRenderer::OffscreenRenderer(std::unique_ptr<EglContext> egl, const mjModel& model)
    : egl_(std::move(egl)),
      model_(mj_copyModel(nullptr, &model)),
      scene_(new mjvScene{}),
      context_(new mjrContext{}) {
  mjv_defaultScene(scene_.get());
  mjv_defaultOption(&option_);
  mjr_defaultContext(context_.get());
  model_->vis.global.offwidth = rounded_up(width_);
  model_->vis.global.offheight = rounded_up(height_);
  model_->vis.quality.offsamples = egl_->is_software() ? 0 : 4;
  model_->vis.quality.shadowsize = egl_->is_software() ? 1024 : 4096;
  paint_theme(*model_, dark_);
  mjv_makeScene(model_.get(), scene_.get(), kMaxGeoms);
  scene_->flags[mjRND_SHADOW] = 1;
  scene_->flags[mjRND_REFLECTION] = 0;
  scene_->flags[mjRND_FOG] = 1;
  scene_->flags[mjRND_HAZE] = 0;
  make_context();
  reset_camera();
}

OffscreenRenderer::~OffscreenRenderer() = default;

void OffscreenRenderer::FreeScene::operator()(mjvScene* scene) const {
  mjv_freeScene(scene);
  delete scene;
}

void OffscreenRenderer::FreeContext::operator()(mjrContext* context) const {
  mjr_freeContext(context);
  delete context;
}

void OffscreenRenderer::make_context() {
  mjr_freeContext(context_.get());
  mjr_makeContext(model_.get(), context_.get(), mjFONTSCALE_100);
  mjr_setBuffer(mjFB_OFFSCREEN, context_.get());
}

bool OffscreenRenderer::is_software() const {
  return egl_->is_software();
}

void OffscreenRenderer::set_size(int width, int height) {
  width_ = width;
  height_ = height;
  auto& global = model_->vis.global;
  if (width <= global.offwidth && height <= global.offheight) return;
  global.offwidth = std::max<int>(global.offwidth, rounded_up(width));
  global.offheight = std::max<int>(global.offheight, rounded_up(height));
  make_context();
}

void OffscreenRenderer::set_dark(bool dark) {
  if (dark == dark_) return;
  dark_ = dark;
  paint_theme(*model_, dark);
  make_context();  // not only the textures: it also keeps the fog's colour
}

void OffscreenRenderer::set_shadows(bool shadows) {
  scene_->flags[mjRND_SHADOW] = shadows;
}

void OffscreenRenderer::reset_camera() {
  mjv_defaultCamera(&camera_);
  const View view = view_of(*model_);
  camera_.azimuth = view.azimuth;
  camera_.elevation = view.elevation;
  followed_ = view.followed;
  camera_.distance = 1.3 * model_->stat.extent;
  zoomed_ = false;
  pan_ = {};
}

CameraPlace OffscreenRenderer::camera() const {
  return {camera_.azimuth, camera_.elevation, camera_.distance, zoomed_, pan_};
}

void OffscreenRenderer::set_camera(const CameraPlace& place) {
  reset_camera();
  if (!(place.distance > 0.0)) return;
  camera_.azimuth = place.azimuth;
  camera_.elevation = place.elevation;
  zoomed_ = place.zoomed;
  if (zoomed_) camera_.distance = place.distance;
  pan_ = place.pan;
}

void OffscreenRenderer::set_contact_forces(bool shown) {
  option_.flags[mjVIS_CONTACTFORCE] = shown;
}

void OffscreenRenderer::move_camera(CameraMotion motion, double dx, double dy) {
  const double before[3] = {camera_.lookat[0], camera_.lookat[1], camera_.lookat[2]};
#if mjVERSION_HEADER >= 3011000
  mjv_moveCamera(model_.get(), mouse_action(motion), dx, dy, &camera_);
#else
  mjv_moveCamera(model_.get(), mouse_action(motion), dx, dy, scene_.get(), &camera_);
#endif
  zoomed_ = zoomed_ || motion == CameraMotion::zoom;
  for (size_t i = 0; i < 3; ++i) pan_[i] += camera_.lookat[i] - before[i];
  camera_.elevation = std::clamp(camera_.elevation, -89.0, 30.0);
  camera_.distance = std::clamp(camera_.distance, 0.3 * model_->stat.extent, kFarthest * model_->stat.extent);
}

void OffscreenRenderer::place_camera(const mjData& data) {
  // Along with the robot but not up and down: a horizon that hops makes seasick.
  for (size_t i = 0; i < 2; ++i)
    camera_.lookat[i] = (static_cast<int>(i) < followed_ ? data.qpos[i] : model_->stat.center[i]) + pan_[i];
  camera_.lookat[2] = model_->stat.center[2] + pan_[2];
  if (!zoomed_) camera_.distance = std::max(camera_.distance, distance_for(data));
}

double OffscreenRenderer::distance_for(const mjData& data) const {
  double top = -mjMAXVAL;
  for (int i = 0; i < model_->ngeom; ++i)
    if (model_->geom_bodyid[i] > 0) top = std::max(top, data.geom_xpos[3 * i + 2] + model_->geom_rbound[i]);
  const double above = top - camera_.lookat[2];
  if (above <= 0.0) return 0.0;
  constexpr double kDegree = mjPI / 180.0;
  // A high point lies nearer to a camera that looks down, and is seen higher for it.
  const double half = std::tan(0.5 * model_->vis.global.fovy * kDegree), down = camera_.elevation * kDegree;
  const double wanted = kHighestShare * half;
  const double needed = above * (std::cos(down) / wanted - std::sin(down));
  return std::min(needed, kFarthest * model_->stat.extent);
}

void OffscreenRenderer::shift_sideways() {
  // The legs of planar robots lie in one plane and pass through each other; a model's geom says in its first
  // user number by how much its picture is moved aside, so that both can be seen.
  if (model_->nuser_geom < 1) return;
  for (int i = 0; i < scene_->ngeom; ++i) {
    auto& geom = scene_->geoms[i];
    if (geom.objtype == mjOBJ_GEOM && geom.objid >= 0)
      geom.pos[1] += static_cast<float>(model_->geom_user[geom.objid * model_->nuser_geom]);
  }
}

void OffscreenRenderer::render(const mjData& data, std::vector<uint8_t>& rgb) {
  place_camera(data);
  // MuJoCo takes the data as mutable but a scene update only reads the state.
  mjv_updateScene(model_.get(), const_cast<mjData*>(&data), &option_, nullptr, &camera_, mjCAT_ALL,
                  scene_.get());
  shift_sideways();
  const mjrRect viewport{0, 0, width_, height_};
  mjr_render(viewport, scene_.get(), context_.get());
  const size_t stride = 3 * static_cast<size_t>(width_);
  bottom_up_.resize(stride * static_cast<size_t>(height_));
  rgb.resize(bottom_up_.size());
  mjr_readPixels(bottom_up_.data(), nullptr, viewport, context_.get());
  for (size_t row = 0; row < static_cast<size_t>(height_); ++row)
    std::memcpy(rgb.data() + row * stride,
                bottom_up_.data() + (static_cast<size_t>(height_) - 1 - row) * stride, stride);
}

}  // namespace vaco
