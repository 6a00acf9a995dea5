// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/policy_snapshot.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace vaco {
namespace {

bool all_finite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace

std::string PolicySnapshot::problem() const {
  if (layers.empty()) return "it has no layers";
  if (observation_mean.empty() || observation_mean.size() != observation_scale.size())
    return "its observation mean and scale do not fit together";
  if (action_low.empty() || action_low.size() != action_high.size())
    return "its action bounds do not fit together";
  int64_t width = obs_dim();
  for (size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    const std::string name = "layer " + std::to_string(i);
    if (layer.inputs != width || layer.outputs <= 0) return name + " does not fit the layer before it";
    if (static_cast<int64_t>(layer.weight.size()) != layer.inputs * layer.outputs ||
        static_cast<int64_t>(layer.bias.size()) != layer.outputs)
      return name + " has the wrong number of weights";
    if (!all_finite(layer.weight) || !all_finite(layer.bias)) return name + " holds a NaN or an infinity";
    width = layer.outputs;
  }
  if (action_count < 0 || action_count == 1 ||
      (action_count > 0 &&
       (action_dim() != 1 || action_low[0] != 0.0f || action_high[0] != static_cast<float>(action_count - 1))))
    return "its choices and its action bounds do not fit together";
  if (action_count > 0 && width != action_count) return "its last layer does not give one number per choice";
  if (action_count == 0 && width != action_dim()) return "its last layer does not give one number per action";
  if (!all_finite(observation_mean) || !all_finite(observation_scale) || !all_finite(action_low) ||
      !all_finite(action_high))
    return "its normalizer or bounds hold a NaN or an infinity";
  if (std::any_of(observation_scale.begin(), observation_scale.end(), [](float s) { return s <= 0.0f; }))
    return "its observation scale is not positive";
  return {};
}

PolicyActor::PolicyActor(const PolicySnapshot& policy) : policy_(&policy) {
  assert(policy.problem().empty());
  size_t widest = policy.observation_mean.size();
  for (const auto& layer : policy.layers) widest = std::max(widest, layer.bias.size());
  input_.resize(widest);
  output_.resize(widest);
}

std::span<const float> PolicyActor::output(std::span<const float> observation) {
  const auto& p = *policy_;
  for (size_t i = 0; i < p.observation_mean.size(); ++i)
    input_[i] = (observation[i] - p.observation_mean[i]) / p.observation_scale[i];
  for (size_t l = 0; l < p.layers.size(); ++l) {
    const auto& layer = p.layers[l];
    const bool hidden = l + 1 < p.layers.size();
    const float* row = layer.weight.data();
    for (int64_t o = 0; o < layer.outputs; ++o, row += layer.inputs) {
      // Eight partial sums: the compiler may vectorise them without reordering a single sum.
      float sums[8] = {};
      int64_t i = 0;
      for (; i + 8 <= layer.inputs; i += 8)
        for (int64_t k = 0; k < 8; ++k) sums[k] += row[i + k] * input_[static_cast<size_t>(i + k)];
      float sum = layer.bias[static_cast<size_t>(o)];
      for (; i < layer.inputs; ++i) sum += row[i] * input_[static_cast<size_t>(i)];
      for (const float partial : sums) sum += partial;
      output_[static_cast<size_t>(o)] = hidden ? std::max(sum, 0.0f) : sum;
    }
    std::swap(input_, output_);
  }
  return std::span<const float>(input_).first(p.layers.back().bias.size());
}

void PolicyActor::act(std::span<const float> observation, std::span<float> action) {
  const auto& p = *policy_;
  const auto last = output(observation);
  if (p.action_count > 0) {
    action[0] = static_cast<float>(std::max_element(last.begin(), last.end()) - last.begin());
    return;
  }
  for (size_t i = 0; i < p.action_low.size(); ++i) {
    const float middle = 0.5f * (p.action_high[i] + p.action_low[i]);
    const float half = 0.5f * (p.action_high[i] - p.action_low[i]);
    action[i] = middle + half * std::tanh(last[i]);
  }
}

}  // namespace vaco
