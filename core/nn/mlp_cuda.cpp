// SPDX-License-Identifier: GPL-3.0-or-later
// The back end on a card: each pass is one launch of a kernel of our own (kernels/mlp.cu), two for backward().
#include <ATen/ATen.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "core/nn/cuda_kernel.h"
#include "core/nn/mlp.h"

namespace vaco {
namespace {

// As in kernels/.
constexpr int64_t kThreads = 512, kWarps = kThreads / 32;
constexpr int64_t kRows = 16, kMaxLayers = 8;
constexpr int64_t kGradientThreads = 256, kGradientWarps = 8, kGradientIn = 16, kGradientOut = 32;

struct KernelLayers {
  float* at[kMaxLayers] = {};
};
struct KernelAdamStep {
  float *parameters = nullptr, *first = nullptr, *second = nullptr, *target = nullptr;
  double* steps = nullptr;
  const double* rate = nullptr;
  int* finished = nullptr;
  float log_beta1 = 0.0f, log_beta2 = 0.0f, epsilon = 0.0f, target_rate = 0.0f;
};

int as_int(int64_t value) {
  return static_cast<int>(value);
}
unsigned bytes_of(int64_t floats) {
  return static_cast<unsigned>(floats) * 4;
}
int64_t in_steps(int64_t size, int64_t step) {
  return (size + step - 1) / step;
}

/// Blocks that share their rows' layers; cards before Hopper have no clusters.
int64_t cluster() {
  return cuda_architecture() >= 90 ? 4 : 1;
}
std::string source(const MlpShape& shape, bool tf32) {
  const std::pair<const char*, int64_t> numbers[] = {{"PASSES", tf32 ? 1 : 3},       {"THREADS", kThreads},
                                                     {"CLUSTER", cluster()},         {"INPUTS", shape.inputs},
                                                     {"OUTPUTS", shape.outputs},     {"WIDTH", shape.width},
                                                     {"HIDDEN", shape.hidden_layers}};
  std::string text;
  for (const auto& [name, value] : numbers)
    text += std::string("#define VACO_") + name + " " + std::to_string(value) + "\n";
  text += std::string("#define VACO_CLUSTERS ") +
          (cluster() > 1 ? "__cluster_dims__(VACO_CLUSTER, 1, 1)" : "") +
          " __launch_bounds__(VACO_THREADS, 2)\n";
  return text + std::string(mlp_kernels());
}

/// The kernels of one shape of network.
struct Kernels {
  explicit Kernels(const std::string& text)
      : forward(text, "mlp_forward"),
        backward(text, "mlp_backward"),
        weight_gradients(text, "mlp_weight_gradients"),
        row_products(text, "mlp_row_products") {}
  CudaKernel forward, backward, weight_gradients, row_products;
};
const Kernels& kernels_of(const MlpShape& shape, bool tf32) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Kernels>> all;
  const std::scoped_lock lock(mutex);
  const auto text = source(shape, tf32);
  auto& kernels = all[text];
  if (!kernels) kernels = std::make_unique<Kernels>(text);
  return *kernels;
}

KernelLayers pointers(const std::vector<at::Tensor>& layers) {
  KernelLayers all;
  for (size_t l = 0; l < layers.size(); ++l) all.at[l] = layers[l].data_ptr<float>();
  return all;
}

class CudaMlp final : public Mlp {
 public:
  CudaMlp(MlpShape shape, at::Device device, bool tf32)
      : Mlp(shape), options_(at::TensorOptions(device).dtype(at::kFloat)), kernels_(kernels_of(shape, tf32)) {}

  std::unique_ptr<Tape> make_tape(int64_t rows) const override {
    auto tape = std::make_unique<Tape>();
    allocate(*tape, shape(), rows, options_);
    return tape;
  }

  void forward(const at::Tensor& parameters, Tape& tape) const override {
    const int rows = as_int(tape.rows), step = input_step(tape);
    const auto hidden = pointers(tape.hidden);
    const float *from = data(parameters), *input = data(tape.input);
    float* const output = data(tape.output);
    kernels_.forward.launch(by_rows(tape), {&rows, &step, &from, &input, &hidden, &output});
  }

  void backward(const at::Tensor& parameters, Tape& tape, at::Tensor& gradients,
                const at::Tensor& row_weights) const override {
    propagate(parameters, tape, nullptr);
    weight_gradients(tape, gradients, row_weights, {});
  }

