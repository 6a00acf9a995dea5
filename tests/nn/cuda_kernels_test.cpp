// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels for a card, their text compiled for the host and held against torch's plain operations.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <memory>

#include "core/nn/adam.h"
#include "core/nn/mlp.h"
#include "tests/nn/cuda_on_host.h"

namespace vaco::host_cuda {

struct HostLayers {
  static constexpr int kCount = 8;
  float* at[kCount] = {};
};
struct HostAdam {
  float *parameters = nullptr, *first = nullptr, *second = nullptr, *target = nullptr;
  double* steps = nullptr;
  const double* rate = nullptr;
  unsigned* finished = nullptr;
  float log_beta1 = 0.0f, log_beta2 = 0.0f, epsilon = 0.0f, target_rate = 0.0f;
};
/// The kernels of one shape of network.
struct HostPasses {
  virtual ~HostPasses() = default;
  virtual void forward(int copies, int rows, int input_step, const float* parameters, const float* input,
                       const HostLayers& hidden, float* output) const = 0;
  virtual void backward(int copies, int rows, const float* parameters, const HostLayers& hidden,
                        const float* output_gradient, const HostLayers& hidden_gradient,
                        float* input_gradient) const = 0;
  virtual void row_products(int copies, int rows, int input_step, const float* direction, const float* input,
                            const HostLayers& hidden, const HostLayers& gradient, float* products) const = 0;
  virtual void weight_gradients(int copies, int rows, int input_step, const float* input,
                                const HostLayers& hidden, const HostLayers& gradient, const float* row_weights,
                                float* gradients, const HostAdam& adam) const = 0;
};

// The kernels in the order in which they are compiled for a card.
// clang-format off
namespace small {
#define VACO_INPUTS 5
#define VACO_OUTPUTS 1
#define VACO_WIDTH 24
#define VACO_HIDDEN 2
#include "core/nn/kernels/fragments.cu"
#include "core/nn/kernels/mlp.cu"
#include "core/nn/kernels/weight_gradients.cu"
#include "tests/nn/host_passes.inc"
#undef VACO_INPUTS
#undef VACO_OUTPUTS
#undef VACO_WIDTH
#undef VACO_HIDDEN
}  // namespace small
namespace deep {
#define VACO_INPUTS 37
#define VACO_OUTPUTS 3
#define VACO_WIDTH 40
#define VACO_HIDDEN 3
#include "core/nn/kernels/fragments.cu"
#include "core/nn/kernels/mlp.cu"
#include "core/nn/kernels/weight_gradients.cu"
#include "tests/nn/host_passes.inc"
#undef VACO_INPUTS
#undef VACO_OUTPUTS
#undef VACO_WIDTH
#undef VACO_HIDDEN
}  // namespace deep
namespace shallow {
#define VACO_INPUTS 3
#define VACO_OUTPUTS 6
#define VACO_WIDTH 16
#define VACO_HIDDEN 1
#include "core/nn/kernels/fragments.cu"
#include "core/nn/kernels/mlp.cu"
#include "core/nn/kernels/weight_gradients.cu"
#include "tests/nn/host_passes.inc"
#undef VACO_INPUTS
#undef VACO_OUTPUTS
#undef VACO_WIDTH
#undef VACO_HIDDEN
}  // namespace shallow
namespace wide {
#define VACO_INPUTS 4
#define VACO_OUTPUTS 2
#define VACO_WIDTH 72
#define VACO_HIDDEN 2
#include "core/nn/kernels/fragments.cu"
#include "core/nn/kernels/mlp.cu"
#include "core/nn/kernels/weight_gradients.cu"
#include "tests/nn/host_passes.inc"
#undef VACO_INPUTS
#undef VACO_OUTPUTS
#undef VACO_WIDTH
#undef VACO_HIDDEN
}  // namespace wide
namespace even {
#define VACO_INPUTS 16
#define VACO_OUTPUTS 8
#define VACO_WIDTH 64
#define VACO_HIDDEN 2
#include "core/nn/kernels/fragments.cu"
#include "core/nn/kernels/mlp.cu"
#include "core/nn/kernels/weight_gradients.cu"
#include "tests/nn/host_passes.inc"
#undef VACO_INPUTS
#undef VACO_OUTPUTS
#undef VACO_WIDTH
#undef VACO_HIDDEN
}  // namespace even
namespace large {
#define VACO_INPUTS 9
#define VACO_OUTPUTS 1
#define VACO_WIDTH 136
#define VACO_HIDDEN 2
#include "core/nn/kernels/fragments.cu"
#include "core/nn/kernels/mlp.cu"
#include "core/nn/kernels/weight_gradients.cu"
#include "tests/nn/host_passes.inc"
#undef VACO_INPUTS
#undef VACO_OUTPUTS
#undef VACO_WIDTH
#undef VACO_HIDDEN
}  // namespace large
// clang-format on
#include "core/nn/kernels/vectors.cu"
}  // namespace vaco::host_cuda

