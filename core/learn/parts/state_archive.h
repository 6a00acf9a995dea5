// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/base/state_dict.h"
#include "core/nn/adam.h"

namespace vaco {

/// Saves or loads values by name. What learns has one visit(), which names every value that decides its steps
/// to come, and serves both ways:
///   void visit(StateArchive& archive) {
///     archive("critic/parameters", parameters_);
///     archive("critic/adam", adam_);
///   }
class StateArchive {
 public:
  static StateArchive saving_to(StateDict& state) { return {&state, nullptr}; }
  static StateArchive loading_from(const StateDict& state) { return {nullptr, &state}; }
  [[nodiscard]] bool loads() const { return from_ != nullptr; }

  void operator()(const std::string& name, const at::Tensor& tensor);  ///< float32; loading copies into it
  void operator()(const std::string& name, int64_t& value);
  void operator()(const std::string& name, Rng& rng);
  void operator()(const std::string& name, Adam& adam);
  /// bad_data with the first entry that was missing or had another shape, if there was one.
  [[nodiscard]] Result<void> result() const;

 private:
  StateArchive(StateDict* to, const StateDict* from) : to_(to), from_(from) {}
  template <class T>
  const std::vector<T>* find(const std::string& name, size_t count);

  StateDict* to_;
  const StateDict* from_;
  std::string problem_;
};

/// What is saved and loaded of something, as a list that its constructor makes of its members.
class KeptState {
 public:
  /// A part with a visit() of its own.
  template <class Part>
  void keep(Part& part) {
    visits_.push_back([&part](StateArchive& archive) { part.visit(archive); });
  }
  /// A tensor, number, generator or optimizer under this name, or what visits under a name.
  template <class Value>
  void keep(const std::string& name, Value& value) {
    visits_.push_back([name, &value](StateArchive& archive) {
      if constexpr (requires { value.visit(archive, name); })
        value.visit(archive, name);
      else
        archive(name, value);
    });
  }
  [[nodiscard]] StateDict save() const;
  Result<void> load(const StateDict& state) const;

 private:
  std::vector<std::function<void(StateArchive&)>> visits_;
};

}  // namespace vaco
