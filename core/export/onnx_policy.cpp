// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/onnx_policy.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/export/protobuf.h"

namespace vaco {
namespace {

Error bad(const std::string& what) {
  return {ErrorCode::bad_data, "this is no ONNX policy: " + what};
}

constexpr int64_t kMostNumbers = int64_t{1} << 28;

/// One operand of an element-wise operator repeats over the rows.
template <class Formula>
void combine(std::vector<float>& values, const std::vector<float>& row, const Formula& formula) {
  for (size_t i = 0; i < values.size(); ++i) values[i] = formula(values[i], row[i % row.size()]);
}

}  // namespace

Result<OnnxPolicy> OnnxPolicy::parse(std::string_view model) {
  OnnxPolicy policy;
  ProtoReader reader(model);
  std::string_view graph;
  while (reader.next())
    if (reader.field() == 7) graph = reader.bytes();
  if (reader.damaged() || graph.empty()) return bad("it has no graph");
  if (auto read = policy.read_graph(graph); !read) return read.error();
  if (policy.obs_dim_ < 1) return bad("it has no input of a known width");
  return policy;
}

Result<void> OnnxPolicy::read_graph(std::string_view graph) {
  ProtoReader reader(graph);
  while (reader.next()) {
    Result<void> read;
    if (reader.field() == 1) read = read_node(reader.bytes());
    if (reader.field() == 5) read = read_constant(reader.bytes());
    if (reader.field() == 11) read = read_input(reader.bytes());
    if (!read) return read;
  }
  if (reader.damaged()) return bad("its graph is damaged");
  return {};
}

Result<void> OnnxPolicy::read_node(std::string_view message) {
  Node node;
  ProtoReader reader(message);
  while (reader.next()) {
    if (reader.field() == 1) node.inputs.emplace_back(reader.bytes());
    if (reader.field() == 2) node.output = reader.bytes();
    if (reader.field() == 4) node.type = reader.bytes();
    if (reader.field() != 5) continue;
    std::string name;
    int64_t value = 0;
    for (ProtoReader setting(reader.bytes()); setting.next();) {
      if (setting.field() == 1) name = setting.bytes();
      if (setting.field() == 3) value = setting.number();
    }
    node.settings[name] = value;
  }
  if (reader.damaged() || node.inputs.empty() || node.output.empty()) return bad("an operator is damaged");
  nodes_.push_back(std::move(node));
  return {};
}

Result<void> OnnxPolicy::read_constant(std::string_view message) {
  std::string name;
  std::vector<int64_t> sizes;
  std::string_view bytes;
  int64_t type = 0;
  ProtoReader reader(message);
  while (reader.next()) {
    if (reader.field() == 1) sizes.push_back(reader.number());
    if (reader.field() == 2) type = reader.number();
    if (reader.field() == 8) name = reader.bytes();
    if (reader.field() == 9) bytes = reader.bytes();
  }
  Matrix matrix{
      .rows = sizes.size() > 1 ? sizes[0] : 1, .columns = sizes.empty() ? 1 : sizes.back(), .values = {}};
  const bool sound = !reader.damaged() && type == 1 && sizes.size() <= 2 && matrix.rows > 0 &&
                     matrix.columns > 0 && matrix.rows <= kMostNumbers && matrix.columns <= kMostNumbers &&
                     matrix.rows * matrix.columns * 4 == static_cast<int64_t>(bytes.size());
  if (!sound) return bad("its constant '" + name + "' is no matrix of float32 numbers");
  matrix.values.resize(bytes.size() / 4);
  std::memcpy(matrix.values.data(), bytes.data(), bytes.size());
  constants_[name] = std::move(matrix);
  return {};
}

Result<void> OnnxPolicy::read_input(std::string_view message) {
  ProtoReader info(message);
  while (info.next()) {
    if (info.field() == 1) input_ = info.bytes();
    if (info.field() != 2) continue;
    for (ProtoReader kind(info.bytes()); kind.next();)
      for (ProtoReader tensor(kind.bytes()); kind.field() == 1 && tensor.next();)
        for (ProtoReader shape(tensor.bytes()); tensor.field() == 2 && shape.next();)
          for (ProtoReader size(shape.bytes()); shape.field() == 1 && size.next();)
            if (size.field() == 1) obs_dim_ = size.number();
  }
  if (info.damaged()) return bad("its input is damaged");
  return {};
}

Result<OnnxPolicy::Matrix> OnnxPolicy::apply(const Node& node, const std::vector<const Matrix*>& inputs) {
  const Matrix& x = *inputs[0];
  const auto wrong = [&] { return bad("the sizes at '" + node.output + "' do not fit"); };
  const auto setting = [&](const char* name) {
    const auto found = node.settings.find(name);
    return found == node.settings.end() ? int64_t{0} : found->second;
  };
  if (node.type == "Gemm") {
    if (inputs.size() != 3 || setting("transB") != 1) return wrong();
    const Matrix &weight = *inputs[1], &bias = *inputs[2];
    if (weight.columns != x.columns || bias.rows != 1 || bias.columns != weight.rows) return wrong();
    Matrix y{.rows = x.rows, .columns = weight.rows, .values = {}};
    y.values.reserve(static_cast<size_t>(y.rows * y.columns));
    for (int64_t i = 0; i < y.rows; ++i)
      for (int64_t o = 0; o < y.columns; ++o) {
        double sum = bias.values[static_cast<size_t>(o)];
        for (int64_t k = 0; k < x.columns; ++k)
          sum += static_cast<double>(x.values[static_cast<size_t>(i * x.columns + k)]) *
                 weight.values[static_cast<size_t>(o * x.columns + k)];
        y.values.push_back(static_cast<float>(sum));
      }
    return y;
  }
  Matrix y = x;
  if (node.type == "Relu" && inputs.size() == 1) {
    for (auto& v : y.values) v = std::max(v, 0.0f);
  } else if (node.type == "Tanh" && inputs.size() == 1) {
    for (auto& v : y.values) v = std::tanh(v);
  } else if (node.type == "ArgMax" && inputs.size() == 1) {
    if (setting("axis") != 1 || setting("keepdims") != 0) return wrong();
    y.columns = 1;
    y.values.clear();
    for (auto row = x.values.begin(); row != x.values.end(); row += x.columns)
      y.values.push_back(static_cast<float>(std::max_element(row, row + x.columns) - row));
  } else if (inputs.size() == 2) {
    const auto& row = inputs[1]->values;
    if (inputs[1]->rows != 1 || inputs[1]->columns != x.columns) return wrong();
    if (node.type == "Sub")
      combine(y.values, row, [](float a, float b) { return a - b; });
    else if (node.type == "Div")
      combine(y.values, row, [](float a, float b) { return a / b; });
    else if (node.type == "Mul")
      combine(y.values, row, [](float a, float b) { return a * b; });
    else if (node.type == "Add")
      combine(y.values, row, [](float a, float b) { return a + b; });
    else
      return bad("the operator " + node.type + " is not known here");
  } else {
    return bad("the operator " + node.type + " is not known here");
  }
  return y;
}

Result<std::vector<float>> OnnxPolicy::run(std::span<const float> observations,
                                           const std::string& output) const {
  if (observations.size() % static_cast<size_t>(obs_dim_) != 0)
    return Error{ErrorCode::usage, "observations are not rows of " + std::to_string(obs_dim_) + " numbers"};
  std::map<std::string, Matrix> made;
  made[input_] = {.rows = static_cast<int64_t>(observations.size()) / obs_dim_,
                  .columns = obs_dim_,
                  .values = {observations.begin(), observations.end()}};
  for (const auto& node : nodes_) {
    std::vector<const Matrix*> inputs;
    for (const auto& name : node.inputs) {
      const auto constant = constants_.find(name);
      const auto before = made.find(name);
      if (constant == constants_.end() && before == made.end()) return bad("nothing gives '" + name + "'");
      inputs.push_back(constant != constants_.end() ? &constant->second : &before->second);
    }
    auto result = apply(node, inputs);
    if (!result) return result.error();
    made[node.output] = std::move(*result);
  }
  const auto found = made.find(output);
  if (found == made.end()) return bad("it has no output '" + output + "'");
  return std::move(found->second.values);
}

}  // namespace vaco
