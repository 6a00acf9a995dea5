// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/rollout_player.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/base/guard.h"
#include "core/base/threads.h"
#include "core/sim/frame_pacer.h"
#include "core/sim/mujoco_environment.h"
#include "core/sim/offscreen_renderer.h"
#include "core/sim/rollout_show.h"

namespace vaco {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kNiceness = 10;
constexpr double kSoftwareBudget = 0.15;
constexpr double kLongestPause = 0.5;  // seconds; what a stalled machine missed beyond that is skipped

double seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}
Clock::duration to_duration(double s) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
}

/// What this thread has worked. Where the processor draws, that is the cost of a frame however busy the machine
/// is; Mesa draws in the calling thread when LP_NUM_THREADS is 0.
double worked_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct CameraMove {
  CameraMotion motion;
  double dx, dy;
};

// What the outside asks for. Settings stay, requests are emptied when the thread takes them.
struct Wishes {
  std::shared_ptr<const PolicySnapshot> policy;
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const ValueSnapshot> values;
  bool playing = true, visible = true, dark = false, loop = true, forces = false;
  double speed = 1.0;
  double budget = 0.0;  // 0: as the driver suggests
  int width = 640, height = 480;
  int single_steps = 0;  // below 0: back
  int64_t row = -1;      // to go to; -1: none
  bool restart = false, reset_camera = false;
  std::vector<CameraMove> moves;
};

}  // namespace

struct RolloutPlayer::Impl {
  Impl(std::string name, Physics kind) : environment(std::move(name)), physics(kind) {}

  const std::string environment;
  const Physics physics;

  mutable std::mutex mutex;  // guards all down to the thread; never held while drawing
  std::condition_variable_any wake;
  Wishes wishes;
  bool changed = true;
  std::string problem;
  std::shared_ptr<const RolloutFrame> latest;
  std::vector<std::shared_ptr<const Recording>> rolled;

  std::jthread thread;  // last: it ends before what it uses is gone

  template <class Change>
  void ask(Change change) {
    {
      const std::lock_guard lock(mutex);
      change(wishes);
      changed = true;
    }
    wake.notify_one();
  }
  void report(std::string text) {
    const std::lock_guard lock(mutex);
    problem = std::move(text);
  }
  // Waits for a change, but without idling no longer than until, then takes all requests.
  Wishes take_wishes(const std::stop_token& stop, bool idle, Clock::time_point until);
  // Follows the settings and fulfils the requests.
  void apply(const Wishes& wish, RolloutShow& show, OffscreenRenderer& renderer);
  void run(const std::stop_token& stop);
  void play(const std::stop_token& stop, MujocoEnvironment& env, OffscreenRenderer& renderer);
};

Wishes RolloutPlayer::Impl::take_wishes(const std::stop_token& stop, bool idle, Clock::time_point until) {
  std::unique_lock lock(mutex);
  const auto has_changed = [this] { return changed; };
  if (idle)
    wake.wait(lock, stop, has_changed);
  else
    wake.wait_until(lock, stop, until, has_changed);
  changed = false;
  Wishes taken = wishes;
  wishes.single_steps = 0;
  wishes.row = -1;
  wishes.restart = wishes.reset_camera = false;
  wishes.moves.clear();
  return taken;
}

void RolloutPlayer::Impl::apply(const Wishes& wish, RolloutShow& show, OffscreenRenderer& renderer) {
  renderer.set_dark(wish.dark);
  renderer.set_contact_forces(wish.forces);
  if (wish.reset_camera) renderer.reset_camera();
  for (const auto& move : wish.moves) renderer.move_camera(move.motion, move.dx, move.dy);
  show.set_loop(wish.loop);
  if (wish.restart) show.restart();
  if (wish.row >= 0) show.seek(wish.row);
  if (wish.playing) return;
  for (int i = 0; i < wish.single_steps; ++i) show.step();
  for (int i = wish.single_steps; i < 0; ++i) show.step_back();
}

