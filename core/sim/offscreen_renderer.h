// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/sim/model_library.h"
#include "core/sim/rollout_player.h"

namespace vaco {

class EglContext;

/// Draws a simulation into memory. Made, used and destroyed in one thread; render() and the setters may throw
/// MujocoError, which whoever runs the thread catches.
class OffscreenRenderer {
 public:
  /// unavailable when there is no OpenGL, or not enough of it for MuJoCo.
  static Result<std::unique_ptr<OffscreenRenderer>> create(const mjModel& model);
  ~OffscreenRenderer();
  OffscreenRenderer(const OffscreenRenderer&) = delete;
  OffscreenRenderer& operator=(const OffscreenRenderer&) = delete;

  void set_size(int width, int height);  ///< pixels
  void set_dark(bool dark);
  void set_shadows(bool shadows);  ///< they double the cost in software
  void move_camera(CameraMotion motion, double dx, double dy);
  void reset_camera();
  [[nodiscard]] CameraPlace camera() const;
  void set_camera(const CameraPlace& place);
  void set_contact_forces(bool shown);
  [[nodiscard]] bool is_software() const;

  /// Draws the state with the camera following along x, and backing off while the robot would leave the picture
  /// at the top, until the user zooms; rgb becomes [height, width, 3], top row first.
  void render(const mjData& data, std::vector<uint8_t>& rgb);

 private:
  OffscreenRenderer(std::unique_ptr<EglContext> context, const mjModel& model);
  void make_context();
  void place_camera(const mjData& data);
  /// The least distance from which all of the robot can be seen.
  [[nodiscard]] double distance_for(const mjData& data) const;
  void shift_sideways();

  std::unique_ptr<EglContext> egl_;
  ModelPtr model_;  // a copy of our own: sizes and colours are kept in it
  struct FreeScene {
    void operator()(mjvScene* scene) const;
  };
  struct FreeContext {
    void operator()(mjrContext* context) const;
  };
  std::unique_ptr<mjvScene, FreeScene> scene_;
  mjvCamera camera_;
  mjvOption option_;
  std::unique_ptr<mjrContext, FreeContext> context_;
  int width_ = 640, height_ = 480;
  bool dark_ = false;
  int followed_ = 1;             // leading coordinates of the robot's place that the camera goes along with
  bool zoomed_ = false;          // by the user
  std::array<double, 3> pan_{};  // of the point looked at, from the followed one
  std::vector<uint8_t> bottom_up_;
};

}  // namespace vaco
