// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/plan_json.h"

#include <algorithm>

#include "core/study/plan.h"

namespace vaco {

Error plan_error(const std::string& place, const std::string& what) {
  return {ErrorCode::usage, place + ": " + what};
}

std::string plan_item(const std::string& list, size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

Result<void> check_plan_keys(const Json& object, const std::string& place,
                             std::initializer_list<const char*> known) {
  if (!object.is_object()) return plan_error(place, "must be an object {...}");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string list;
    for (const char* name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    return plan_error(place, "unknown key '" + key + "'; it may have " + list);
  }
  return {};
}

Result<std::string> plan_text(const Json& object, const std::string& place, const char* key,
                              const std::string& otherwise) {
  if (!object.contains(key)) return otherwise;
  if (!object[key].is_string()) return plan_error(place + "." + key, "must be a text");
  return object[key].get<std::string>();
}

Result<std::vector<Json>> plan_list(const Json& json, const char* key) {
  const Json& list = json.contains(key) ? json[key] : Json();
  if (!list.is_array() || list.empty()) return plan_error(key, "must be a list [...] with at least one entry");
  return std::vector<Json>(list.begin(), list.end());
}

Result<void> PlanNames::claim(const std::string& name, const std::string& place) {
  const std::string part = file_name_part(name);
  if (part.empty()) return plan_error(place, "its " + key_ + " has no letters or digits");
  const auto [other, fresh] = places_.emplace(part, place);
  if (fresh) return {};
  return plan_error(place,
                    "'" + name + "' names " + other->second + " already; give it another \"" + key_ + "\"");
}

}  // namespace vaco
