// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/param_spec.h"

namespace vaco {

/// The hyper-parameters of a part: the fields of a plain struct, each listed once with what is said of it,
///   struct NetworkParams {
///     int64_t hidden_width = 256;
///     void list(ParamFields& fields) {
///       fields.add(hidden_width, {.key = "hidden_width", .label = "Hidden width", ...});
///     }
///   };
/// of which schema_of<NetworkParams>() makes the schema and read_params<NetworkParams>(set) the struct. Whoever
/// uses a part has its struct as a member, calls its list() and may then change what is said of a field: by the
/// field, so that a name misspelt does not compile. The fields' values are the defaults.
class ParamFields {
 public:
  /// A field of type bool, int64_t, double or an enum class, which stands for spec.choices in their order. Its
  /// type and default come from the field, not from the spec.
  template <class Value>
  void add(Value& field, ParamSpec spec) {
    if constexpr (std::is_enum_v<Value>) {
      spec.type = ParamType::choice;
      spec.default_value = spec.choices.at(static_cast<size_t>(field));
      add(&field, std::move(spec), [&field, choices = spec.choices](const ParamValue& value) {
        field = static_cast<Value>(index_of(choices, std::get<std::string>(value)));
      });
    } else {
      spec.type = type_of(field);
      spec.default_value = field;
      add(&field, std::move(spec), [&field](const ParamValue& value) { field = std::get<Value>(value); });
    }
  }
  /// What is said of a field that was added.
  template <class Value>
  [[nodiscard]] ParamSpec& of(const Value& field) {
    return at(&field).spec;
  }
  /// Takes a field out again: it keeps its value and is no parameter.
  template <class Value>
  void leave_out(const Value& field) {
    remove(&field);
  }

  [[nodiscard]] std::vector<ParamSpec> schema() const;
  /// Sets every field to its value of the set, which must be complete for schema().
  void read(const ParamSet& params) const;

 private:
  struct Field {
    const void* address;
    ParamSpec spec;
    std::function<void(const ParamValue&)> set;
  };
  static ParamType type_of(bool) { return ParamType::boolean; }
  static ParamType type_of(int64_t) { return ParamType::integer; }
  static ParamType type_of(double) { return ParamType::real; }
  static size_t index_of(const std::vector<std::string>& choices, const std::string& choice);
  void add(const void* address, ParamSpec spec, std::function<void(const ParamValue&)> set);
  Field& at(const void* address);
  void remove(const void* address);

  std::vector<Field> fields_;
};

template <class Params>
std::vector<ParamSpec> schema_of() {
  Params params;
  ParamFields fields;
  params.list(fields);
  return fields.schema();
}

template <class Params>
Params read_params(const ParamSet& set) {
  Params params;
  ParamFields fields;
  params.list(fields);
  fields.read(set);
  return params;
}

}  // namespace vaco
