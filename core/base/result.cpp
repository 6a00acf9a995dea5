// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

#include <stdexcept>

namespace vaco {

void throw_missing_value(const Error& error) {
  throw std::logic_error("a fault of this program: it used a result that is an error (" + error.message + ")");
}

void throw_missing_error() {
  throw std::logic_error("a fault of this program: it asked for the error of what has succeeded");
}

}  // namespace vaco
