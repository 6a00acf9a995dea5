// SPDX-License-Identifier: GPL-3.0-or-later
// The CPU back end. A batch is cut into shards of rows; a task takes one shard of one copy through all layers,
// so its activations stay in the core's cache, and the shards' weight gradients are added in a fixed order
// afterwards.
#include <ATen/ATen.h>

#include <algorithm>
#include <cassert>
#include <vector>

#include "core/nn/layer_products.h"
#include "core/nn/mlp.h"
#include "core/nn/vector_loops.h"

namespace vaco {
namespace {

/// Large enough for the products to run near full speed, small enough to give two cores work at batch 256.
constexpr int64_t kShardRows = 128;

struct Shard {
  int64_t first = 0, rows = 0;
  std::vector<std::vector<LayerProducts>> products;  // [copies][layers]: copies run in parallel
};

struct DnnlTape final : Tape {
  std::vector<Shard> shards;
  at::Tensor shard_gradients;  // [shards - 1, copies, P]
};

class DnnlMlp final : public Mlp {
 public:
  DnnlMlp(MlpShape shape, Workers& workers, bool bfloat16)
      : Mlp(shape), workers_(workers), bfloat16_(bfloat16) {}

  std::unique_ptr<Tape> make_tape(int64_t rows) const override {
    const auto& s = shape();
    auto tape = std::make_unique<DnnlTape>();
    allocate(*tape, s, rows, at::kFloat);
    for (int64_t first = 0; first < rows; first += kShardRows) {
      Shard shard{.first = first, .rows = std::min(kShardRows, rows - first), .products = {}};
      shard.products.resize(static_cast<size_t>(s.copies));
      for (auto& layers : shard.products)
        for (int64_t l = 0; l < s.layers(); ++l)
          layers.emplace_back(shard.rows, s.fan_in(l), s.fan_out(l), kind_of(l));
      tape->shards.push_back(std::move(shard));
    }
    tape->shard_gradients =
        at::zeros({static_cast<int64_t>(tape->shards.size()) - 1, s.copies, s.parameters()}, at::kFloat);
    return tape;
  }

  void forward(const at::Tensor& parameters, Tape& tape) const override {
    each_task(tape, [&](Shard& shard, int64_t copy) {
      const float* p = copy_of(parameters, copy);
      for (int64_t l = 0; l < shape().layers(); ++l) {
        products(shard, copy, l)
            .forward(layer_input(tape, shard, copy, l), p + shape().weight_at(l), p + shape().bias_at(l),
                     rows_of(normalized(l) ? tape.activation[l] : value(tape, l), shard, copy));
        if (normalized(l))
          layer_norm(layer_of(tape, shard, copy, l), kLayerNormEpsilon, p + shape().scale_at(l),
                     p + shape().shift_at(l), rows_of(tape.activation[l], shard, copy),
                     rows_of(tape.hidden[l], shard, copy));
      }
    });
  }

  void backward(const at::Tensor& parameters, Tape& tape, at::Tensor& gradients) const override {
    auto& own = static_cast<DnnlTape&>(tape);
    const int64_t all = shape().copies * shape().parameters();
    // The first shard writes into the sum itself.
    float* sum = gradients.data_ptr<float>();
    float* parts = own.shard_gradients.data_ptr<float>();
    each_task(tape, [&](Shard& shard, int64_t copy) {
      const float* p = copy_of(parameters, copy);
      const auto number = &shard - own.shards.data();
      float* part = (number > 0 ? parts + (number - 1) * all : sum) + copy * shape().parameters();
      for (int64_t l = shape().layers() - 1; l >= 0; --l) {
        column_sums(rows_of(gradient(tape, l), shard, copy), shard.rows, shape().fan_out(l),
                    part + shape().bias_at(l));
        back_through(p, tape, shard, copy, l, part);
      }
    });
    const auto shards = static_cast<int64_t>(own.shards.size());
    if (shards == 1) return;
    workers_.run_ranges(all, [&](int64_t begin, int64_t end) {
      for (int64_t s = 1; s < shards; ++s) add_loop(parts + (s - 1) * all + begin, sum + begin, end - begin);
    });
  }

  void backward_to_input(const at::Tensor& parameters, Tape& tape, int64_t first_input) const override {
    each_task(tape, [&](Shard& shard, int64_t copy) {
      const float* p = copy_of(parameters, copy);
      for (int64_t l = shape().layers() - 1; l > 0; --l) back_through(p, tape, shard, copy, l, nullptr);
      products(shard, copy, 0)
          .backward(layer_input(tape, shard, copy, 0), p + shape().weight_at(0),
                    rows_of(gradient(tape, 0), shard, copy), nullptr, rows_of(tape.input_gradient, shard, copy),
                    first_input);
    });
  }

