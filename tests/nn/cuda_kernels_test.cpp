// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels for a card, their text compiled for the host and held against torch's plain operations.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/nn/adam.h"
#include "core/nn/mlp.h"
#include "tests/nn/cuda_on_host.h"

namespace vaco::host_cuda {
// In the order in which they are compiled for a card.
// clang-format off
#include "core/nn/kernels/fragments.cu"
#include "core/nn/kernels/mlp.cu"
#include "core/nn/kernels/weight_gradients.cu"
// clang-format on
#include "core/nn/kernels/vectors.cu"
}  // namespace vaco::host_cuda

namespace vaco {
namespace {

namespace card = host_cuda;

struct Case {
  MlpShape shape;
  int64_t rows;
  bool own_inputs;  // of each copy
};

/// Both sides of a comparison: torch's operations on one tape, the kernels on the other.
struct Both {
  explicit Both(const Case& c) : shape(c.shape), mlp(make_torch_mlp(shape, at::kCPU)) {
    at::manual_seed(3);
    parameters = at::randn({shape.copies, shape.parameters()}).mul_(0.3);
    torch = mlp->make_tape(c.rows);
    if (c.own_inputs) torch->input = at::zeros({shape.copies, c.rows, shape.inputs});
    torch->input.normal_();
    torch->output_gradient.normal_();
    ours = mlp->make_tape(c.rows);
    ours->input = torch->input;
    ours->output_gradient = torch->output_gradient.clone();
    kernel_shape = {static_cast<int>(shape.inputs),
                    static_cast<int>(shape.outputs),
                    static_cast<int>(shape.width),
                    static_cast<int>(shape.hidden_layers),
                    static_cast<int>(shape.parameters()),
                    static_cast<int>(shape.copies),
                    static_cast<int>(c.rows),
                    c.own_inputs ? static_cast<int>(c.rows * shape.inputs) : 0};
  }

  static card::Layers pointers(const std::vector<at::Tensor>& tensors, const at::Tensor& last = {}) {
    card::Layers layers{};
    for (size_t l = 0; l < tensors.size(); ++l) layers.at[l] = tensors[l].data_ptr<float>();
    if (last.defined()) layers.at[tensors.size()] = last.data_ptr<float>();
    return layers;
  }
  template <class Kernel>
  void over_rows(const Kernel& kernel) const {
    const auto blocks = static_cast<unsigned>((ours->rows + card::kRows - 1) / card::kRows);
    card::run(blocks, static_cast<unsigned>(shape.copies), card::kThreads, kernel);
  }
  [[nodiscard]] card::Layers hidden() const { return pointers(ours->hidden); }
  [[nodiscard]] const float* input() const { return ours->input.data_ptr<float>(); }

  void forward() {
    mlp->forward(parameters, *torch);
    over_rows([&] {
      card::mlp_forward(kernel_shape, parameters.data_ptr<float>(), input(), hidden(),
                        ours->output.data_ptr<float>());
    });
  }
  void propagate(float* input_gradient, int first_input) const {
    over_rows([&] {
      card::mlp_backward(kernel_shape, parameters.data_ptr<float>(), hidden(),
                         ours->output_gradient.data_ptr<float>(), pointers(ours->hidden_gradient),
                         input_gradient, first_input);
    });
  }
  [[nodiscard]] at::Tensor weight_gradients(const at::Tensor& row_weights) const {
    auto gradients = at::full({shape.copies, shape.parameters()}, NAN);
    unsigned blocks = 0;
    const auto tiles = [](int64_t n, int size) { return static_cast<unsigned>((n + size - 1) / size); };
    for (int64_t l = 0; l < shape.layers(); ++l)
      blocks += tiles(shape.fan_in(l), card::kGradientIn) * tiles(shape.fan_out(l), card::kGradientOut);
    card::run(blocks, static_cast<unsigned>(shape.copies), card::kGradientThreads, [&] {
      card::mlp_weight_gradients(
          kernel_shape, input(), hidden(), pointers(ours->hidden_gradient, ours->output_gradient),
          row_weights.defined() ? row_weights.data_ptr<float>() : nullptr, gradients.data_ptr<float>());
    });
    return gradients;
  }

