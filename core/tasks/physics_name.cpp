// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/physics_name.h"

namespace vaco {

std::string physics_name(const std::string& said) {
  return said == "legacy" || said == "legacy-v2" ? "v2" : said;
}

}  // namespace vaco
