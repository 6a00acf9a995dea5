// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/torchscript.h"

#include <torch/script.h>

#include <string>

#include "core/base/guard.h"

namespace vaco {
namespace {

at::Tensor tensor_of(const std::vector<float>& values, at::IntArrayRef sizes) {
  return at::tensor(values).view(sizes);
}

/// The module's two methods as TorchScript's own language has them.
std::string source_of(const PolicySnapshot& policy) {
  std::string network = "    h = (observation - self.observation_mean) / self.observation_scale\n";
  for (size_t l = 0; l < policy.layers.size(); ++l) {
    const std::string number = std::to_string(l);
    network += "    h = torch.matmul(h, self.weight_" + number + ".t()) + self.bias_" + number + "\n";
    if (l + 1 < policy.layers.size()) network += "    h = torch.relu(h)\n";
  }
  if (policy.action_count > 0)
    return "def logits(self, observation):\n" + network +
           "    return h\n\ndef forward(self, observation):\n    return torch.argmax(self.logits(observation), "
           "-1)\n";
  return "def forward(self, observation):\n" + network +
         "    return self.action_middle + self.action_half * torch.tanh(h)\n";
}

}  // namespace

Result<void> write_torchscript(const std::filesystem::path& path, const PolicySnapshot& policy) {
  return guarded("writing TorchScript", [&] {
    torch::jit::Module module("Policy");
    const auto keep = [&](const std::string& name, const at::Tensor& value) {
      module.register_buffer(name, value);
    };
    keep("observation_mean", tensor_of(policy.observation_mean, {-1}));
    keep("observation_scale", tensor_of(policy.observation_scale, {-1}));
    for (size_t l = 0; l < policy.layers.size(); ++l) {
      const auto& layer = policy.layers[l];
      keep("weight_" + std::to_string(l), tensor_of(layer.weight, {layer.outputs, layer.inputs}));
      keep("bias_" + std::to_string(l), tensor_of(layer.bias, {-1}));
    }
    if (policy.action_count == 0) {
      const auto low = tensor_of(policy.action_low, {-1}), high = tensor_of(policy.action_high, {-1});
      keep("action_middle", (high + low) * 0.5);
      keep("action_half", (high - low) * 0.5);
    }
    module.define(source_of(policy));
    module.eval();
    module.save(path.string());
  });
}

Result<std::vector<float>> run_torchscript(const std::filesystem::path& path,
                                           std::span<const float> observations, int64_t obs_dim, bool logits) {
  return guarded("reading TorchScript back", [&] {
    const c10::InferenceMode no_autograd;
    auto module = torch::jit::load(path.string(), at::kCPU);
    const auto rows =
        at::tensor(std::vector<float>(observations.begin(), observations.end())).view({-1, obs_dim});
    const auto given = logits ? module.get_method("logits")({rows}) : module.forward({rows});
    const auto values = given.toTensor().to(at::kFloat).contiguous();
    return std::vector<float>(values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
  });
}

}  // namespace vaco
