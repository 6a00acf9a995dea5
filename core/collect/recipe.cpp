// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/recipe.h"

#include <cstdio>
#include <span>

#include "core/data/content_hash.h"

namespace vaco {
namespace {

/// Everything with its size before it, so that no two recipes run into the same bytes.
class RecipeHash {
 public:
  void add(const std::string& text) { add_sized(std::span(text)); }
  void add(const std::vector<float>& values) { add_sized(std::span(values)); }
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void add(Number number) { hash_.add(std::as_bytes(std::span(&number, 1))); }
  void add(const PolicySnapshot& policy) {
    add(static_cast<uint64_t>(policy.layers.size()));
    for (const auto& layer : policy.layers) {
      add(layer.weight);
      add(layer.bias);
    }
    for (const auto* values :
         {&policy.observation_mean, &policy.observation_scale, &policy.action_low, &policy.action_high})
      add(*values);
  }
  [[nodiscard]] uint64_t value() const { return hash_.value(); }

 private:
  template <class Values>
  void add_sized(Values values) {
    add(static_cast<uint64_t>(values.size()));
    hash_.add(std::as_bytes(values));
  }
  ContentHash hash_;
};

}  // namespace

std::string recipe_hash(const CollectRequest& request) {
  RecipeHash hash;
  hash.add(request.environment);
  hash.add(to_text(request.physics));
  hash.add(request.steps);
  hash.add(request.seed);
  hash.add(request.shuffle);
  for (const auto& part : request.parts) {
    hash.add(part.policy.name);
    hash.add(part.share);
    hash.add(part.policy.action_noise);
    hash.add(part.policy.snapshot != nullptr);
    if (part.policy.snapshot) hash.add(*part.policy.snapshot);
  }
  char text[9];
  std::snprintf(text, sizeof text, "%08x", static_cast<unsigned>(hash.value()));
  return text;
}

}  // namespace vaco
