// SPDX-License-Identifier: GPL-3.0-or-later
// A formula's kernels for a card: their text is compiled for the host by the compiler that builds the tests,
// and held against the loops that the processor runs.
#include "core/learn/parts/formula_kernel.h"

#include <ATen/ATen.h>
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/learn/parts/formula.h"

namespace vaco {
namespace {

/// As the kernels know it.
struct Argument {
  float* data = nullptr;
  int step[3] = {0, 0, 0};
  float value = 0.0f;
};

Argument argument(const at::Tensor& tensor) {
  Argument made{.data = tensor.data_ptr<float>()};
  for (int64_t d = 1; d <= tensor.dim(); ++d)
    if (tensor.size(-d) > 1) made.step[3 - d] = static_cast<int>(tensor.stride(-d));
  return made;
}

const auto mixed = [](auto x, auto y, auto c) {
  return -1.0f / at_least(x * y, 0.1f) + (x <= y) * c - smaller(x, y) * at_most(y, 2.0f) + (x > 0.0f) * 0.5f;
};

TEST(FormulaKernel, WritesDownWhatAFormulaDoes) {
  EXPECT_EQ(Symbol(0.5).text(), "0x1p-1f");
  EXPECT_EQ((Symbol::argument(0) * 2.0 + Symbol::argument(1)).text(),
            "((float)(((float)(x0 * 0x1p+1f)) + x1))");
  EXPECT_EQ(at_least(Symbol::argument(2), 0.0).text(), "at_least(x2, 0x0p+0f)");
}

/// The kernels' text and this code, compiled for the host and loaded.
class HostLibrary {
 public:
  HostLibrary(const std::string& kernels, const std::string& code) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "kernel.cpp")
        << "#include \"tests/nn/cuda_on_host.h\"\n#undef __shared__\n#define __shared__ static\n"
        << "namespace vaco::host_cuda {\n"
        << kernels << "}\nusing namespace vaco::host_cuda;\n"
        << code;
    const auto library = folder_ / "kernel.so";
    const std::string command = std::string(VACO_CXX_COMPILER) +
                                " -std=c++20 -O1 -w -fPIC -shared -I" VACO_SOURCE_DIR " -o " +
                                library.string() + " " + (folder_ / "kernel.cpp").string();
    EXPECT_EQ(std::system(command.c_str()), 0);
    loaded_ = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    EXPECT_NE(loaded_, nullptr) << ::dlerror();
  }
  ~HostLibrary() { std::filesystem::remove_all(folder_); }
  template <class Function>
  Function* find(const char* name) const {
    auto* found = loaded_ ? reinterpret_cast<Function*>(::dlsym(loaded_, name)) : nullptr;
    EXPECT_TRUE(found) << name;
    return found;
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("formula-" + std::to_string(::getpid()) + "-" +
                                                   testing::UnitTest::GetInstance()
                                                       ->current_test_info()
                                                       ->name());  // the loader knows libraries by their paths
  void* loaded_ = nullptr;
};

TEST(FormulaKernel, ComputesAsTheLoopsDo) {
  const auto text = formula_detail::text_of(mixed, std::make_index_sequence<3>());
  const HostLibrary library(
      formula_source(text, 3),
      "extern \"C\" void run_evaluate(int a, int b, int c, Argument to, Argument x, Argument y, Argument z) {\n"
      "  run((a * b * c + 31) / 32, 1, 32, [&] { evaluate(a, b, c, to, x, y, z); });\n}\n"
      "extern \"C\" void run_sum(int a, int b, int c, float* to, int add, float share, Argument x, Argument "
      "y,\n"
      "                        Argument z) {\n  run(1, 1, 512, [&] { sum(a, b, c, to, add, share, x, y, z); "
      "});\n}\n");
  auto* const evaluate_there =
      library.find<void(int, int, int, Argument, Argument, Argument, Argument)>("run_evaluate");
  auto* const sum_there =
      library.find<void(int, int, int, float*, int, float, Argument, Argument, Argument)>("run_sum");
  ASSERT_TRUE(evaluate_there && sum_there);

  at::manual_seed(1);
  const auto x = at::randn({2, 13, 3}), y = at::randn({13, 1});
  auto expected = at::zeros({2, 13, 3}), result = at::zeros_like(expected);
  evaluate(expected, mixed, x, y, 0.25);
  const Argument constant{.value = 0.25f};
  evaluate_there(2, 13, 3, argument(result), argument(x), argument(y), constant);
  EXPECT_LT((result - expected).abs().max().item<float>(), 1e-5f);

  auto sum = at::full({}, 3.0f);
  sum_there(2, 13, 3, sum.data_ptr<float>(), 1, 0.5f, argument(x), argument(y), constant);
  EXPECT_NEAR(sum.item<float>(), 3.0 + 0.5 * expected.to(at::kDouble).sum().item<double>(), 1e-4);
  sum_there(2, 13, 3, sum.data_ptr<float>(), 0, 1.0f, argument(x), argument(y), constant);
  EXPECT_NEAR(sum.item<float>(), expected.to(at::kDouble).sum().item<double>(), 1e-4);
}

TEST(FormulaSequence, DoesOneFormulaAfterTheOther) {
  at::manual_seed(2);
  const auto x = at::randn({2, 600, 2}), y = at::randn({600, 1});
  auto product = at::zeros({2, 600, 2}), mean = at::full({}, 7.0f), shifted = at::zeros({600, 1}),
       total = at::full({}, 3.0f);
  // What each formula gives, the next ones use: all threads must see it.
  const FormulaKernels times("(x0 * x1)", 2), sum("(x0 * x1)", 2), less("(x0 - x1)", 2), square("(x0 * x0)", 1);
  const std::vector<FormulaCall> calls{
      {.kernels = &times, .result = product, .arguments = {x, y}},
      {.kernels = &sum, .result = mean, .arguments = {product, 1.0 / 2400.0}, .like = product},
      {.kernels = &less, .result = shifted, .arguments = {y, mean}},
      {.kernels = &square,
       .result = total,
       .arguments = {shifted},
       .like = shifted,
       .adds = true,
       .share = 0.5}};
  const HostLibrary library(sequence_source(calls),
                            "extern \"C\" void run_sequence(Argument* a) {\n"
                            "  run(1, 1, 1024, [&] { sequence(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], "
                            "a[8], a[9], a[10]); });\n}\n");
  auto* const run = library.find<void(Argument*)>("run_sequence");
  ASSERT_TRUE(run);
  const auto constant = [](float value) { return Argument{.value = value}; };
  std::vector<Argument> arguments{argument(product), argument(x),       argument(y),
                                  argument(mean),    argument(product), constant(1.0f / 2400.0f),
                                  argument(shifted), argument(y),       argument(mean),
                                  argument(total),   argument(shifted)};
  run(arguments.data());
  const auto expected = x * y;
  EXPECT_TRUE(at::equal(product, expected));
  EXPECT_NEAR(mean.item<double>(), expected.mean().item<double>(), 1e-6);
  EXPECT_TRUE(at::equal(shifted, y - mean));
  EXPECT_NEAR(total.item<double>(), 3.0 + 0.5 * shifted.square().sum().item<double>(), 1e-3);
}

}  // namespace
}  // namespace vaco