namespace vaco {
namespace {

namespace card = host_cuda;

struct Case {
  const char* name;
  MlpShape shape;
  int64_t rows;
  bool own_inputs;  // of each copy
  std::shared_ptr<card::HostPasses> passes;
};

/// Both sides of a comparison: torch's operations on one tape, the kernels on the other.
struct Both {
  explicit Both(const Case& c) : shape(c.shape), passes(*c.passes), mlp(make_torch_mlp(shape, at::kCPU)) {
    at::manual_seed(3);
    parameters = at::randn({shape.copies, shape.parameters()}).mul_(0.3);
    torch = mlp->make_tape(c.rows);
    if (c.own_inputs) torch->input = at::zeros({shape.copies, c.rows, shape.inputs});
    torch->input.normal_();
    torch->output_gradient.normal_();
    ours = mlp->make_tape(c.rows);
    ours->input = torch->input;
    ours->output_gradient = torch->output_gradient.clone();
    copies = static_cast<int>(shape.copies);
    rows = static_cast<int>(c.rows);
    input_step = c.own_inputs ? static_cast<int>(c.rows * shape.inputs) : 0;
  }

  static card::HostLayers pointers(const std::vector<at::Tensor>& tensors, const at::Tensor& last = {}) {
    card::HostLayers layers;
    for (size_t l = 0; l < tensors.size(); ++l) layers.at[l] = tensors[l].data_ptr<float>();
    if (last.defined()) layers.at[tensors.size()] = last.data_ptr<float>();
    return layers;
  }
  [[nodiscard]] card::HostLayers hidden() const { return pointers(ours->hidden); }
  [[nodiscard]] card::HostLayers gradients() const {
    return pointers(ours->hidden_gradient, ours->output_gradient);
  }
  [[nodiscard]] const float* input() const { return ours->input.data_ptr<float>(); }

  void forward() {
    mlp->forward(parameters, *torch);
    passes.forward(copies, rows, input_step, parameters.data_ptr<float>(), input(), hidden(),
                   ours->output.data_ptr<float>());
  }
  void propagate(float* input_gradient) const {
    passes.backward(copies, rows, parameters.data_ptr<float>(), hidden(),
                    ours->output_gradient.data_ptr<float>(), pointers(ours->hidden_gradient), input_gradient);
  }
  [[nodiscard]] at::Tensor weight_gradients(const at::Tensor& row_weights,
                                            const card::HostAdam& adam = {}) const {
    auto made = at::full({shape.copies, shape.parameters()}, NAN);
    passes.weight_gradients(copies, rows, input_step, input(), hidden(), gradients(),
                            row_weights.defined() ? row_weights.data_ptr<float>() : nullptr,
                            made.data_ptr<float>(), adam);
    return made;
  }

  MlpShape shape;
  const card::HostPasses& passes;
  std::unique_ptr<Mlp> mlp;
  at::Tensor parameters;
  std::unique_ptr<Tape> torch, ours;
  int copies = 1, rows = 1, input_step = 0;
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
  both.propagate(nullptr);
  for (size_t l = 0; l < both.ours->hidden.size(); ++l)
    expect_close(both.ours->hidden_gradient[l], both.torch->hidden_gradient[l], "gradient of a hidden layer");
  expect_close(both.weight_gradients({}), gradients, "gradients");

  const auto direction = at::randn_like(both.parameters);
  auto products = at::zeros({both.shape.copies, both.ours->rows, 1}), of_torch = at::zeros_like(products);
  both.mlp->row_products(direction, *both.torch, of_torch);
  both.passes.row_products(both.copies, both.rows, both.input_step, direction.data_ptr<float>(), both.input(),
                           both.hidden(), both.gradients(), products.data_ptr<float>());
  expect_close(products, of_torch, "row products");

