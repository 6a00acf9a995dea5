// SPDX-License-Identifier: GPL-3.0-or-later
// The reference back end: each pass is a handful of batched torch operations on [copies, B, n] tensors.
#include <ATen/ATen.h>

#include <cassert>

#include "core/nn/mlp.h"

namespace vaco {
namespace {

class TorchMlp final : public Mlp {
 public:
  TorchMlp(MlpShape shape, at::Device device, at::ScalarType type)
      : Mlp(shape), options_(at::TensorOptions(device).dtype(type)) {}

  std::unique_ptr<Tape> make_tape(int64_t rows) const override {
    auto tape = std::make_unique<Tape>();
    allocate(*tape, shape(), rows, options_);
    return tape;
  }

  void forward(const at::Tensor& parameters, Tape& tape) const override {
    for (int64_t l = 0; l < shape().layers(); ++l) {
      auto& out = normalized(l) ? tape.activation[l] : value(tape, l);
      at::baddbmm_out(out, bias(parameters, l), layer_input(tape, l), weight(parameters, l));
      if (l < shape().hidden_layers) out.clamp_min_(0);
      if (normalized(l)) normalize(parameters, tape, l);
    }
  }

  void backward(const at::Tensor& parameters, Tape& tape, at::Tensor& gradients,
                const at::Tensor& row_weights) const override {
    assert(!row_weights.defined() || !shape().layer_norm);
    for (int64_t l = shape().layers() - 1; l >= 0; --l) {
      const auto& own = gradient(tape, l);
      const auto weighted = row_weights.defined() ? own * row_weights : own;
      auto weight_gradient = weight(gradients, l);
      at::bmm_out(weight_gradient, layer_input(tape, l).transpose(1, 2), weighted);
      auto bias_gradient = bias(gradients, l);
      at::sum_out(bias_gradient, weighted, 1, true);
      if (l > 0) back_through(parameters, tape, l, &gradients);
    }
  }

  void backward_to_input(const at::Tensor& parameters, Tape& tape, int64_t /*first_input*/) const override {
    for (int64_t l = shape().layers() - 1; l > 0; --l) back_through(parameters, tape, l, nullptr);
    at::bmm_out(tape.input_gradient, gradient(tape, 0), weight(parameters, 0).transpose(1, 2));
  }

  void row_products(const at::Tensor& direction, Tape& tape, at::Tensor& products) const override {
    assert(!shape().layer_norm);
    products.zero_();
    for (int64_t l = 0; l < shape().layers(); ++l) {
      const auto moved = at::baddbmm(bias(direction, l), layer_input(tape, l), weight(direction, l));
      products.add_((moved * gradient(tape, l)).sum(2, true));
    }
  }

 private:
  at::Tensor weight(const at::Tensor& flat, int64_t l) const {
    const auto& s = shape();
    return flat.view({s.copies, s.parameters()})
        .narrow(1, s.weight_at(l), s.fan_in(l) * s.fan_out(l))
        .view({s.copies, s.fan_in(l), s.fan_out(l)});
  }
  at::Tensor bias(const at::Tensor& flat, int64_t l) const {
    return row(flat, shape().bias_at(l), shape().fan_out(l));
  }
  /// A layer's row [copies, 1, n] of biases, scales or shifts.
  at::Tensor row(const at::Tensor& flat, int64_t at, int64_t n) const {
    return flat.view({shape().copies, shape().parameters()}).narrow(1, at, n).unsqueeze(1);
  }
  at::Tensor row(const at::Tensor& flat, int64_t at) const { return row(flat, at, shape().width); }
  bool normalized(int64_t l) const { return shape().layer_norm && l < shape().hidden_layers; }
  at::Tensor layer_input(const Tape& tape, int64_t l) const {
    if (l > 0) return tape.hidden[l - 1];
    return tape.input.dim() == 3 ? tape.input
                                 : tape.input.unsqueeze(0).expand({shape().copies, tape.rows, shape().inputs});
  }
  at::Tensor& value(Tape& tape, int64_t l) const {
    return l < shape().hidden_layers ? tape.hidden[l] : tape.output;
  }
  at::Tensor& gradient(Tape& tape, int64_t l) const {
    return l < shape().hidden_layers ? tape.hidden_gradient[l] : tape.output_gradient;
  }
  static at::Tensor& activation(Tape& tape, int64_t l) {
    return tape.activation.empty() ? tape.hidden[l] : tape.activation[l];
  }
  /// The gradient of layer l's products -> that of layer l - 1's; its normalization's gradients on the way,
  /// where gradients is not null.
  void back_through(const at::Tensor& parameters, Tape& tape, int64_t l, at::Tensor* gradients) const {
    auto& below = gradient(tape, l - 1);
    at::bmm_out(below, gradient(tape, l), weight(parameters, l).transpose(1, 2));
    if (normalized(l - 1)) {
      const int64_t scale_at = shape().scale_at(l - 1), shift_at = shape().shift_at(l - 1);
      if (gradients) {
        row(*gradients, scale_at).copy_((below * tape.unit[l - 1]).sum(1, true));
        row(*gradients, shift_at).copy_(below.sum(1, true));
      }
      below.mul_(row(parameters, scale_at));
      project(tape, l - 1, below);
    }
    at::threshold_backward_out(below, below, activation(tape, l - 1), 0);
  }
  void normalize(const at::Tensor& parameters, Tape& tape, int64_t l) const {
    const auto& h = tape.activation[l];
    auto& inverse = tape.inverse_deviation[l];
    at::sub_out(tape.unit[l], h, h.mean(-1, true));
    inverse.copy_(tape.unit[l].square().mean(-1, true)).add_(kLayerNormEpsilon).rsqrt_();
    tape.unit[l].mul_(inverse);
    at::mul_out(tape.hidden[l], tape.unit[l], row(parameters, shape().scale_at(l)))
        .add_(row(parameters, shape().shift_at(l)));
  }
  /// The normalization's (symmetric) Jacobian: values ← (values − mean − x̂ · mean(values · x̂)) / deviation.
  static void project(Tape& tape, int64_t l, at::Tensor& values) {
    const auto& unit = tape.unit[l];
    const auto along = (values * unit).mean(-1, true);
    values.sub_(values.mean(-1, true)).addcmul_(unit, along, -1.0).mul_(tape.inverse_deviation[l]);
  }

  at::TensorOptions options_;
};

}  // namespace

std::unique_ptr<Mlp> make_torch_mlp(MlpShape shape, at::Device device, at::ScalarType type) {
  return std::make_unique<TorchMlp>(shape, device, type);
}

}  // namespace vaco
