// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d4rl_policy.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/tasks/task_names.h"

namespace vaco {
namespace {

constexpr const char* kPolicy = "metadata/policy/";
constexpr int kMostLayers = 16;

Error bad(const Hdf5File& file, const std::string& what) {
  return {ErrorCode::bad_data, file.name() + ": its policy (metadata/policy) " + what};
}

Result<void> check_word(const Hdf5File& file, const std::string& name, const std::string& wanted,
                        const std::string& what) {
  if (!file.has_array(kPolicy + name)) return {};
  const auto said = file.read_text(kPolicy + name);
  if (!said) return said.error();
  if (*said == wanted) return {};
  return bad(file, "has " + what + " '" + *said + "', and only " + wanted + " is known here");
}

/// A matrix [outputs, inputs] whichever way round the file has it: cloned policies of the hand keep it [inputs,
/// outputs].
Result<DenseLayer> read_layer(const Hdf5File& file, const std::string& name, int64_t inputs) {
  auto weight = file.read<float>(kPolicy + name + "/weight");
  if (!weight) return weight.error();
  auto bias = file.read<float>(kPolicy + name + "/bias");
  if (!bias) return bias.error();
  DenseLayer layer{.inputs = inputs,
                   .outputs = static_cast<int64_t>(bias->values.size()),
                   .weight = std::move(weight->values),
                   .bias = std::move(bias->values)};
  const auto& shape = weight->shape;
  if (shape == std::vector<int64_t>{layer.outputs, layer.inputs}) return layer;
  if (shape != std::vector<int64_t>{layer.inputs, layer.outputs})
    return bad(file, "has a layer " + name + " that does not fit the one before it, or the observations");
  std::vector<float> turned(layer.weight.size());
  for (int64_t o = 0; o < layer.outputs; ++o)
    for (int64_t i = 0; i < layer.inputs; ++i)
      turned[static_cast<size_t>(o * layer.inputs + i)] =
          layer.weight[static_cast<size_t>(i * layer.outputs + o)];
  layer.weight = std::move(turned);
  return layer;
}

/// Numbers in a row of an array of the dataset.
Result<int64_t> width_of(const Hdf5File& file, const std::string& array) {
  const auto info = file.describe(array);
  if (!info) return info.error();
  if (info->shape.size() != 2) return bad(file, "belongs to " + array + " that are no rows of numbers");
  return info->shape[1];
}

}  // namespace

bool has_d4rl_policy(const Hdf5File& file) {
  return file.has_array(std::string(kPolicy) + "last_fc/weight");
}

Result<PolicySnapshot> read_d4rl_policy(const Hdf5File& file) {
  if (auto known = check_word(file, "nonlinearity", "relu", "layers of"); !known) return known.error();
  if (auto known = check_word(file, "output_distribution", "tanh_gaussian", "actions of"); !known)
    return known.error();
  const auto obs_dim = width_of(file, "observations"), action_dim = width_of(file, "actions");
  if (!obs_dim) return obs_dim.error();
  if (!action_dim) return action_dim.error();
  PolicySnapshot policy;
  int64_t width = *obs_dim;
  const auto add = [&](const std::string& name) -> Result<void> {
    auto layer = read_layer(file, name, width);
    if (!layer) return layer.error();
    width = layer->outputs;
    policy.layers.push_back(std::move(*layer));
    return {};
  };
  for (int i = 0; i < kMostLayers && file.has_array(kPolicy + ("fc" + std::to_string(i)) + "/weight"); ++i)
    if (auto added = add("fc" + std::to_string(i)); !added) return added.error();
  if (auto added = add("last_fc"); !added) return added.error();
  if (width != *action_dim) return bad(file, "does not give the actions of the dataset");
  policy.observation_mean.assign(static_cast<size_t>(*obs_dim), 0.0f);
  policy.observation_scale.assign(static_cast<size_t>(*obs_dim), 1.0f);
  policy.action_low.assign(static_cast<size_t>(*action_dim), -1.0f);
  policy.action_high.assign(static_cast<size_t>(*action_dim), 1.0f);
  if (file.has_array("metadata/algorithm"))
    if (const auto algorithm = file.read_text("metadata/algorithm")) policy.algorithm = *algorithm;
  policy.environment = guess_environment(std::filesystem::path(file.name()).filename().string());
  policy.note = "the behavior policy that the dataset keeps, by its mean action";
  if (const auto problem = policy.problem(); !problem.empty()) return bad(file, "cannot be used: " + problem);
  return policy;
}

}  // namespace vaco
