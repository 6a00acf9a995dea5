// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/value_snapshot.h"
#include "core/sim/environment.h"
#include "core/sim/recording.h"

namespace vaco {

/// Where the camera stands around the robot that it goes along with.
struct CameraPlace {
  double azimuth = 0.0, elevation = 0.0;  ///< degrees
  double distance = 0.0;                  ///< 0: the camera has not been placed, that of the model is meant
  bool zoomed = false;          ///< by the user; else it backs off where the robot would leave the picture
  std::array<double, 3> pan{};  ///< of the point looked at, from the followed one
};

/// One rendered picture and what was true when it was made.
struct RolloutFrame {
  int width = 0, height = 0;  ///< lower than asked for, in the same shape, where drawing costs too much
  std::vector<uint8_t> rgb;   ///< [height, width, 3], top row first, no padding
  CameraPlace camera;         ///< from where it is seen
  int64_t policy_step = -1;   ///< training step of the policy that acts
  int64_t trajectory = -1;    ///< the recorded trajectory that is shown instead of a policy
  int episode = 0;
  bool replayed = false;  ///< a recording is shown: of a dataset, or an episode rolled out before
  int time_step = 0;      ///< within the episode
  int last_row = 0;       ///< the last time step that can be gone to
  double return_so_far = 0.0;
  double reward = 0.0;
  std::vector<double> rewards;  ///< of the steps that can be gone through
  std::vector<float> action;    ///< [action_dim] of the step that led here; empty: none yet, or not known
  std::vector<float> action_low, action_high;  ///< [action_dim]
  /// Q of the state in sight and the action that follows it, in the rewards of the training; NaN: not known.
  double next_value = std::numeric_limits<double>::quiet_NaN();
  int64_t values_step = -1;        ///< training step of the critics that are asked; -1: none
  double frames_per_second = 0.0;  ///< measured
  bool falling = false;            ///< the episode ended at this frame by termination
  bool over = false;               ///< the episode ended at this frame
  int64_t rolled_ever = 0;         ///< episodes that rolled() has been given so far
  /// The recording that is shown, or what the policy has done of its episode; null before its first step.
  std::shared_ptr<const Recording> shown;
};

/// How the camera was moved, in the units of MuJoCo's own viewer (fractions of the view's height).
enum class CameraMotion { orbit, pan, zoom };

/// Plays the newest policy in MuJoCo and renders it off screen (EGL, no display needed) in a thread of its own.
/// Publishes frames by overwriting: a slow reader sees fewer frames, and nothing ever waits. Its thread runs at
/// low priority. All methods: any thread, none blocks on rendering. Its numbers are for watching only;
/// evaluation has environments of its own.
class RolloutPlayer {
 public:
  RolloutPlayer(const std::string& environment, Physics physics);
  ~RolloutPlayer();  // stops and joins
  RolloutPlayer(const RolloutPlayer&) = delete;
  RolloutPlayer& operator=(const RolloutPlayer&) = delete;

  /// The policy to act with from the next episode step on; null shows the model at rest.
  void set_policy(std::shared_ptr<const PolicySnapshot> policy);
  /// Critics to ask about what is shown; null: none.
  void set_values(std::shared_ptr<const ValueSnapshot> values);
  /// States to show instead of the policy's doings, from the beginning and over and over; null goes back to it.
  void set_recording(std::shared_ptr<const Recording> recording);
  void set_playing(bool playing);
  void set_loop(bool loop);              ///< without it, an episode that has ended stays as it is
  void step_once();                      ///< one environment step while paused
  void step_back();                      ///< one that was seen before, while paused
  void seek(int64_t row);                ///< of the recording or the policy's episode, the nearest there is
  void restart();                        ///< a new episode
  void set_speed(double factor);         ///< 1 = real time; 0.1 to 10
  void set_size(int width, int height);  ///< in device pixels; clamped to 64..4096
  void set_visible(bool visible);        ///< hidden: neither simulates nor renders
  /// The share of one core that simulating and drawing may take (0.01 to 1): shadows, then resolution, then the
  /// frame rate give way until it fits. Default 0.15 where the processor draws, 1 where a graphics card does.
  void set_cpu_budget(double share_of_one_core);
  void move_camera(CameraMotion motion, double dx, double dy);
  void reset_camera();                  ///< follow the body from the side
  void set_dark(bool dark);             ///< background and floor of the dark theme
  void set_contact_forces(bool shown);  ///< arrows where bodies touch

  /// The newest frame, or null if none is newer than the one taken before.
  std::shared_ptr<const RolloutFrame> take_frame();
  /// The last episodes that policies rolled out here, the newest last, each with the state after its last step.
  [[nodiscard]] std::vector<std::shared_ptr<const Recording>> rolled() const;
  /// Empty while all is well; else why nothing can be rendered ("no OpenGL driver: ...").
  [[nodiscard]] std::string problem() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vaco
