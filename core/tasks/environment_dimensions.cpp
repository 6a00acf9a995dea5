// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/environment_dimensions.h"

namespace vaco {
namespace {

struct Dimensions {
  std::string_view environment;
  int64_t obs_dim, action_dim;
};
constexpr Dimensions kDimensions[] = {{"hopper", 11, 3},      {"walker2d", 17, 6},     {"halfcheetah", 17, 6},
                                      {"ant", 27, 8},         {"ant", 111, 8},         {"ant", 105, 8},
                                      {"antmaze", 29, 8},     {"pen", 45, 24},         {"hammer", 46, 26},
                                      {"door", 39, 28},       {"relocate", 39, 30},    {"kitchen", 60, 9},
                                      {"maze2d-umaze", 4, 2}, {"maze2d-medium", 4, 2}, {"maze2d-large", 4, 2}};

}  // namespace

std::optional<bool> fits_environment(std::string_view environment, int64_t obs_dim, int64_t action_dim) {
  std::optional<bool> fits;
  for (const auto& known : kDimensions)
    if (known.environment == environment)
      fits = fits.value_or(false) || (known.obs_dim == obs_dim && known.action_dim == action_dim);
  return fits;
}

}  // namespace vaco
