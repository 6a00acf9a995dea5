// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vaco {

/// A file of resources/ that is embedded in the program, by its path below resources/ ("mjcf/hopper.xml");
/// empty view if there is none. Lives as long as the program.
std::string_view find_resource(std::string_view path);
/// Paths of all embedded files below a folder ("presets/"), sorted.
std::vector<std::string> list_resources(std::string_view folder);

}  // namespace vaco
