// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace vaco {

/// What reading a plan's JSON takes again and again. place is where in the plan ("datasets[2].path"), and
/// begins every (usage) error.
Error plan_error(const std::string& place, const std::string& what);
/// "list[index]".
std::string plan_item(const std::string& list, size_t index);
/// That it is an object with no other keys than these.
Result<void> check_plan_keys(const Json& object, const std::string& place,
                             std::initializer_list<const char*> known);
/// The text under a key, or the other one where there is none.
Result<std::string> plan_text(const Json& object, const std::string& place, const char* key,
                              const std::string& otherwise = {});
/// The entries of the list under a key; at least one.
Result<std::vector<Json>> plan_list(const Json& json, const char* key);

/// Two datasets or two algorithms must not share the files or the rows of a table.
class PlanNames {
 public:
  /// key: which entry of the plan gives the name ("name", "label").
  explicit PlanNames(std::string key) : key_(std::move(key)) {}
  Result<void> claim(const std::string& name, const std::string& place);

 private:
  std::string key_;
  std::map<std::string, std::string> places_;  ///< by the name's part of a file name
};

}  // namespace vaco
