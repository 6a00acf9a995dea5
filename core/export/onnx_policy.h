// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"

namespace vaco {

/// The bytes of an ONNX model (IR 7, operators of version 13) that is a policy: "observation" [batch, obs_dim]
/// float32, raw, to "action" [batch, action_dim] float32 within the bounds. Of discrete actions, "action" is
/// [batch] int64 and stands beside "logits" [batch, action_count] float32.
std::string to_onnx(const PolicySnapshot& policy);

/// Evaluates such models: the operators that to_onnx() writes, and no others.
class OnnxPolicy {
 public:
  /// bad_data for bytes that are no model, or one with other operators or types; says which.
  static Result<OnnxPolicy> parse(std::string_view model);
  [[nodiscard]] int64_t obs_dim() const { return obs_dim_; }
  /// Rows of observations, one after the other -> rows of an output: "action", or "logits" where there is one.
  [[nodiscard]] Result<std::vector<float>> run(std::span<const float> observations,
                                               const std::string& output) const;

 private:
  struct Matrix {
    int64_t rows = 0, columns = 0;
    std::vector<float> values;
  };
  struct Node {
    std::string type, output;
    std::vector<std::string> inputs;
    std::map<std::string, int64_t> settings;
  };
  Result<void> read_graph(std::string_view graph);
  Result<void> read_node(std::string_view message);
  Result<void> read_constant(std::string_view message);
  Result<void> read_input(std::string_view message);
  static Result<Matrix> apply(const Node& node, const std::vector<const Matrix*>& inputs);

  int64_t obs_dim_ = 0;
  std::string input_;
  std::vector<Node> nodes_;
  std::map<std::string, Matrix> constants_;  ///< a vector is one row
};

}  // namespace vaco
