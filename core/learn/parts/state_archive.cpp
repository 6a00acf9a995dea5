// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/state_archive.h"

#include <ATen/ATen.h>

#include <bit>

namespace vaco {

template <class T>
const std::vector<T>* StateArchive::find(const std::string& name, size_t count) {
  const auto found = from_->find(name);
  const auto* values = found == from_->end() ? nullptr : std::get_if<std::vector<T>>(&found->second.values);
  if (values && values->size() == count) return values;
  if (problem_.empty())
    problem_ =
        "the checkpoint's '" + name + "' " +
        (found == from_->end() ? "is missing" : "has another type or size than this configuration needs");
  return nullptr;
}

void StateArchive::operator()(const std::string& name, const at::Tensor& tensor) {
  if (loads()) {
    const auto* values = find<float>(name, static_cast<size_t>(tensor.numel()));
    if (values) tensor.copy_(at::tensor(*values).view(tensor.sizes()));
    return;
  }
  const auto host = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  const float* values = host.data_ptr<float>();
  (*to_)[name] = {host.sizes().vec(), std::vector<float>(values, values + host.numel())};
}

void StateArchive::operator()(const std::string& name, int64_t& value) {
  if (!loads())
    (*to_)[name] = {{}, std::vector<int64_t>{value}};
  else if (const auto* values = find<int64_t>(name, 1))
    value = values->front();
}

void StateArchive::operator()(const std::string& name, Rng& rng) {
  if (!loads()) {
    const auto& s = rng.state();
    (*to_)[name] = {{6},
                    std::vector<uint64_t>{s.words[0], s.words[1], s.words[2], s.words[3],
                                          std::bit_cast<uint64_t>(s.spare), s.has_spare ? 1u : 0u}};
  } else if (const auto* values = find<uint64_t>(name, 6)) {
    const auto& v = *values;
    rng.set_state({{v[0], v[1], v[2], v[3]}, std::bit_cast<double>(v[4]), v[5] != 0});
  }
}

void StateArchive::operator()(const std::string& name, Adam& adam) {
  (*this)(name + "/first_moment", adam.first_moment);
  (*this)(name + "/second_moment", adam.second_moment);
  int64_t steps = adam.steps();
  (*this)(name + "/steps", steps);
  if (loads()) adam.set_steps(steps);
}

Result<void> StateArchive::result() const {
  if (problem_.empty()) return {};
  return Error{ErrorCode::bad_data, problem_};
}

StateDict KeptState::save() const {
  StateDict state;
  auto archive = StateArchive::saving_to(state);
  for (const auto& visit : visits_) visit(archive);
  return state;
}

Result<void> KeptState::load(const StateDict& state) const {
  auto archive = StateArchive::loading_from(state);
  for (const auto& visit : visits_) visit(archive);
  return archive.result();
}

}  // namespace vaco
