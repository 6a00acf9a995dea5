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

TEST(FormulaKernel, ComputesAsTheLoopsDo) {
  const auto text = formula_detail::text_of(mixed, std::make_index_sequence<3>());
  const auto folder = std::filesystem::path(testing::TempDir()) / ("formula-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "kernel.cpp")
      << "#include \"tests/nn/cuda_on_host.h\"\n#undef __shared__\n#define __shared__ static\nnamespace "
         "vaco::host_cuda {\n"
      << formula_source(text, 3)
      << "}\nusing namespace vaco::host_cuda;\n"
         "extern \"C\" void run_evaluate(int a, int b, int c, Argument to, Argument x, Argument y, Argument z) "
         "{\n"
         "  run((a * b * c + 31) / 32, 1, 32, [&] { evaluate(a, b, c, to, x, y, z); });\n}\n"
         "extern \"C\" void run_sum(int a, int b, int c, float* to, int add, float share, Argument x, Argument "
         "y, "
         "Argument z) {\n  run(1, 1, 512, [&] { sum(a, b, c, to, add, share, x, y, z); });\n}\n";
  const auto library = folder / "kernel.so";
  const std::string command = std::string(VACO_CXX_COMPILER) +
                              " -std=c++20 -O1 -w -fPIC -shared -I" VACO_SOURCE_DIR " -o " + library.string() +
                              " " + (folder / "kernel.cpp").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  void* const loaded = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(loaded, nullptr) << ::dlerror();
  const auto evaluate_there = reinterpret_cast<void (*)(int, int, int, Argument, Argument, Argument, Argument)>(
      ::dlsym(loaded, "run_evaluate"));
  const auto sum_there =
      reinterpret_cast<void (*)(int, int, int, float*, int, float, Argument, Argument, Argument)>(
          ::dlsym(loaded, "run_sum"));
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
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace vaco
