// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/rollout_player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <thread>

#include "core/sim/egl_context.h"
#include "core/sim/frame_pacer.h"
#include "core/sim/mujoco_environment.h"
#include "core/sim/offscreen_renderer.h"
#include "core/sim/rollout_show.h"
#include "tests/sim/policies.h"

namespace vaco {
namespace {

using FramePtr = std::shared_ptr<const RolloutFrame>;

// Whether this machine can draw at all; asked in a thread of its own, as drawing is done.
bool machine_draws() {
  static const bool draws = [] {
    bool made = false;
    std::jthread([&made] { made = EglContext::create().ok(); }).join();
    return made;
  }();
  return draws;
}

std::shared_ptr<const PolicySnapshot> policy_of(size_t environment, uint64_t seed = 1) {
  return std::make_shared<const PolicySnapshot>(random_policy(environments()[environment], seed));
}

// The first frame for which the condition holds, or null after long. A busy machine draws slowly.
FramePtr wait_frame(RolloutPlayer& player, const std::function<bool(const RolloutFrame&)>& wanted) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < end) {
    if (auto frame = player.take_frame(); frame && wanted(*frame)) return frame;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return nullptr;
}
FramePtr wait_frame(RolloutPlayer& player) {
  return wait_frame(player, [](const RolloutFrame&) { return true; });
}

std::string wait_problem(const RolloutPlayer& player) {
  for (int i = 0; i < 5000 && player.problem().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return player.problem();
}

double mean_brightness(const RolloutFrame& frame) {
  double sum = 0.0;
  for (const auto value : frame.rgb) sum += value;
  return sum / static_cast<double>(frame.rgb.size());
}

// Mean difference of two pictures of one size. Shadows come and go with the machine's load, so pictures of the
// same scene are near but not equal.
double difference(const RolloutFrame& a, const RolloutFrame& b) {
  if (a.rgb.size() != b.rgb.size()) return 255.0;
  double sum = 0.0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}
constexpr double kSame = 1.5, kOther = 2.5;

// Share of orange pixels (the foot) in a part of the picture.
double orange_share(const RolloutFrame& frame, int from_row, int to_row) {
  int orange = 0;
  for (int y = from_row; y < to_row; ++y)
    for (int x = 0; x < frame.width; ++x) {
      const auto* p = &frame.rgb[3 * static_cast<size_t>(y * frame.width + x)];
      orange += p[0] > 120 && p[0] > p[1] + 30 && p[1] > p[2] + 20;
    }
  return static_cast<double>(orange) / ((to_row - from_row) * frame.width);
}

class Player : public testing::Test {
 protected:
  // Without a driver the player must say so, and that is all there is to test.
  bool can_draw(RolloutPlayer& player) {
    player.set_cpu_budget(1.0);
    if (machine_draws()) return true;
    EXPECT_THAT(wait_problem(player), testing::HasSubstr("OpenGL"));
    EXPECT_EQ(player.take_frame(), nullptr);
    return false;
  }
};

TEST_F(Player, DrawsTheModelAtRestUprightAndInTheMiddle) {
  RolloutPlayer player("hopper", Physics::v2);
  player.set_size(321, 241);  // odd sizes: rows are not padded
  if (!can_draw(player)) return;
  const auto frame = wait_frame(player, [](const auto& f) { return f.width == 321; });
  ASSERT_TRUE(frame) << player.problem();
  EXPECT_EQ(frame->height, 241);
  ASSERT_EQ(frame->rgb.size(), 321u * 241 * 3);
  EXPECT_EQ(frame->policy_step, -1);
  EXPECT_EQ(frame->time_step, 0);
  EXPECT_GT(orange_share(*frame, 120, 241), 0.005) << "the foot stands in the lower half";
  EXPECT_EQ(orange_share(*frame, 0, 120), 0.0);
  EXPECT_TRUE(player.problem().empty());
}

TEST_F(Player, DarkIsDarkerAndLightAgainAsBefore) {
  RolloutPlayer player("walker2d", Physics::v4);
  if (!can_draw(player)) return;
  player.set_size(160, 120);
  const auto light = wait_frame(player, [](const auto& f) { return f.width == 160; });
  ASSERT_TRUE(light);
  player.set_dark(true);
  const auto dark = wait_frame(player, [&](const auto& f) { return difference(f, *light) > 50.0; });
  ASSERT_TRUE(dark);
  EXPECT_LT(mean_brightness(*dark), 0.5 * mean_brightness(*light));
  player.set_dark(false);
  EXPECT_TRUE(wait_frame(player, [&](const auto& f) { return difference(f, *light) < kSame; }));
}

TEST_F(Player, PlaysThePolicyAndTellsWhatIsTrue) {
  RolloutPlayer player("hopper", Physics::v2);
  if (!can_draw(player)) return;
  player.set_size(128, 96);
  player.set_policy(policy_of(0));
  const auto moving = wait_frame(player, [](const auto& f) { return f.policy_step == 123 && f.time_step > 3; });
  ASSERT_TRUE(moving) << player.problem();
  EXPECT_NE(moving->return_so_far, 0.0);
  EXPECT_GT(moving->frames_per_second, 0.0);
  const auto fallen = wait_frame(player, [](const auto& f) { return f.falling; });
  ASSERT_TRUE(fallen);
  const auto next = wait_frame(player, [&](const auto& f) { return f.episode > fallen->episode; });
  ASSERT_TRUE(next);
  EXPECT_FALSE(next->falling);
}

TEST_F(Player, PausesStepsAndRestarts) {
  RolloutPlayer player("halfcheetah", Physics::v2);
  if (!can_draw(player)) return;
  player.set_size(96, 96);
  player.set_playing(false);
  player.set_policy(policy_of(2));
  ASSERT_TRUE(wait_frame(player, [](const auto& f) { return f.policy_step == 123 && f.time_step == 0; }));
  player.step_once();
  player.step_once();
  const auto two = wait_frame(player, [](const auto& f) { return f.time_step == 2; });
  ASSERT_TRUE(two);
  player.restart();
  const auto again = wait_frame(player, [](const auto& f) { return f.time_step == 0; });
  ASSERT_TRUE(again);
  EXPECT_EQ(again->episode, two->episode + 1);
}

TEST_F(Player, TheCameraMovesAndComesBack) {
  RolloutPlayer player("hopper", Physics::v2);
  if (!can_draw(player)) return;
  player.set_size(96, 96);
  const auto home = wait_frame(player, [](const auto& f) { return f.width == 96; });
  ASSERT_TRUE(home);
  for (const auto motion : {CameraMotion::orbit, CameraMotion::pan, CameraMotion::zoom}) {
    player.move_camera(motion, 0.2, 0.1);
    EXPECT_TRUE(wait_frame(player, [&](const auto& f) { return difference(f, *home) > kOther; }));
    player.reset_camera();
    EXPECT_TRUE(wait_frame(player, [&](const auto& f) { return difference(f, *home) < kSame; }));
  }
}

TEST_F(Player, HiddenItRests) {
  RolloutPlayer player("hopper", Physics::v2);
  if (!can_draw(player)) return;
  player.set_size(96, 96);
  player.set_policy(policy_of(0));
  ASSERT_TRUE(wait_frame(player, [](const auto& f) { return f.time_step > 0; }));
  player.set_visible(false);
  // The frame in the making may still come, late on a busy machine; after that none.
  bool rests = false;
  for (int waits = 0; waits < 50 && !rests; ++waits) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    rests = player.take_frame() == nullptr;
  }
  EXPECT_TRUE(rests);
  player.set_visible(true);
  EXPECT_TRUE(wait_frame(player));
}

TEST_F(Player, SaysWhatDoesNotFit) {
  RolloutPlayer unknown("moon", Physics::v2);
  EXPECT_THAT(wait_problem(unknown), testing::HasSubstr("moon"));
  RolloutPlayer player("hopper", Physics::v2);
  if (!can_draw(player)) return;
  player.set_policy(policy_of(1));
  EXPECT_THAT(wait_problem(player), testing::HasSubstr("17"));
  const auto rest = wait_frame(player);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->policy_step, -1);
  player.set_policy(policy_of(0));
  EXPECT_TRUE(wait_frame(player, [](const auto& f) { return f.policy_step == 123; }));
  EXPECT_EQ(player.problem(), "");
}

