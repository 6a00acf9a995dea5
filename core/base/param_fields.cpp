// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/param_fields.h"

#include <algorithm>
#include <cassert>

namespace vaco {

void ParamFields::add(const void* address, ParamSpec spec, std::function<void(const ParamValue&)> set) {
  fields_.push_back({address, std::move(spec), std::move(set)});
}

ParamFields::Field& ParamFields::at(const void* address) {
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const Field& field) { return field.address == address; });
  assert(found != fields_.end());
  return *found;
}

void ParamFields::remove(const void* address) {
  std::erase_if(fields_, [&](const Field& field) { return field.address == address; });
}

size_t ParamFields::index_of(const std::vector<std::string>& choices, const std::string& choice) {
  const auto found = std::find(choices.begin(), choices.end(), choice);
  assert(found != choices.end());
  return static_cast<size_t>(found - choices.begin());
}

std::vector<ParamSpec> ParamFields::schema() const {
  std::vector<ParamSpec> specs;
  for (const auto& field : fields_) specs.push_back(field.spec);
  return specs;
}

void ParamFields::read(const ParamSet& params) const {
  for (const auto& field : fields_) field.set(params.at(field.spec.key));
}

}  // namespace vaco