  both.mlp->backward_to_input(both.parameters, *both.torch, 0);
  both.propagate(both.ours->input_gradient.data_ptr<float>());
  expect_close(both.ours->input_gradient, both.torch->input_gradient, "gradient of the inputs");
}

class CudaSteps : public testing::TestWithParam<Case> {};

TEST_P(CudaSteps, GradientsAndTheStepAlongThemAreOneLaunch) {
  Both both(GetParam());
  both.forward();
  const auto weights = at::rand({both.ours->rows, 1});
  auto parameters = both.parameters.clone(), target = at::randn_like(parameters),
       gradients = at::zeros_like(target);
  auto our_target = target.clone(), first = at::zeros_like(target), second = at::zeros_like(target);
  Adam adam(parameters, {.learning_rate = 0.01, .fused = false}, nullptr);
  double steps = 0.0;
  const double rate = 0.01;
  unsigned finished = 0;
  for (int step = 1; step <= 3; ++step) {
    both.torch->output_gradient.normal_();
    both.ours->output_gradient.copy_(both.torch->output_gradient);
    both.mlp->backward_and_step(parameters, *both.torch, gradients, adam, target, 0.1, weights);
    both.propagate(nullptr);
    const auto ours = both.weight_gradients(weights, {.parameters = both.parameters.data_ptr<float>(),
                                                      .first = first.data_ptr<float>(),
                                                      .second = second.data_ptr<float>(),
                                                      .target = our_target.data_ptr<float>(),
                                                      .steps = &steps,
                                                      .rate = &rate,
                                                      .finished = &finished,
                                                      .log_beta1 = static_cast<float>(std::log(0.9)),
                                                      .log_beta2 = static_cast<float>(std::log(0.999)),
                                                      .epsilon = 1e-8f,
                                                      .target_rate = 0.1f});
    expect_close(ours, gradients, "weighted gradients");
    EXPECT_EQ(steps, step);
    EXPECT_EQ(finished, 0u);
    expect_close(first, adam.first_moment, "first moment");
    expect_close(second, adam.second_moment, "second moment");
    EXPECT_LT((both.parameters - parameters).abs().max().item<float>(), 1e-3f);
    expect_close(both.parameters, parameters, "parameters");
    expect_close(our_target, target, "target");
    // Where a gradient is nearly nothing, its sign decides of a whole step: go on from the same.
    both.parameters.copy_(parameters);
    both.mlp->forward(both.parameters, *both.torch);
    both.forward();
  }
}

Case make_case(const char* name, MlpShape shape, int64_t rows, bool own_inputs, card::HostPasses* passes) {
  return {name, shape, rows, own_inputs, std::shared_ptr<card::HostPasses>(passes)};
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      make_case("small", {.inputs = 5, .outputs = 1, .width = 24, .copies = 2}, 13, false,
                new card::small::Passes),
      make_case("deep", {.inputs = 37, .outputs = 3, .width = 40, .hidden_layers = 3}, 16, false,
                new card::deep::Passes),
      make_case("shallow", {.inputs = 3, .outputs = 6, .width = 16, .hidden_layers = 1, .copies = 2}, 9, true,
                new card::shallow::Passes),
      make_case("wide", {.inputs = 4, .outputs = 2, .width = 72}, 8, false, new card::wide::Passes),
      make_case("even", {.inputs = 16, .outputs = 8, .width = 64}, 20, false, new card::even::Passes),
      make_case("large", {.inputs = 9, .outputs = 1, .width = 136}, 5, false, new card::large::Passes)};
  return all;
}
std::string name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Shapes, CudaKernels, testing::ValuesIn(cases()), name_of);
// Every block's threads are threads here: two shapes are enough for what does not depend on the shape.
INSTANTIATE_TEST_SUITE_P(Shapes, CudaSteps, testing::Values(cases()[0], cases()[2]), name_of);

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
                      second.data_ptr<float>(), our_target.data_ptr<float>(), &steps, &rate,
                      static_cast<float>(std::log(0.9)), static_cast<float>(std::log(0.999)), 1e-8f, 0.1f,
                      &finished);
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
