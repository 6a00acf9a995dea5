// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>

#include "core/export/onnx_policy.h"
#include "core/export/protobuf.h"

namespace vaco {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX keeps numbers in this order");

// Numbers of fields and types, as onnx.proto has them.
namespace model {
constexpr int kIrVersion = 1, kProducer = 2, kGraph = 7, kOperators = 8, kDescription = 6;
}
namespace graph {
constexpr int kNode = 1, kName = 2, kConstant = 5, kInput = 11, kOutput = 12;
}
namespace node {
constexpr int kInput = 1, kOutput = 2, kName = 3, kType = 4, kSetting = 5;
}
namespace tensor {
constexpr int kSize = 1, kType = 2, kName = 8, kBytes = 9;
}
constexpr int kSettingName = 1, kSettingInteger = 3, kSettingType = 20, kIsInteger = 2;
constexpr int kFloat = 1, kInt64 = 7;
constexpr int64_t kIr = 7, kOperatorVersion = 13;

ProtoWriter value_info(const std::string& name, int type, int64_t width) {
  ProtoWriter shape;
  shape.message(1, ProtoWriter().bytes(2, "batch"));
  if (width > 0) shape.message(1, ProtoWriter().number(1, width));
  const auto kind = ProtoWriter().message(1, ProtoWriter().number(1, type).message(2, shape));
  return ProtoWriter().bytes(1, name).message(2, kind);
}

/// A graph that grows by an operator at a time, each on the output of the one before.
class Graph {
 public:
  Graph(ProtoWriter& graph, std::string start) : graph_(graph), last_(std::move(start)) {}

  void constant(const std::string& name, std::vector<int64_t> sizes, const std::vector<float>& values) {
    ProtoWriter made;
    for (const int64_t size : sizes) made.number(tensor::kSize, size);
    made.number(tensor::kType, kFloat).bytes(tensor::kName, name);
    made.bytes(tensor::kBytes, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
    graph_.message(graph::kConstant, made);
  }
  void apply(const std::string& type, const std::vector<std::string>& more, const std::string& output,
             const std::vector<std::pair<std::string, int64_t>>& settings = {}) {
    ProtoWriter made;
    made.bytes(node::kInput, last_);
    for (const auto& input : more) made.bytes(node::kInput, input);
    made.bytes(node::kOutput, output).bytes(node::kName, output).bytes(node::kType, type);
    for (const auto& [name, value] : settings)
      made.message(node::kSetting, ProtoWriter()
                                       .bytes(kSettingName, name)
                                       .number(kSettingInteger, value)
                                       .number(kSettingType, kIsInteger));
    graph_.message(graph::kNode, made);
    last_ = output;
  }

 private:
  ProtoWriter& graph_;
  std::string last_;
};

void write_policy(const PolicySnapshot& policy, ProtoWriter& written) {
  Graph graph(written, "observation");
  graph.constant("mean", {policy.obs_dim()}, policy.observation_mean);
  graph.constant("scale", {policy.obs_dim()}, policy.observation_scale);
  graph.apply("Sub", {"mean"}, "centered");
  graph.apply("Div", {"scale"}, "normalized");
  for (size_t l = 0; l < policy.layers.size(); ++l) {
    const auto& layer = policy.layers[l];
    const std::string number = std::to_string(l);
    const bool last = l + 1 == policy.layers.size();
    graph.constant("weight_" + number, {layer.outputs, layer.inputs}, layer.weight);
    graph.constant("bias_" + number, {layer.outputs}, layer.bias);
    graph.apply("Gemm", {"weight_" + number, "bias_" + number},
                last && policy.action_count > 0 ? "logits" : "layer_" + number, {{"transB", 1}});
    if (!last) graph.apply("Relu", {}, "hidden_" + number);
  }
  if (policy.action_count > 0) {
    graph.apply("ArgMax", {}, "action", {{"axis", 1}, {"keepdims", 0}});
    return;
  }
  std::vector<float> middle, half;
  for (size_t i = 0; i < policy.action_low.size(); ++i) {
    middle.push_back(0.5f * (policy.action_high[i] + policy.action_low[i]));
    half.push_back(0.5f * (policy.action_high[i] - policy.action_low[i]));
  }
  graph.constant("half", {policy.action_dim()}, half);
  graph.constant("middle", {policy.action_dim()}, middle);
  graph.apply("Tanh", {}, "squashed");
  graph.apply("Mul", {"half"}, "scaled");
  graph.apply("Add", {"middle"}, "action");
}

}  // namespace

std::string to_onnx(const PolicySnapshot& policy) {
  ProtoWriter written;
  write_policy(policy, written);
  written.bytes(graph::kName, "policy");
  written.message(graph::kInput, value_info("observation", kFloat, policy.obs_dim()));
  if (policy.action_count > 0) {
    written.message(graph::kOutput, value_info("action", kInt64, 0));
    written.message(graph::kOutput, value_info("logits", kFloat, policy.action_count));
  } else {
    written.message(graph::kOutput, value_info("action", kFloat, policy.action_dim()));
  }
  ProtoWriter made;
  made.number(model::kIrVersion, kIr).bytes(model::kProducer, "vaco-workbench");
  made.bytes(model::kDescription, "A policy: raw observations in, actions within their bounds out.");
  made.message(model::kGraph, written);
  made.message(model::kOperators, ProtoWriter().bytes(1, "").number(2, kOperatorVersion));
  return made.text();
}

}  // namespace vaco
