// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of what stands on a cart or on a table: pendulums, the cart that is pushed left or right, and the
// reaching arm.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/sim/environment_rules.h"

namespace vaco {
namespace {

bool pole_stands(const Scene& scene) {
  const auto finite = [](double v) { return std::isfinite(v); };
  const double *qpos = scene.data.qpos, *qvel = scene.data.qvel;
  return std::all_of(qpos, qpos + scene.model.nq, finite) && std::all_of(qvel, qvel + scene.model.nv, finite) &&
         std::abs(qpos[1]) <= 0.2;
}

double bonus(const StepView& step, double amount) {
  return step.scene.physics == Physics::v5 && step.terminated ? 0.0 : amount;
}

// v5 leaves out the forces on the hinges, which are always 0.
void observe_poles(const Scene& scene, std::vector<double>& out) {
  const auto& data = scene.data;
  const auto within = [](double v) { return std::clamp(v, -10.0, 10.0); };
  out.push_back(data.qpos[0]);
  for (const int i : {1, 2}) out.push_back(std::sin(data.qpos[i]));
  for (const int i : {1, 2}) out.push_back(std::cos(data.qpos[i]));
  for (const int i : {0, 1, 2}) out.push_back(within(data.qvel[i]));
  for (int i = 0; i < (scene.physics == Physics::v5 ? 1 : 3); ++i)
    out.push_back(within(data.qfrc_constraint[i]));
}

// Angles come back from their sines and cosines.
bool recover_poles(std::span<const float> seen, StartState& state) {
  state.qpos = {seen[0], std::atan2(seen[1], seen[3]), std::atan2(seen[2], seen[4])};
  state.qvel = {seen[5], seen[6], seen[7]};
  return std::all_of(state.qvel.begin(), state.qvel.end(), [](double v) { return std::abs(v) < 10.0; });
}

// The tip is the model's only site: x, y, height.
double poles_reward(const StepView& step) {
  const auto& data = step.scene.data;
  const double x = data.site_xpos[0], height = data.site_xpos[2];
  const double distance = 0.01 * x * x + (height - 2.0) * (height - 2.0);
  const double speed = 1e-3 * data.qvel[1] * data.qvel[1] + 5e-3 * data.qvel[2] * data.qvel[2];
  return bonus(step, 10.0) - distance - speed;
}

// Bodies in the order of the model: world, two links, fingertip, target.
std::array<double, 3> tip_to_target(const Scene& scene) {
  const mjtNum *tip = scene.data.xpos + 9, *target = scene.data.xpos + 12;
  return {tip[0] - target[0], tip[1] - target[1], tip[2] - target[2]};
}

double reach_distance(const Scene& scene) {
  const auto [x, y, z] = tip_to_target(scene);
  return std::sqrt(x * x + y * y + z * z);
}

// v5 measures after the step; the versions before it paid for where the arm had been.
double reach_reward(const StepView& step) {
  double squares = 0.0;
  for (const double a : step.action) squares += a * a;
  return -(step.scene.physics == Physics::v5 ? reach_distance(step.scene) : step.watched) - squares;
}

// v5 leaves out the height, which is always 0.
void observe_arm(const Scene& scene, std::vector<double>& out) {
  const auto& data = scene.data;
  for (const int i : {0, 1}) out.push_back(std::cos(data.qpos[i]));
  for (const int i : {0, 1}) out.push_back(std::sin(data.qpos[i]));
  out.insert(out.end(), {data.qpos[2], data.qpos[3], data.qvel[0], data.qvel[1]});
  const auto offset = tip_to_target(scene);
  out.insert(out.end(), offset.begin(), offset.begin() + (scene.physics == Physics::v5 ? 2 : 3));
}

// The target is at rest.
bool recover_arm(std::span<const float> seen, StartState& state) {
  state.qpos = {std::atan2(seen[2], seen[0]), std::atan2(seen[3], seen[1]), seen[4], seen[5]};
  state.qvel = {seen[6], seen[7], 0.0, 0.0};
  return true;
}

// The target lies anywhere in a circle of 0.2 m.
void place_arm(const mjModel& model, Rng& rng, StartState& start) {
  for (int i = 0; i < model.nq; ++i) start.qpos[static_cast<size_t>(i)] += rng.uniform(-0.1, 0.1);
  double x = 0.0, y = 0.0;
  do {
    x = rng.uniform(-0.2, 0.2);
    y = rng.uniform(-0.2, 0.2);
  } while (std::hypot(x, y) >= 0.2);
  start.qpos[2] = x;
  start.qpos[3] = y;
  for (const size_t i : {0u, 1u}) start.qvel[i] = rng.uniform(-0.005, 0.005);
}

// CartPole-v1 as Gymnasium has it: a cart of 1 kg, a pole of 0.1 kg whose half length is 0.5 m, pushed by 10 N
// to the right (1) or to the left (0), without friction, by Euler's explicit rule.
void push_cart(std::span<const double> action, double dt, std::span<double> qpos, std::span<double> qvel) {
  constexpr double kGravity = 9.8, kPole = 0.1, kTotal = 1.0 + kPole, kHalfLength = 0.5, kForce = 10.0;
  constexpr double kPoleMoment = kPole * kHalfLength;
  const double force = action[0] >= 0.5 ? kForce : -kForce, speed = qvel[1];
  const double cosine = std::cos(qpos[1]), sine = std::sin(qpos[1]);
  const double push = (force + kPoleMoment * speed * speed * sine) / kTotal;
  const double turn =
      (kGravity * sine - cosine * push) / (kHalfLength * (4.0 / 3.0 - kPole * cosine * cosine / kTotal));
  const double slide = push - kPoleMoment * turn * cosine / kTotal;
  for (const size_t i : {0u, 1u}) qpos[i] += dt * qvel[i];
  qvel[0] += dt * slide;
  qvel[1] += dt * turn;
}

bool cart_stays(const Scene& scene) {
  constexpr double kEdge = 2.4, kTilt = 12.0 * 2.0 * std::numbers::pi / 360.0;
  return std::abs(scene.data.qpos[0]) <= kEdge && std::abs(scene.data.qpos[1]) <= kTilt;
}

void observe_cart(const Scene& scene, std::vector<double>& out) {
  for (const int i : {0, 1}) out.insert(out.end(), {scene.data.qpos[i], scene.data.qvel[i]});
}

bool recover_cart(std::span<const float> seen, StartState& state) {
  state.qpos = {seen[0], seen[2]};
  state.qvel = {seen[1], seen[3]};
  return true;
}

}  // namespace

std::vector<EnvironmentRules> pendulum_rules() {
  return {{.name = "invertedpendulum",
           .frame_skip = 2,
           .position_noise = 0.01,
           .velocity_noise = 0.01,
           .healthy = pole_stands,
           .reward = [](const StepView& step) { return bonus(step, 1.0); }},
          {.name = "inverteddoublependulum",
           .frame_skip = 5,
           .position_noise = 0.1,
           .velocity_noise = 0.1,
           .gaussian_velocity = true,
           .healthy = [](const Scene& scene) { return scene.data.site_xpos[2] > 1.0; },
           .reward = poles_reward,
           .observe = observe_poles,
           .recover = recover_poles,
           .shown = 8},
          {.name = "reacher",
           .frame_skip = 2,
           .watch = reach_distance,
           .reward = reach_reward,
           .observe = observe_arm,
           .reset = place_arm,
           .recover = recover_arm,
           .shown = 8},
          {.name = "cartpole",
           .position_noise = 0.05,
           .velocity_noise = 0.05,
           .choices = 2,
           .equations = push_cart,
           .healthy = cart_stays,
           .reward = [](const StepView&) { return 1.0; },
           .observe = observe_cart,
           .recover = recover_cart,
           .shown = 4}};
}

}  // namespace vaco
