// SPDX-License-Identifier: GPL-3.0-or-later
// The reference back end: each pass is a handful of batched torch operations on [copies, B, n] tensors.
#include <ATen/ATen.h>

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
      auto& out = value(tape, l);
      at::baddbmm_out(out, bias(parameters, l), layer_input(tape, l), weight(parameters, l));
      if (l < shape().hidden_layers) out.clamp_min_(0);
    }
  }

  void backward(const at::Tensor& parameters, Tape& tape, at::Tensor& gradients) const override {
    for (int64_t l = shape().layers() - 1; l >= 0; --l) {
      auto& out_gradient = gradient(tape, l);
      auto weight_gradient = weight(gradients, l);
      at::bmm_out(weight_gradient, layer_input(tape, l).transpose(1, 2), out_gradient);
      auto bias_gradient = bias(gradients, l);
      at::sum_out(bias_gradient, out_gradient, 1, true);
      if (l > 0) back_through(parameters, tape, l);
    }
  }

  void backward_to_input(const at::Tensor& parameters, Tape& tape) const override {
    for (int64_t l = shape().layers() - 1; l > 0; --l) back_through(parameters, tape, l);
    at::bmm_out(tape.input_gradient, gradient(tape, 0), weight(parameters, 0).transpose(1, 2));
  }

  void jvp(const at::Tensor& parameters, const at::Tensor& direction, Tape& tape) const override {
    for (int64_t l = 0; l < shape().layers(); ++l) {
      auto& out = l < shape().hidden_layers ? tape.tangent[l] : tape.output_tangent;
      at::baddbmm_out(out, bias(direction, l), layer_input(tape, l), weight(direction, l));
      if (l > 0) out.baddbmm_(tape.tangent[l - 1], weight(parameters, l));
      if (l < shape().hidden_layers) at::threshold_backward_out(out, out, tape.hidden[l], 0);
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
    const auto& s = shape();
    return flat.view({s.copies, s.parameters()}).narrow(1, s.bias_at(l), s.fan_out(l)).unsqueeze(1);
  }
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
  void back_through(const at::Tensor& parameters, Tape& tape, int64_t l) const {
    auto& below = gradient(tape, l - 1);
    at::bmm_out(below, gradient(tape, l), weight(parameters, l).transpose(1, 2));
    at::threshold_backward_out(below, below, tape.hidden[l - 1], 0);
  }

  at::TensorOptions options_;
};

}  // namespace

std::unique_ptr<Mlp> make_torch_mlp(MlpShape shape, at::Device device, at::ScalarType type) {
  return std::make_unique<TorchMlp>(shape, device, type);
}

}  // namespace vaco
