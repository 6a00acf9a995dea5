// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithm.h"

namespace vaco {

std::string display_name(const Metric& metric) {
  const std::string symbol = metric.symbol;
  if (symbol.empty()) return metric.label;
  // What reads as a phrase of its own stands behind a comma.
  return metric.label + std::string(symbol.find('(') == std::string::npos ? " " : ", ") + symbol;
}

Result<const AlgorithmInfo*> find_algorithm(const std::string& key) {
  std::string known;
  for (const auto& info : algorithms()) {
    if (info.key == key) return &info;
    known += (known.empty() ? "" : ", ") + info.key;
  }
  return Error{ErrorCode::usage, "there is no algorithm '" + key + "'; there are " + known};
}

}  // namespace vaco