  void backward_and_step(at::Tensor& parameters, Tape& tape, at::Tensor& gradients, Adam& adam,
                         at::Tensor& target, double target_rate, const at::Tensor& row_weights) const override {
    const auto card = adam.on_card(parameters);
    if (!card)
      return Mlp::backward_and_step(parameters, tape, gradients, adam, target, target_rate, row_weights);
    propagate(parameters, tape, nullptr);
    weight_gradients(tape, gradients, row_weights,
                     {.parameters = data(parameters),
                      .first = card->first,
                      .second = card->second,
                      .target = target.defined() ? data(target) : nullptr,
                      .steps = card->steps,
                      .rate = card->rate,
                      .finished = card->finished,
                      .log_beta1 = card->log_beta1,
                      .log_beta2 = card->log_beta2,
                      .epsilon = card->epsilon,
                      .target_rate = static_cast<float>(target_rate)});
  }

  void backward_to_input(const at::Tensor& parameters, Tape& tape, int64_t) const override {
    propagate(parameters, tape, data(tape.input_gradient));
  }

  void row_products(const at::Tensor& direction, Tape& tape, at::Tensor& products) const override {
    const int rows = as_int(tape.rows), step = input_step(tape);
    const auto hidden = pointers(tape.hidden), gradient = all_gradients(tape);
    const float *along = data(direction), *input = data(tape.input);
    float* const to = data(products);
    kernels_.row_products.launch(by_rows(tape), {&rows, &step, &along, &input, &hidden, &gradient, &to});
  }

 private:
  static float* data(const at::Tensor& tensor) {
    assert(tensor.is_contiguous());
    return tensor.data_ptr<float>();
  }
  /// Floats between the copies' inputs; 0 where they share one.
  [[nodiscard]] int input_step(const Tape& tape) const {
    return tape.input.dim() == 3 ? as_int(tape.rows * shape().inputs) : 0;
  }
  [[nodiscard]] Launch by_rows(const Tape& tape) const {
    const int64_t stride = in_steps(std::max({shape().inputs, shape().width, shape().outputs}), 32) * 32 + 4;
    return {.blocks = static_cast<unsigned>(cluster() * in_steps(tape.rows, kRows)),
            .blocks_y = static_cast<unsigned>(shape().copies),
            .threads = kThreads,
            .shared_bytes = bytes_of(2 * kRows * stride + kWarps * 128 + kRows * (kWarps + cluster()))};
  }
  /// The hidden layers' gradients, and the output's as the last.
  [[nodiscard]] static KernelLayers all_gradients(const Tape& tape) {
    auto gradients = pointers(tape.hidden_gradient);
    gradients.at[tape.hidden_gradient.size()] = data(tape.output_gradient);
    return gradients;
  }
  void propagate(const at::Tensor& parameters, Tape& tape, float* input_gradient) const {
    const int rows = as_int(tape.rows);
    const auto hidden = pointers(tape.hidden), hidden_gradient = pointers(tape.hidden_gradient);
    const float *from = data(parameters), *output_gradient = data(tape.output_gradient);
    kernels_.backward.launch(by_rows(tape),
                             {&rows, &from, &hidden, &output_gradient, &hidden_gradient, &input_gradient});
  }
  void weight_gradients(const Tape& tape, at::Tensor& gradients, const at::Tensor& row_weights,
                        const KernelAdamStep& adam) const {
    const int rows = as_int(tape.rows), step = input_step(tape);
    const auto hidden = pointers(tape.hidden), gradient = all_gradients(tape);
    const float* input = data(tape.input);
    const float* weights = row_weights.defined() ? data(row_weights) : nullptr;
    float* const to = data(gradients);
    int64_t blocks = 0;
    for (int64_t l = 0; l < shape().layers(); ++l)
      blocks += in_steps(shape().fan_in(l), kGradientIn) * in_steps(shape().fan_out(l), kGradientOut);
    kernels_.weight_gradients.launch(
        {.blocks = static_cast<unsigned>(blocks),
         .blocks_y = static_cast<unsigned>(shape().copies),
         .threads = kGradientThreads,
         .shared_bytes = bytes_of(kGradientWarps * kGradientOut * (kGradientIn + 1))},
        {&rows, &step, &input, &hidden, &gradient, &weights, &to, &adam});
  }

  at::TensorOptions options_;
  const Kernels& kernels_;
};

}  // namespace

std::unique_ptr<Mlp> make_cuda_mlp(MlpShape shape, at::Device device, bool tf32) {
  // The kernels know neither normalizations nor networks deeper than their tables, and need tensor cores with
  // TF32.
  if (shape.layer_norm || shape.layers() > kMaxLayers || cuda_architecture() < 80)
    return make_torch_mlp(shape, device);
  return std::make_unique<CudaMlp>(shape, device, tf32);
}

}  // namespace vaco