  void jvp(const at::Tensor& parameters, const at::Tensor& direction, Tape& tape) const override {
    each_task(tape, [&](Shard& shard, int64_t copy) {
      const float* p = copy_of(parameters, copy);
      const float* d = copy_of(direction, copy);
      for (int64_t l = 0; l < shape().layers(); ++l) {
        const bool is_hidden = l < shape().hidden_layers;
        float* out = rows_of(is_hidden ? tape.tangent[l] : tape.output_tangent, shard, copy);
        const float* below = l > 0 ? rows_of(tape.tangent[l - 1], shard, copy) : nullptr;
        products(shard, copy, l)
            .tangent(layer_input(tape, shard, copy, l), below, p + shape().weight_at(l),
                     d + shape().weight_at(l), d + shape().bias_at(l), out);
        if (is_hidden) mask_loop(rows_of(activation(tape, l), shard, copy), out, shard.rows * shape().width);
        if (normalized(l))
          layer_norm_tangent(layer_of(tape, shard, copy, l), p + shape().scale_at(l), d + shape().scale_at(l),
                             d + shape().shift_at(l), out);
      }
    });
  }

 private:
  template <class Task>
  void each_task(Tape& tape, Task&& task) const {
    auto& own = static_cast<DnnlTape&>(tape);
    // Shards of one copy follow each other: a thread that has its parameters in the cache goes on with them.
    const auto shards = static_cast<int64_t>(own.shards.size());
    workers_.run(shards * shape().copies,
                 [&](int64_t i) { task(own.shards[static_cast<size_t>(i % shards)], i / shards); });
  }
  static LayerProducts& products(Shard& shard, int64_t copy, int64_t layer) {
    return shard.products[static_cast<size_t>(copy)][static_cast<size_t>(layer)];
  }
  const float* copy_of(const at::Tensor& flat, int64_t copy) const {
    return flat.data_ptr<float>() + copy * shape().parameters();
  }
  /// The shard's first row in a [copies, B, n] (or shared [B, n]) tensor.
  static float* rows_of(const at::Tensor& tensor, const Shard& shard, int64_t copy) {
    const int64_t width = tensor.size(-1), rows = tensor.size(-2);
    const int64_t block = tensor.dim() == 3 ? copy * rows : 0;
    return tensor.data_ptr<float>() + (block + shard.first) * width;
  }
  static const float* layer_input(const Tape& tape, const Shard& shard, int64_t copy, int64_t l) {
    return rows_of(l > 0 ? tape.hidden[static_cast<size_t>(l - 1)] : tape.input, shard, copy);
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
  bool normalized(int64_t l) const { return shape().layer_norm && l < shape().hidden_layers; }
  NormalizedRows layer_of(Tape& tape, const Shard& shard, int64_t copy, int64_t l) const {
    return {.rows = shard.rows,
            .width = shape().width,
            .unit = rows_of(tape.unit[l], shard, copy),
            .inverse_deviation = rows_of(tape.inverse_deviation[l], shard, copy)};
  }
  /// bfloat16 is for the products between hidden layers: inputs and outputs keep all their digits.
  LayerKind kind_of(int64_t l) const {
    const bool hidden = l < shape().hidden_layers;
    return {.hidden = hidden, .bfloat16 = bfloat16_ && hidden && l > 0};
  }
  /// The gradient of layer l's products -> that of its parameters -> part, where it is not null, and that of
  /// layer l - 1's products, with its normalization's on the way.
  void back_through(const float* p, Tape& tape, Shard& shard, int64_t copy, int64_t l, float* part) const {
    float* below = l > 0 ? rows_of(gradient(tape, l - 1), shard, copy) : nullptr;
    products(shard, copy, l)
        .backward(layer_input(tape, shard, copy, l), p + shape().weight_at(l),
                  rows_of(gradient(tape, l), shard, copy), part ? part + shape().weight_at(l) : nullptr, below);
    if (l == 0) return;
    if (normalized(l - 1)) {
      const int64_t scale_at = shape().scale_at(l - 1), shift_at = shape().shift_at(l - 1);
      const auto layer = layer_of(tape, shard, copy, l - 1);
      if (part) layer_norm_gradients(layer, below, part + scale_at, part + shift_at);
      layer_norm_backward(layer, p + scale_at, below);
    }
    mask_loop(rows_of(activation(tape, l - 1), shard, copy), below, shard.rows * shape().width);
  }

  Workers& workers_;
  bool bfloat16_;
};

}  // namespace

std::unique_ptr<Mlp> make_dnnl_mlp(MlpShape shape, Workers& workers, bool bfloat16) {
  return std::make_unique<DnnlMlp>(shape, workers, bfloat16);
}

}  // namespace vaco
