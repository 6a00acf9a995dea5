// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/fixed.h"

#include <cmath>
#include <cstdio>

namespace vaco {

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  char text[400];  // the largest double has 309 digits before the point
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

}  // namespace vaco
