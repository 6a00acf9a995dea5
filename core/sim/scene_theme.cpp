// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/scene_theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vaco {
namespace {

using Colour = std::array<float, 3>;

struct Theme {
  Colour zenith, horizon, tile, other_tile, line, force;
  float ambient, headlight, sun;
};
constexpr Theme kLight{{0.72f, 0.82f, 0.92f},
                       {0.95f, 0.965f, 0.98f},
                       {0.87f, 0.89f, 0.91f},
                       {0.79f, 0.82f, 0.85f},
                       {0.70f, 0.74f, 0.78f},
                       {0.78f, 0.10f, 0.45f},
                       0.42f,
                       0.30f,
                       0.50f};
constexpr Theme kDark{{0.05f, 0.06f, 0.08f},
                      {0.12f, 0.135f, 0.16f},
                      {0.25f, 0.28f, 0.32f},
                      {0.19f, 0.215f, 0.25f},
                      {0.33f, 0.37f, 0.42f},
                      {1.00f, 0.40f, 0.70f},
                      0.40f,
                      0.28f,
                      0.48f};

constexpr float kForceWidth = 0.04f;  // MuJoCo's own is 0.1

Colour mix(const Colour& a, const Colour& b, float t) {
  Colour c;
  for (size_t i = 0; i < 3; ++i) c[i] = a[i] + (b[i] - a[i]) * t;
  return c;
}

mjtByte* texels(mjModel& model, int texture) {
#if mjVERSION_HEADER >= 320
  return model.tex_data + model.tex_adr[texture];
#else
  return model.tex_rgb + model.tex_adr[texture];
#endif
}

// Calls colour(column, row) for every texel.
template <class Painter>
void paint(mjModel& model, const char* name, Painter colour) {
  const int texture = mj_name2id(&model, mjOBJ_TEXTURE, name);
  if (texture < 0) return;
  const int width = model.tex_width[texture], height = model.tex_height[texture];
  mjtByte* out = texels(model, texture);
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column)
      for (const float c : colour(column, row, width, height))
        *out++ = static_cast<mjtByte>(std::lround(255.0f * std::clamp(c, 0.0f, 1.0f)));
}

void set(float* to, const Colour& colour) {
  std::copy(colour.begin(), colour.end(), to);
}
void set(float* to, float grey) {
  std::fill(to, to + 3, grey);
}

}  // namespace

void paint_theme(mjModel& model, bool dark) {
  const Theme& theme = dark ? kDark : kLight;
  paint(model, "floor", [&](int x, int y, int width, int height) {
    const int edge = std::min({x % (width / 2), y % (height / 2)});
    if (edge < 2) return theme.line;
    return (x < width / 2) == (y < height / 2) ? theme.tile : theme.other_tile;
  });
  // The faces of the sky stand one above the other: right, left, up, down, front, back.
  paint(model, "sky", [&](int, int y, int width, int) {
    const int face = y / width;
    if (face == 2) return theme.zenith;
    if (face == 3) return theme.horizon;
    const float height = 1.0f - 2.0f * static_cast<float>(y % width) / static_cast<float>(width);
    return mix(theme.horizon, theme.zenith, std::sqrt(std::max(height, 0.0f)));
  });
  set(model.vis.rgba.fog, theme.horizon);
  set(model.vis.rgba.haze, theme.horizon);
  // Arrows of contact stand out of floor and robot, and are not as thick as its limbs.
  set(model.vis.rgba.contactforce, theme.force);
  model.vis.scale.forcewidth = kForceWidth;
  set(model.vis.headlight.ambient, theme.ambient);
  set(model.vis.headlight.diffuse, theme.headlight);
  set(model.vis.headlight.specular, 0.1f);
  for (int light = 0; light < model.nlight; ++light) set(model.light_diffuse + 3 * light, theme.sun);
}

}  // namespace vaco
