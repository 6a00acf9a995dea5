// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/tensor_state.h"

#include <ATen/ATen.h>

#include <bit>

namespace vaco {

void put(StateDict& state, const std::string& name, const at::Tensor& tensor) {
  const auto host = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  const float* values = host.data_ptr<float>();
  state[name] = {host.sizes().vec(), std::vector<float>(values, values + host.numel())};
}

void put(StateDict& state, const std::string& name, int64_t value) {
  state[name] = {{}, std::vector<int64_t>{value}};
}

void put(StateDict& state, const std::string& name, const Rng& rng) {
  const auto& s = rng.state();
  state[name] = {{6},
                 std::vector<uint64_t>{s.words[0], s.words[1], s.words[2], s.words[3],
                                       std::bit_cast<uint64_t>(s.spare), s.has_spare ? 1u : 0u}};
}

void put(StateDict& state, const std::string& name, const Adam& adam) {
  put(state, name + "/first_moment", adam.first_moment);
  put(state, name + "/second_moment", adam.second_moment);
  put(state, name + "/steps", adam.steps());
}

template <class T>
const std::vector<T>* StateLoader::find(const std::string& name, size_t count) {
  const auto found = state_.find(name);
  const auto* values = found == state_.end() ? nullptr : std::get_if<std::vector<T>>(&found->second.values);
  if (values && values->size() == count) return values;
  if (problem_.empty())
    problem_ =
        "the checkpoint's '" + name + "' " +
        (found == state_.end() ? "is missing" : "has another type or size than this configuration needs");
  return nullptr;
}

void StateLoader::get(const std::string& name, at::Tensor& tensor) {
  const auto* values = find<float>(name, static_cast<size_t>(tensor.numel()));
  if (values) tensor.copy_(at::tensor(*values).view(tensor.sizes()));
}

void StateLoader::get(const std::string& name, int64_t& value) {
  if (const auto* values = find<int64_t>(name, 1)) value = values->front();
}

void StateLoader::get(const std::string& name, Rng& rng) {
  const auto* values = find<uint64_t>(name, 6);
  if (!values) return;
  const auto& v = *values;
  rng.set_state({{v[0], v[1], v[2], v[3]}, std::bit_cast<double>(v[4]), v[5] != 0});
}

void StateLoader::get(const std::string& name, Adam& adam) {
  get(name + "/first_moment", adam.first_moment);
  get(name + "/second_moment", adam.second_moment);
  int64_t steps = 0;
  get(name + "/steps", steps);
  adam.set_steps(steps);
}

Result<void> StateLoader::result() const {
  if (problem_.empty()) return {};
  return Error{ErrorCode::bad_data, problem_};
}

}  // namespace vaco