TEST_F(Player, SurvivesACrowdOfRequests) {
  RolloutPlayer player("hopper", Physics::v2);
  player.set_cpu_budget(1.0);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&player, t] {
      for (int i = 0; i < 60; ++i) {
        player.set_policy(i % 7 ? policy_of(0, static_cast<uint64_t>(i)) : nullptr);
        player.set_size(64 + 16 * ((i + t) % 5), 64 + 16 * (i % 4));
        player.set_dark(i % 20 == 0);
        player.set_visible(i % 9 != 0);
        player.move_camera(CameraMotion::orbit, 0.01, 0.01);
        if (i % 11 == 0) player.restart();
        if (const auto frame = player.take_frame()) {
          EXPECT_EQ(frame->rgb.size(), static_cast<size_t>(3 * frame->width * frame->height));
        }
      }
    });
}

TEST(PlayerWithoutDriver, ExplainsAndBreaksNothing) {
  // The loader finds no vendor then, as on a machine without any driver. A process of its own, because it asks
  // once.
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        ::setenv("__EGL_VENDOR_LIBRARY_DIRS", "/nonexistent", 1);
        auto player = std::make_unique<RolloutPlayer>("hopper", Physics::v2);
        const auto problem = wait_problem(*player);
        player->set_playing(true);
        player->set_size(100, 100);
        std::fputs(problem.c_str(), stderr);
        const bool shows = player->take_frame() != nullptr;
        player.reset();  // its thread ends before the process does
        std::exit(!shows && make_environment("hopper", Physics::v2).ok() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "no OpenGL driver");
}

