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

/// What one copy needs for one shard: copies run in parallel.
struct ShardCopy {
  std::vector<LayerProducts> products;  // [layers]
  std::vector<float> scratch, below;    // [rows, width], made when first needed
  std::vector<int64_t> few;             // rows that have a gradient
};

struct Shard {
  int64_t first = 0, rows = 0;
  std::vector<ShardCopy> copies;
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
      Shard shard{.first = first, .rows = std::min(kShardRows, rows - first), .copies = {}};
      shard.copies.resize(static_cast<size_t>(s.copies));
      for (auto& copy : shard.copies)
        for (int64_t l = 0; l < s.layers(); ++l)
          copy.products.emplace_back(shard.rows, s.fan_in(l), s.fan_out(l), kind_of(l));
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

  void backward(const at::Tensor& parameters, Tape& tape, at::Tensor& gradients,
                const at::Tensor& row_weights) const override {
    assert(!row_weights.defined() || !shape().layer_norm);
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
        const float* weighted = rows_of(gradient(tape, l), shard, copy);
        if (row_weights.defined()) {
          float* scaled = scratch(shard, copy);
          scale_rows(weighted, row_weights.data_ptr<float>() + shard.first, shard.rows, shape().fan_out(l),
                     scaled);
          weighted = scaled;
        }
        column_sums(weighted, shard.rows, shape().fan_out(l), part + shape().bias_at(l));
        products(shard, copy, l)
            .weight_gradient(layer_input(tape, shard, copy, l), weighted, part + shape().weight_at(l));
        if (l > 0) back_through(p, tape, shard, copy, l, part);
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
      if (few_rows_have_gradients(tape, shard, copy)) {
        few_back_to_input(p, tape, shard, copy, first_input);
        return;
      }
      for (int64_t l = shape().layers() - 1; l > 0; --l) back_through(p, tape, shard, copy, l, nullptr);
      products(shard, copy, 0)
          .input_gradient(p + shape().weight_at(0), rows_of(gradient(tape, 0), shard, copy), shard.rows,
                          rows_of(tape.input_gradient, shard, copy), first_input);
    });
  }

  void row_products(const at::Tensor& direction, Tape& tape, at::Tensor& out) const override {
    assert(!shape().layer_norm);
    each_task(tape, [&](Shard& shard, int64_t copy) {
      const float* d = copy_of(direction, copy);
      float* sums = rows_of(out, shard, copy);
      std::fill_n(sums, shard.rows, 0.0f);
      for (int64_t l = 0; l < shape().layers(); ++l) {
        float* moved = scratch(shard, copy);
        products(shard, copy, l)
            .directional(layer_input(tape, shard, copy, l), d + shape().weight_at(l), d + shape().bias_at(l),
                         moved);
        add_row_products(moved, rows_of(gradient(tape, l), shard, copy), shard.rows, shape().fan_out(l), sums);
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
    return shard.copies[static_cast<size_t>(copy)].products[static_cast<size_t>(layer)];
  }
  /// [rows, out] of any layer.
  float* scratch(Shard& shard, int64_t copy) const {
    return room(shard, shard.copies[static_cast<size_t>(copy)].scratch);
  }
  float* room(const Shard& shard, std::vector<float>& values) const {
    values.resize(static_cast<size_t>((shard.rows + LayerProducts::kRowBlock) *
                                      std::max({shape().width, shape().inputs, shape().outputs})));
    return values.data();
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
  /// The gradient of layer l's products -> that of layer l - 1's, with its normalization's on the way -> part,
  /// where it is not null.
  void back_through(const float* p, Tape& tape, Shard& shard, int64_t copy, int64_t l, float* part) const {
    float* below = rows_of(gradient(tape, l - 1), shard, copy);
    products(shard, copy, l)
        .input_gradient(p + shape().weight_at(l), rows_of(gradient(tape, l), shard, copy), shard.rows, below);
    if (normalized(l - 1)) {
      const int64_t scale_at = shape().scale_at(l - 1), shift_at = shape().shift_at(l - 1);
      const auto layer = layer_of(tape, shard, copy, l - 1);
      if (part) layer_norm_gradients(layer, below, part + scale_at, part + shift_at);
      layer_norm_backward(layer, p + scale_at, below);
    }
    mask_loop(rows_of(activation(tape, l - 1), shard, copy), below, shard.rows * shape().width);
  }
  /// Lists the rows of a shard that have a gradient; true if leaving the others out pays.
  bool few_rows_have_gradients(Tape& tape, Shard& shard, int64_t copy) const {
    if (shape().layer_norm) return false;
    auto& few = shard.copies[static_cast<size_t>(copy)].few;
    few.clear();
    const int64_t n = shape().outputs;
    const float* g = rows_of(tape.output_gradient, shard, copy);
    for (int64_t r = 0; r < shard.rows; ++r)
      if (std::any_of(g + r * n, g + (r + 1) * n, [](float v) { return v != 0.0f; })) few.push_back(r);
    return static_cast<int64_t>(few.size()) * 4 <= shard.rows * 3;
  }
  /// backward_to_input() for the listed rows, moved together; the others' input gradients are 0.
  void few_back_to_input(const float* p, Tape& tape, Shard& shard, int64_t copy, int64_t first_input) const {
    auto& own = shard.copies[static_cast<size_t>(copy)];
    const auto count = static_cast<int64_t>(own.few.size());
    float *above = room(shard, own.scratch), *below = room(shard, own.below);
    gather_rows(rows_of(tape.output_gradient, shard, copy), own.few, shape().outputs, above);
    for (int64_t l = shape().layers() - 1; l > 0 && count > 0; --l) {
      products(shard, copy, l).input_gradient(p + shape().weight_at(l), above, count, below);
      const float* active = rows_of(tape.hidden[l - 1], shard, copy);
      for (int64_t i = 0; i < count; ++i)
        mask_loop(active + own.few[static_cast<size_t>(i)] * shape().width, below + i * shape().width,
                  shape().width);
      std::swap(above, below);
    }
    float* out = rows_of(tape.input_gradient, shard, copy);
    std::fill_n(out, shard.rows * shape().inputs, 0.0f);
    if (count == 0) return;
    products(shard, copy, 0).input_gradient(p + shape().weight_at(0), above, count, below, first_input);
    for (int64_t i = 0; i < count; ++i)
      std::copy_n(below + i * shape().inputs, shape().inputs,
                  out + own.few[static_cast<size_t>(i)] * shape().inputs);
  }
  static void gather_rows(const float* matrix, const std::vector<int64_t>& rows, int64_t width, float* out) {
    for (const int64_t row : rows) out = std::copy_n(matrix + row * width, width, out);
  }

  Workers& workers_;
  bool bfloat16_;
};

}  // namespace

std::unique_ptr<Mlp> make_dnnl_mlp(MlpShape shape, Workers& workers, bool bfloat16) {
  return std::make_unique<DnnlMlp>(shape, workers, bfloat16);
}

}  // namespace vaco
