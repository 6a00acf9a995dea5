// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace vaco {

/// A named array of a checkpoint: plain numbers with a shape. A scalar has an empty shape.
struct StateArray {
  std::vector<int64_t> shape;
  std::variant<std::vector<float>, std::vector<double>, std::vector<int64_t>, std::vector<uint64_t>> values;
  bool operator==(const StateArray&) const = default;
};

/// Everything that decides how training goes on, by slash-separated names ("critic/weights", "sampler/rng").
/// Learning fills and reads it, the checkpoint code writes and reads it to HDF5; no torch in between.
using StateDict = std::map<std::string, StateArray>;

}  // namespace vaco