TEST(Pacer, SlowFramesLowerTheRateUntilTheBudgetHolds) {
  FramePacer pacer;
  pacer.set_budget(0.15);
  EXPECT_NEAR(pacer.period(), 1.0 / 30, 1e-12) << "nothing is known yet";
  pacer.add(5.0, 1.0);  // the first frames compile shaders
  pacer.add(5.0, 1.0);
  EXPECT_TRUE(pacer.shadows());
  for (int i = 0; i < 50; ++i) pacer.add(0.04, 0.3);
  EXPECT_FALSE(pacer.shadows());
  EXPECT_NEAR(pacer.period(), 0.04 / 0.15, 1e-6);
  for (int i = 0; i < 100; ++i) pacer.add(0.001, 0.03);
  EXPECT_NEAR(pacer.period(), 1.0 / 30, 1e-12);
  EXPECT_FALSE(pacer.shadows()) << "it must not flicker";
  pacer.set_pixels(64 * 64);
  EXPECT_TRUE(pacer.shadows());
}

TEST(Pacer, ResolutionGoesBeforeTheRate) {
  FramePacer pacer;
  pacer.set_budget(0.15);
  pacer.set_pixels(640 * 480);
  // A frame costs by its pixels, and twice with shadows.
  const auto draw = [&](int frames, double whole) {
    for (int i = 0; i < frames; ++i)
      pacer.add(whole * pacer.scale() * pacer.scale() * (pacer.shadows() ? 2.0 : 1.0), 0.1);
  };
  draw(20, 0.02);
  EXPECT_FALSE(pacer.shadows());
  EXPECT_DOUBLE_EQ(pacer.scale(), 0.75);
  EXPECT_GT(1.0 / pacer.period(), 10.0);
  draw(20, 0.1);
  EXPECT_DOUBLE_EQ(pacer.scale(), 0.5) << "and no less";
  EXPECT_NEAR(pacer.period(), 0.1 * 0.25 / 0.15, 1e-6);
  draw(1000, 0.001);
  EXPECT_TRUE(pacer.shadows()) << "a machine that has become quiet draws well again";
  EXPECT_DOUBLE_EQ(pacer.scale(), 1.0);
}

