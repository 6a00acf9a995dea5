// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/collect/collecting.h"

namespace vaco {

/// Eight hexadecimal digits of all that decides the numbers that a request gives. In a file's name they keep
/// data of another recipe from being taken for these.
std::string recipe_hash(const CollectRequest& request);

}  // namespace vaco
