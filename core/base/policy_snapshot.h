// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vaco {

/// One dense layer, y = W x + b.
struct DenseLayer {
  int64_t inputs = 0;
  int64_t outputs = 0;
  std::vector<float> weight;  ///< [outputs, inputs], row-major
  std::vector<float> bias;    ///< [outputs]
};

/// A deterministic policy as plain floats: learning makes it, simulation acts with it, files hold it.
/// π(s) = middle + half · tanh(MLP((s − mean) / scale)), with ReLU between the layers; middle and half come
/// from the action bounds. Of discrete actions, π(s) is the number of the largest of the MLP's outputs, the
/// first of equals: a single number from action_low = 0 to action_high = action_count − 1.
/// An immutable value once made; share it as shared_ptr<const PolicySnapshot>.
struct PolicySnapshot {
  int64_t step = 0;         ///< the training step it was taken at
  std::string algorithm;    ///< "vaco", "bc", ...; empty if unknown
  std::string environment;  ///< "hopper", ...; empty if unknown
  std::string note;         ///< how it was made, for humans
  std::vector<DenseLayer> layers;
  std::vector<float> observation_mean;   ///< [obs_dim]
  std::vector<float> observation_scale;  ///< [obs_dim], what is divided by (std + 1e-3, or 1)
  int64_t action_count = 0;              ///< choices of discrete actions, or 0: actions are continuous
  std::vector<float> action_low;         ///< [action_dim]
  std::vector<float> action_high;        ///< [action_dim]

  [[nodiscard]] int64_t obs_dim() const { return static_cast<int64_t>(observation_mean.size()); }
  [[nodiscard]] int64_t action_dim() const { return static_cast<int64_t>(action_low.size()); }
  /// Empty when the shapes fit together and every number is finite, else what is wrong.
  [[nodiscard]] std::string problem() const;
};

/// Runs a snapshot; holds its scratch memory, so one actor per thread.
class PolicyActor {
 public:
  explicit PolicyActor(const PolicySnapshot& policy);
  /// observation [obs_dim] raw (not normalized) -> action [action_dim] within the bounds.
  void act(std::span<const float> observation, std::span<float> action);
  /// The network's last layer [action_dim], or [action_count], before it becomes an action; valid until the
  /// next call.
  std::span<const float> output(std::span<const float> observation);

 private:
  const PolicySnapshot* policy_;  // must outlive the actor
  std::vector<float> input_, output_;
};

}  // namespace vaco
