// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vaco {

/// Whether data of these dimensions can be of an environment, also of one that is not simulated here (ant,
/// adroit, kitchen, mazes); nothing where its dimensions are not known.
std::optional<bool> fits_environment(std::string_view environment, int64_t obs_dim, int64_t action_dim);

}  // namespace vaco