  MlpShape shape;
  std::unique_ptr<Mlp> mlp;
  at::Tensor parameters;
  std::unique_ptr<Tape> torch, ours;
  card::Shape kernel_shape{};
};

void expect_close(const at::Tensor& ours, const at::Tensor& torch, const char* what) {
  const double difference = (ours - torch).norm().item<double>(), size = torch.norm().item<double>();
  EXPECT_LT(difference, 1e-5 * size) << what;
  EXPECT_TRUE(at::isfinite(ours).all().item<bool>()) << what;
}

class CudaKernels : public testing::TestWithParam<Case> {};

TEST_P(CudaKernels, PassesAreThoseOfTorch) {
  Both both(GetParam());
  both.forward();
  expect_close(both.ours->output, both.torch->output, "output");
  for (size_t l = 0; l < both.ours->hidden.size(); ++l)
    expect_close(both.ours->hidden[l], both.torch->hidden[l], "hidden layer");

  auto gradients = at::zeros_like(both.parameters);
  both.mlp->backward(both.parameters, *both.torch, gradients);
  both.propagate(nullptr, 0);
  for (size_t l = 0; l < both.ours->hidden.size(); ++l)
    expect_close(both.ours->hidden_gradient[l], both.torch->hidden_gradient[l], "gradient of a hidden layer");
  expect_close(both.weight_gradients({}), gradients, "gradients");

  const auto direction = at::randn_like(both.parameters);
  auto products = at::zeros({both.shape.copies, both.ours->rows, 1}), of_torch = at::zeros_like(products);
  both.mlp->row_products(direction, *both.torch, of_torch);
  both.over_rows([&] {
    card::mlp_row_products(both.kernel_shape, direction.data_ptr<float>(), both.input(), both.hidden(),
                           Both::pointers(both.ours->hidden_gradient, both.ours->output_gradient),
                           products.data_ptr<float>());
  });
  expect_close(products, of_torch, "row products");

  const auto weights = at::rand({both.ours->rows, 1});
  both.mlp->backward(both.parameters, *both.torch, gradients, weights);
  expect_close(both.weight_gradients(weights), gradients, "weighted gradients");

  both.mlp->backward_to_input(both.parameters, *both.torch, 0);
  const int first = static_cast<int>(both.shape.inputs) / 2;
  both.propagate(both.ours->input_gradient.data_ptr<float>(), first);
  const int64_t rest = both.shape.inputs - first;
  expect_close(both.ours->input_gradient.narrow(2, first, rest),
               both.torch->input_gradient.narrow(2, first, rest), "gradient of the inputs");
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, CudaKernels,
    testing::Values(Case{{.inputs = 5, .outputs = 1, .width = 24, .copies = 2}, 13, false},
                    Case{{.inputs = 37, .outputs = 3, .width = 40, .hidden_layers = 3}, 16, false},
                    Case{{.inputs = 3, .outputs = 6, .width = 16, .hidden_layers = 1, .copies = 2}, 9, true},
                    Case{{.inputs = 4, .outputs = 2, .width = 72}, 8, false}));

TEST(CudaKernels, AdamIsThatOfTorch) {
  const int64_t n = 300;
  auto parameters = at::randn({1, n}), target = parameters.clone();
  auto ours = parameters.clone(), our_target = target.clone(), first = at::zeros_like(ours),
       second = at::zeros_like(ours);
  Adam adam(parameters, {.learning_rate = 0.01, .fused = false}, nullptr);
  double steps = 0.0;
  const double rate = 0.01;
  unsigned finished = 0;
  for (int step = 1; step <= 5; ++step) {
    const auto gradients = at::randn({1, n});
    adam.step(parameters, gradients, target, 0.1);
    card::run(2, 1, 64, [&] {
      card::adam_step(n, ours.data_ptr<float>(), gradients.data_ptr<float>(), first.data_ptr<float>(),
                      second.data_ptr<float>(), our_target.data_ptr<float>(), &steps, &rate, std::log(0.9),
                      std::log(0.999), 1e-8, 0.1, &finished);
    });
    EXPECT_EQ(steps, step);
    EXPECT_EQ(finished, 0u);
    EXPECT_LT((ours - parameters).abs().max().item<float>(), 2e-6f);
    EXPECT_LT((our_target - target).abs().max().item<float>(), 2e-6f);
  }
}

TEST(CudaKernels, RowsAreGatheredFromSeveralTablesBetweenAnySteps) {
  const auto table = at::randn({11, 6}).narrow(1, 1, 4), column = at::randn({11, 1});
  const auto rows = at::tensor({int64_t{10}, int64_t{0}, int64_t{3}});
  auto out = at::zeros({3, 7}), part = out.narrow(1, 2, 4), other = at::zeros({3, 1});
  card::Tables tables{};
  tables.from[0] = table.data_ptr<float>();
  tables.to[0] = part.data_ptr<float>();
  tables.from_step[0] = table.stride(0);
  tables.to_step[0] = part.stride(0);
  tables.width[0] = 4;
  tables.from[1] = column.data_ptr<float>();
  tables.to[1] = other.data_ptr<float>();
  tables.from_step[1] = tables.to_step[1] = tables.width[1] = 1;
  card::run(1, 1, 256, [&] {
    card::gather_rows(tables, reinterpret_cast<const long long*>(rows.data_ptr<int64_t>()), 3, 5);
  });
  EXPECT_TRUE(at::equal(part, table.index_select(0, rows)));
  EXPECT_TRUE(at::equal(other, column.index_select(0, rows)));
  EXPECT_EQ(out.narrow(1, 0, 2).abs().sum().item<float>(), 0.0f);
}

}  // namespace
}  // namespace vaco
