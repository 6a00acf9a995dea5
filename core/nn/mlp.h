// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/nn/adam.h"
#include "core/nn/workers.h"

namespace vaco {

/// What flax adds to the variance under the root: the convention of ReBRAC's critics.
inline constexpr float kLayerNormEpsilon = 1e-6f;

/// in -> width -> ... -> width -> out with ReLU between, in `copies` independent instances (twin critics). With
/// layer_norm, every hidden layer ends in a layer normalization with a learned scale and shift:
///   y = scale · (h − mean h) / √(var h + ε) + shift,  h = ReLU(x W + b), mean and variance over the layer's
///   units.
struct MlpShape {
  int64_t inputs = 0;
  int64_t outputs = 1;
  int64_t width = 256;
  int64_t hidden_layers = 2;
  int64_t copies = 1;
  bool layer_norm = false;

  [[nodiscard]] int64_t layers() const { return hidden_layers + 1; }
  [[nodiscard]] int64_t fan_in(int64_t layer) const { return layer == 0 ? inputs : width; }
  [[nodiscard]] int64_t fan_out(int64_t layer) const { return layer == hidden_layers ? outputs : width; }
  /// Offset of a layer's weight [fan_in, fan_out] inside one copy's parameters; its bias [fan_out] follows, and
  /// after it, where there are any, the layer normalization's scale [width] and shift [width].
  [[nodiscard]] int64_t weight_at(int64_t layer) const;
  [[nodiscard]] int64_t bias_at(int64_t layer) const {
    return weight_at(layer) + fan_in(layer) * fan_out(layer);
  }
  [[nodiscard]] int64_t scale_at(int64_t layer) const { return bias_at(layer) + width; }
  [[nodiscard]] int64_t shift_at(int64_t layer) const { return bias_at(layer) + 2 * width; }
  /// P, parameters of one copy.
  [[nodiscard]] int64_t parameters() const { return weight_at(layers()); }
};

/// The memory of one batch of B rows on its way through a network: made once, used every step.
/// What a pass reads must have been written by the pass before it: forward before backward, with the same
/// parameters, and backward before row_products.
struct Tape {
  virtual ~Tape() = default;
  int64_t rows = 0;                         ///< B
  at::Tensor input;                         ///< [B, inputs] or [copies, B, inputs]; set by the caller
  std::vector<at::Tensor> hidden;           ///< [copies, B, width] each, as the next layer sees it
  at::Tensor output;                        ///< [copies, B, outputs]
  at::Tensor output_gradient;               ///< [copies, B, outputs]; set by the caller before backward
  std::vector<at::Tensor> hidden_gradient;  ///< [copies, B, width]
  at::Tensor input_gradient;                ///< [copies, B, inputs]
  // With layer normalization only:
  std::vector<at::Tensor> activation;         ///< [copies, B, width] after ReLU
  std::vector<at::Tensor> unit;               ///< [copies, B, width] normalized, before scale and shift
  std::vector<at::Tensor> inverse_deviation;  ///< [copies, B, 1] 1 / √(var + ε)
};

/// Zeroed memory for every tensor of a tape of `rows` rows.
void allocate(Tape& tape, const MlpShape& shape, int64_t rows, at::TensorOptions options);

/// Forward, backward and per-row derivatives of a multi-layer perceptron on flat parameters, without
/// autograd. Stateless: parameters are an argument, so a target network or last step's policy is just another
/// tensor [copies, P]. Three back ends: oneDNN on the CPU, our own kernels on a card, and plain torch
/// operations on any device (the reference). Nothing allocates after the tapes are made. One thread calls; the
/// back end may use the Workers.
class Mlp {
 public:
  explicit Mlp(MlpShape shape) : shape_(shape) {}
  virtual ~Mlp() = default;
  [[nodiscard]] const MlpShape& shape() const { return shape_; }

  /// A tape for batches of `rows` rows, whose input [B, inputs] all copies share.
  [[nodiscard]] virtual std::unique_ptr<Tape> make_tape(int64_t rows) const = 0;

  /// tape.input -> tape.hidden, tape.output.
  virtual void forward(const at::Tensor& parameters, Tape& tape) const = 0;
  /// tape.output_gradient (∂L_i/∂output of every row i) -> gradients [copies, P] (Σ_i w_i ∂L_i/∂parameters),
  /// overwritten. row_weights w [B, 1] need a network without layer normalization; undefined, all are 1. What
  /// stays on the tape are the rows' own gradients, without the weights.
  virtual void backward(const at::Tensor& parameters, Tape& tape, at::Tensor& gradients,
                        const at::Tensor& row_weights = {}) const = 0;
  /// backward(), and Adam's step along the gradients (on a card in the same launch): parameters, and with a
  /// target that follows by target_rate.
  virtual void backward_and_step(at::Tensor& parameters, Tape& tape, at::Tensor& gradients, Adam& adam,
                                 at::Tensor& target, double target_rate,
                                 const at::Tensor& row_weights = {}) const {
    backward(parameters, tape, gradients, row_weights);
    adam.step(parameters, gradients, target, target_rate);
  }
  /// tape.output_gradient -> tape.input_gradient (∂L/∂input) only. Who needs only the columns from first_input
  /// on (a critic's actions) says so; the others are then undefined. Rows whose output_gradient is 0, as in
  /// all but one copy where the least of them counts, cost next to nothing.
  virtual void backward_to_input(const at::Tensor& parameters, Tape& tape, int64_t first_input = 0) const = 0;
  /// products [copies, B, 1] = ⟨∂L_i/∂parameters, direction⟩ of every row, from what the last backward() left
  /// on the tape: one product a layer, x_l D_l · ∂L_i/∂y_l, where the forward-mode derivative of L takes two.
  /// direction [copies, P]. Needs a network without layer normalization.
  virtual void row_products(const at::Tensor& direction, Tape& tape, at::Tensor& products) const = 0;

 private:
  MlpShape shape_;
};

/// Plain torch operations; any device, float32 or float64.
std::unique_ptr<Mlp> make_torch_mlp(MlpShape shape, at::Device device, at::ScalarType type = at::kFloat);
/// Our own kernels on a card, in float32 or with factors rounded to TF32; plain torch operations in float32 for
/// what those do not know (layer normalization, more than seven hidden layers).
std::unique_ptr<Mlp> make_cuda_mlp(MlpShape shape, at::Device device, bool tf32 = false);
/// oneDNN on the CPU in float32, or with the products between hidden layers in bfloat16 (their results, and all
/// tensors of the tape, stay float32). workers must outlive it.
std::unique_ptr<Mlp> make_dnnl_mlp(MlpShape shape, Workers& workers, bool bfloat16 = false);

/// Fills parameters [copies, P] as torch's Linear does: weights and biases uniform in ±1/√fan_in, from
/// next_uniform values in [0, 1) taken in a fixed order; normalizations start with scale 1 and shift 0.
void initialize(const MlpShape& shape, at::Tensor& parameters, const std::function<double()>& next_uniform);

}  // namespace vaco
