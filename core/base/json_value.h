// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <type_traits>

#include "core/base/json.h"

namespace vaco {

/// The text or number under a key; the other one where json is no object, or holds nothing of the kind there.
template <class T>
T value_or(const Json& json, const char* key, T otherwise) {
  if (!json.is_object() || !json.contains(key)) return otherwise;
  const Json& found = json[key];
  if constexpr (std::is_same_v<T, std::string>)
    return found.is_string() ? found.get<T>() : otherwise;
  else
    return found.is_number() ? found.get<T>() : otherwise;
}

}  // namespace vaco
