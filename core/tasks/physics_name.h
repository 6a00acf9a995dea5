// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco {

/// One name for each kind of physics: what files call "legacy" was made in "v2". Other texts stay as they are.
std::string physics_name(const std::string& said);

}  // namespace vaco