TEST(Pacer, SmallPicturesKeepTheirResolution) {
  FramePacer pacer;
  pacer.set_budget(0.15);
  pacer.set_pixels(320 * 240);
  for (int i = 0; i < 100; ++i) pacer.add(0.5, 1.0);
  EXPECT_DOUBLE_EQ(pacer.scale(), 1.0);
  EXPECT_FALSE(pacer.shadows());
}

TEST(Show, FollowsTheClockAtItsSpeed) {
  auto env = make_environment("halfcheetah", Physics::v2).value();
  RolloutShow show(*env);
  RolloutFrame frame;
  show.advance(10.0, 1.0);
  show.describe(frame);
  EXPECT_EQ(frame.time_step, 0) << "without a policy it rests";
  EXPECT_EQ(show.set_policy(policy_of(2)), "");
  for (int i = 0; i < 100; ++i) show.advance(0.01, 1.0);
  show.describe(frame);
  EXPECT_NEAR(frame.time_step, 20, 1);
  for (int i = 0; i < 100; ++i) show.advance(0.01, 4.0);
  show.describe(frame);
  EXPECT_NEAR(frame.time_step, 100, 1);
  EXPECT_THAT(show.set_policy(policy_of(0)), testing::HasSubstr("HalfCheetah"));
}

TEST(Renderer, KeepsTheHeadOfAJumpingRobotInThePicture) {
  if (!machine_draws()) return;  // Player's tests hold what is said then
  const auto env = make_environment("hopper", Physics::v2).value();
  auto& hopper = static_cast<MujocoEnvironment&>(*env);
  const auto made = OffscreenRenderer::create(hopper.model()).value();
  auto& renderer = *made;
  renderer.set_size(320, 120);
  std::vector<double> qpos(env->qpos().begin(), env->qpos().end()), qvel(6);
  // Rows of the sky are of one color, so what differs along the first ones is the robot.
  const auto differs_at_the_top = [&](double height) {
    qpos[1] = height;
    env->set_state(qpos, qvel);
    std::vector<uint8_t> rgb;
    renderer.render(hopper.data(), rgb);
    int most = 0;
    for (size_t row = 0; row < 3; ++row)
      for (size_t x = 1; x < 320; ++x)
        for (size_t c = 0; c < 3; ++c)
          most = std::max(most, std::abs(rgb[(row * 320 + x) * 3 + c] - rgb[row * 320 * 3 + c]));
    return most;
  };
  EXPECT_LT(differs_at_the_top(1.25), 12);
  EXPECT_LT(differs_at_the_top(2.3), 12);
  // What the user has chosen stays.
  renderer.reset_camera();
  renderer.move_camera(CameraMotion::zoom, 0.0, -0.01);
  EXPECT_GT(differs_at_the_top(2.3), 12);
}

TEST(Renderer, FollowsAlongTheTrack) {
  if (!machine_draws()) return;  // Player's tests hold what is said then
  auto env = make_environment("hopper", Physics::v2).value();
  auto renderer = OffscreenRenderer::create(static_cast<MujocoEnvironment&>(*env).model()).value();
  renderer->set_size(160, 120);
  std::vector<double> qpos(env->qpos().begin(), env->qpos().end()), qvel(6);
  RolloutFrame here;
  here.width = 160;
  here.height = 120;
  RolloutFrame far = here;
  renderer->render(static_cast<MujocoEnvironment&>(*env).data(), here.rgb);
  qpos[0] = 50.0;
  env->set_state(qpos, qvel);
  renderer->render(static_cast<MujocoEnvironment&>(*env).data(), far.rgb);
  EXPECT_GT(orange_share(here, 60, 120), 0.005);
  EXPECT_NEAR(orange_share(far, 60, 120), orange_share(here, 60, 120), 0.002);
}

}  // namespace
}  // namespace vaco
