// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/policy_file.h"

#include "core/base/files.h"
#include "core/data/d4rl_policy.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {
namespace {

constexpr const char *kFormat = "vaco-policy 1", *kDiscreteFormat = "vaco-policy 2";
constexpr int kMaxLayers = 64;
constexpr size_t kMostText = 60000;  // an attribute holds less than 64 KiB
constexpr std::pair<const char*, std::string PolicyOrigin::*> kOrigin[] = {
    {"physics", &PolicyOrigin::physics},
    {"simulator", &PolicyOrigin::simulator},
    {"program", &PolicyOrigin::program},
    {"dataset", &PolicyOrigin::dataset},
    {"dataset_hash", &PolicyOrigin::dataset_hash}};

std::string layer_name(size_t index) {
  return "layers/" + std::to_string(index);
}

Result<void> write_into(Hdf5File& file, const PolicySnapshot& policy, const PolicyOrigin& origin) {
  Result<void> done;
  const auto put = [&](const std::string& name, const std::vector<int64_t>& shape,
                       const std::vector<float>& values) {
    if (done) done = file.write<float>(name, shape, values);
  };
  const auto tell = [&](const char* name, const auto& value) {
    if (done) done = file.set_attribute("/", name, value);
  };
  for (size_t i = 0; i < policy.layers.size(); ++i) {
    const auto& layer = policy.layers[i];
    put(layer_name(i) + "/weight", {layer.outputs, layer.inputs}, layer.weight);
    put(layer_name(i) + "/bias", {layer.outputs}, layer.bias);
  }
  put("observation/mean", {policy.obs_dim()}, policy.observation_mean);
  put("observation/scale", {policy.obs_dim()}, policy.observation_scale);
  put("action/low", {policy.action_dim()}, policy.action_low);
  put("action/high", {policy.action_dim()}, policy.action_high);
  tell("format", std::string(policy.action_count > 0 ? kDiscreteFormat : kFormat));
  if (policy.action_count > 0) tell("action_count", policy.action_count);
  tell("step", policy.step);
  tell("algorithm", policy.algorithm);
  tell("environment", policy.environment);
  tell("note", policy.note.substr(0, kMostText));
  for (const auto& [name, text] : kOrigin)
    if (const auto& value = origin.*text; !value.empty()) tell(name, value.substr(0, kMostText));
  return done;
}

Result<void> read_if_there(const Hdf5File& file, const char* name, std::string& text) {
  if (!file.has_attribute("/", name)) return {};
  auto value = file.text_attribute("/", name);
  if (!value) return value.error();
  text = std::move(*value);
  return {};
}

Result<PolicySnapshot> read_from(const Hdf5File& file) {
  const auto bad = [&](const std::string& what) {
    return Error{ErrorCode::bad_data, file.name() + ": " + what};
  };
  if (has_d4rl_policy(file)) return read_d4rl_policy(file);
  const auto format = file.text_attribute("/", "format");
  if (!format || !format->starts_with("vaco-policy "))
    return bad(
        "this is neither a policy file of the workbench nor a dataset that keeps its policy (metadata/policy)");
  const bool discrete = *format == kDiscreteFormat;
  if (!discrete && *format != kFormat)
    return bad("it was written by a newer version of the workbench (" + *format + ")");
  PolicySnapshot policy;
  if (discrete) {
    const auto choices = file.integer_attribute("/", "action_count");
    if (!choices) return choices.error();
    policy.action_count = *choices;
  }
  const auto step = file.integer_attribute("/", "step");
  if (!step) return step.error();
  policy.step = *step;
  for (auto [name, text] : {std::pair{"algorithm", &policy.algorithm},
                            {"environment", &policy.environment},
                            {"note", &policy.note}})
    if (auto read = read_if_there(file, name, *text); !read) return read.error();

  Result<void> done;
  const auto get = [&](const std::string& name, size_t rank) {
    Hdf5Array<float> array;
    if (!done) return array;
    auto read = file.read<float>(name);
    if (!read)
      done = read.error();
    else if (read->shape.size() != rank)
      done = bad(name + " has the wrong number of dimensions");
    else
      array = std::move(*read);
    return array;
  };
  for (size_t i = 0; done && file.kind(layer_name(i)) == Hdf5Kind::group; ++i) {
    if (i == kMaxLayers) return bad("it has too many layers");
    auto weight = get(layer_name(i) + "/weight", 2);
    auto bias = get(layer_name(i) + "/bias", 1);
    if (done)
      policy.layers.push_back(
          {weight.shape[1], weight.shape[0], std::move(weight.values), std::move(bias.values)});
  }
  policy.observation_mean = get("observation/mean", 1).values;
  policy.observation_scale = get("observation/scale", 1).values;
  policy.action_low = get("action/low", 1).values;
  policy.action_high = get("action/high", 1).values;
  if (!done) return done.error();
  if (auto problem = policy.problem(); !problem.empty()) return bad("the policy cannot be used: " + problem);
  return policy;
}

}  // namespace

Result<void> write_policy(const std::filesystem::path& path, const PolicySnapshot& policy,
                          const PolicyOrigin& origin) {
  if (auto problem = policy.problem(); !problem.empty())
    return Error{ErrorCode::failed, "cannot write the policy " + path.string() + ": " + problem};
  return write_file_atomically(path, [&](const std::filesystem::path& temporary) -> Result<void> {
    auto file = Hdf5File::create(temporary);
    if (!file) return file.error();
    if (auto written = write_into(*file, policy, origin); !written) return written;
    return file->close();
  });
}

Result<PolicySnapshot> read_policy(const std::filesystem::path& path) {
  auto file = Hdf5File::open(path);
  if (!file) return file.error();
  return read_from(*file);
}

Result<PolicyOrigin> read_policy_origin(const std::filesystem::path& path) {
  const auto file = Hdf5File::open(path);
  if (!file) return file.error();
  PolicyOrigin origin;
  for (const auto& [name, text] : kOrigin)
    if (auto read = read_if_there(*file, name, origin.*text); !read) return read.error();
  return origin;
}

Result<PolicySnapshot> read_policy(std::span<const std::byte> bytes, const std::string& name) {
  auto file = Hdf5File::open(bytes, name);
  if (!file) return file.error();
  return read_from(*file);
}

}  // namespace vaco
