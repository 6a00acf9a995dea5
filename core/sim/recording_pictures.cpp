// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/recording_pictures.h"

#include <algorithm>
#include <utility>

#include "core/base/guard.h"
#include "core/sim/mujoco_environment.h"
#include "core/sim/offscreen_renderer.h"
#include "core/sim/rollout_show.h"

namespace vaco {

struct RecordingPictures::Impl {
  std::unique_ptr<Environment> environment;
  std::unique_ptr<OffscreenRenderer> renderer;
  std::unique_ptr<RolloutShow> show;
  std::shared_ptr<const Recording> recording;
  int width, height;
};

RecordingPictures::RecordingPictures(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordingPictures::~RecordingPictures() = default;

Result<std::unique_ptr<RecordingPictures>> RecordingPictures::create(
    const std::string& environment, Physics physics, std::shared_ptr<const Recording> recording,
    const PictureLook& look, std::shared_ptr<const ValueSnapshot> values) {
  return guarded("drawing the recording", [&]() -> Result<std::unique_ptr<RecordingPictures>> {
    auto made = make_environment(environment, physics);
    if (!made) return made.error();
    auto renderer = OffscreenRenderer::create(static_cast<MujocoEnvironment&>(**made).model());
    if (!renderer) return renderer.error();
    auto impl = std::make_unique<Impl>();
    impl->environment = std::move(*made);
    impl->renderer = std::move(*renderer);
    impl->recording = recording;
    impl->width = std::clamp(look.width, 64, 4096);
    impl->height = std::clamp(look.height, 64, 4096);
    impl->renderer->set_size(impl->width, impl->height);
    impl->renderer->set_dark(look.dark);
    impl->renderer->set_contact_forces(look.contact_forces);
    impl->renderer->set_camera(look.camera);
    impl->show = std::make_unique<RolloutShow>(*impl->environment);
    if (const auto misfit = impl->show->set_recording(std::move(recording)); !misfit.empty())
      return Error{ErrorCode::usage, misfit};
    impl->show->set_values(std::move(values));
    return std::unique_ptr<RecordingPictures>(new RecordingPictures(std::move(impl)));
  });
}

int64_t RecordingPictures::states() const {
  return impl_->recording->states();
}

double RecordingPictures::dt() const {
  return impl_->environment->info().dt;
}

Result<RolloutFrame> RecordingPictures::draw(int64_t row) {
  return guarded("drawing the recording", [&]() -> Result<RolloutFrame> {
    RolloutFrame frame;
    frame.width = impl_->width;
    frame.height = impl_->height;
    impl_->show->seek(row);
    impl_->renderer->render(static_cast<MujocoEnvironment&>(*impl_->environment).data(), frame.rgb);
    frame.camera = impl_->renderer->camera();
    impl_->show->describe(frame);
    return frame;
  });
}

}  // namespace vaco
