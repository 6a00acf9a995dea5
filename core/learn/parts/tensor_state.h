// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/base/state_dict.h"
#include "core/nn/adam.h"

namespace vaco {

/// Saving: adds one named entry.
void put(StateDict& state, const std::string& name, const at::Tensor& tensor);  ///< float32
void put(StateDict& state, const std::string& name, int64_t value);
void put(StateDict& state, const std::string& name, const Rng& rng);
void put(StateDict& state, const std::string& name, const Adam& adam);

/// Loading: takes entries in turn and remembers the first that is missing or has another shape.
class StateLoader {
 public:
  explicit StateLoader(const StateDict& state) : state_(state) {}
  void get(const std::string& name, at::Tensor& tensor);  ///< copies into the tensor, whose shape must agree
  void get(const std::string& name, int64_t& value);
  void get(const std::string& name, Rng& rng);
  void get(const std::string& name, Adam& adam);
  /// bad_data with the first problem, if there was one.
  [[nodiscard]] Result<void> result() const;

 private:
  template <class T>
  const std::vector<T>* find(const std::string& name, size_t count);
  const StateDict& state_;
  std::string problem_;
};

}  // namespace vaco