void RolloutPlayer::Impl::play(const std::stop_token& stop, MujocoEnvironment& env,
                               OffscreenRenderer& renderer) {
  RolloutShow show(env);
  FramePacer pacer;
  std::shared_ptr<const PolicySnapshot> policy;
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const ValueSnapshot> values;
  std::string policy_problem, recording_problem;
  int width = 0, height = 0;
  bool idle = false;
  auto last_frame = Clock::now();  // when the last one was begun
  auto simulated_until = last_frame;
  auto next_frame = last_frame;
  for (;;) {
    const auto wish = take_wishes(stop, idle, next_frame);
    if (stop.stop_requested()) return;
    const auto begin = Clock::now();
    const double worked_before = worked_seconds();
    if (idle) simulated_until = begin;  // nothing is owed for a time of rest
    if (wish.policy != policy) {
      policy = wish.policy;
      policy_problem = show.set_policy(policy);
      report(recording_problem.empty() ? policy_problem : recording_problem);
    }
    if (wish.values != values) {
      values = wish.values;
      show.set_values(values);
    }
    if (wish.recording != recording) {
      recording = wish.recording;
      recording_problem = show.set_recording(recording);
      report(recording_problem.empty() ? policy_problem : recording_problem);
    }
    apply(wish, show, renderer);
    idle = !wish.visible;
    if (idle) continue;

    pacer.set_budget(wish.budget > 0.0 ? wish.budget : renderer.is_software() ? kSoftwareBudget : 1.0);
    if (wish.width != width || wish.height != height) {
      width = wish.width;
      height = wish.height;
      pacer.set_pixels(int64_t{width} * height);
    }
    next_frame = last_frame + to_duration(pacer.period());
    if (begin < next_frame) continue;  // woken early by a request; the picture waits for its time

    if (wish.playing)
      show.advance(std::min(seconds(begin - simulated_until), std::max(kLongestPause, pacer.period())),
                   wish.speed);
    simulated_until = begin;
    auto frame = std::make_shared<RolloutFrame>();
    frame->width = std::max(64, static_cast<int>(width * pacer.scale()));
    frame->height = std::max(64, static_cast<int>(height * pacer.scale()));
    renderer.set_size(frame->width, frame->height);
    renderer.set_shadows(pacer.shadows());
    renderer.render(env.data(), frame->rgb);
    const double cost =
        renderer.is_software() ? worked_seconds() - worked_before : seconds(Clock::now() - begin);
    pacer.add(cost, seconds(begin - last_frame));
    last_frame = begin;
    next_frame = begin + to_duration(pacer.period());
    idle = !wish.playing || !show.can_act() || show.waits();

    frame->camera = renderer.camera();
    frame->frames_per_second = pacer.rate();
    show.describe(*frame);
    const std::lock_guard lock(mutex);
    rolled.assign(show.rolled().begin(), show.rolled().end());
    latest = std::move(frame);
  }
}

void RolloutPlayer::Impl::run(const std::stop_token& stop) {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness);
  const auto played = guarded("the rollout view stopped", [&]() -> Result<void> {
    auto made = make_environment(environment, physics);
    if (!made) return made.error();
    auto& env = static_cast<MujocoEnvironment&>(**made);
    auto renderer = OffscreenRenderer::create(env.model());
    if (!renderer) return renderer.error();
    play(stop, env, **renderer);
    return {};
  });
  if (!played) report(played.error().message);
}

RolloutPlayer::RolloutPlayer(const std::string& environment, Physics physics)
    : impl_(std::make_unique<Impl>(environment, physics)) {
  auto thread = start_thread([impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); });
  if (thread)
    impl_->thread = std::move(*thread);
  else
    impl_->report("the rollout view: " + thread.error().message);
}

RolloutPlayer::~RolloutPlayer() = default;

void RolloutPlayer::set_policy(std::shared_ptr<const PolicySnapshot> policy) {
  impl_->ask([&](Wishes& w) { w.policy = std::move(policy); });
}
void RolloutPlayer::set_values(std::shared_ptr<const ValueSnapshot> values) {
  impl_->ask([&](Wishes& w) { w.values = std::move(values); });
}
void RolloutPlayer::set_recording(std::shared_ptr<const Recording> recording) {
  impl_->ask([&](Wishes& w) { w.recording = std::move(recording); });
}
void RolloutPlayer::set_playing(bool playing) {
  impl_->ask([=](Wishes& w) { w.playing = playing; });
}
void RolloutPlayer::step_once() {
  impl_->ask([](Wishes& w) { ++w.single_steps; });
}
void RolloutPlayer::step_back() {
  impl_->ask([](Wishes& w) { --w.single_steps; });
}
void RolloutPlayer::set_loop(bool loop) {
  impl_->ask([=](Wishes& w) { w.loop = loop; });
}
void RolloutPlayer::seek(int64_t row) {
  impl_->ask([=](Wishes& w) { w.row = std::max<int64_t>(0, row); });
}
void RolloutPlayer::restart() {
  impl_->ask([](Wishes& w) { w.restart = true; });
}
void RolloutPlayer::set_speed(double factor) {
  impl_->ask([=](Wishes& w) { w.speed = std::clamp(factor, 0.1, 10.0); });
}
void RolloutPlayer::set_size(int width, int height) {
  impl_->ask([=](Wishes& w) {
    w.width = std::clamp(width, 64, 4096);
    w.height = std::clamp(height, 64, 4096);
  });
}
void RolloutPlayer::set_visible(bool visible) {
  impl_->ask([=](Wishes& w) { w.visible = visible; });
}
void RolloutPlayer::set_cpu_budget(double share_of_one_core) {
  impl_->ask([=](Wishes& w) { w.budget = std::clamp(share_of_one_core, 0.01, 1.0); });
}
void RolloutPlayer::move_camera(CameraMotion motion, double dx, double dy) {
  impl_->ask([=](Wishes& w) { w.moves.push_back({motion, dx, dy}); });
}
void RolloutPlayer::reset_camera() {
  impl_->ask([](Wishes& w) {
    w.moves.clear();
    w.reset_camera = true;
  });
}
void RolloutPlayer::set_dark(bool dark) {
  impl_->ask([=](Wishes& w) { w.dark = dark; });
}
void RolloutPlayer::set_contact_forces(bool shown) {
  impl_->ask([=](Wishes& w) { w.forces = shown; });
}

std::shared_ptr<const RolloutFrame> RolloutPlayer::take_frame() {
  const std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->latest, nullptr);
}

std::vector<std::shared_ptr<const Recording>> RolloutPlayer::rolled() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->rolled;
}

std::string RolloutPlayer::problem() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->problem;
}

}  // namespace vaco
