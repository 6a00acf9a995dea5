// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/value_snapshot.h"
#include "core/sim/environment.h"
#include "core/sim/recording.h"
#include "core/sim/rollout_player.h"

namespace vaco {

/// What the pictures of a recording are like.
struct PictureLook {
  int width = 640, height = 480;  ///< pixels, 64 to 4096
  bool dark = false;              ///< background and floor of the dark theme
  bool contact_forces = false;
  CameraPlace camera;
};

/// Draws states of a recording for files: each in the size and with the shadows that were asked for, however
/// long it takes. Made, used and destroyed in one thread.
class RecordingPictures {
 public:
  /// values: critics to ask about what is drawn; null: none. Errors: an unknown environment, a recording of
  /// another one (usage), no OpenGL (unavailable).
  static Result<std::unique_ptr<RecordingPictures>> create(const std::string& environment, Physics physics,
                                                           std::shared_ptr<const Recording> recording,
                                                           const PictureLook& look,
                                                           std::shared_ptr<const ValueSnapshot> values = {});
  ~RecordingPictures();
  RecordingPictures(const RecordingPictures&) = delete;
  RecordingPictures& operator=(const RecordingPictures&) = delete;

  [[nodiscard]] int64_t states() const;
  [[nodiscard]] double dt() const;  ///< seconds of simulated time from a state to the next
  /// The picture of a state and what is true in it.
  Result<RolloutFrame> draw(int64_t row);

 private:
  struct Impl;
  explicit RecordingPictures(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vaco
