// SPDX-License-Identifier: GPL-3.0-or-later
// A formula of formula.h on a card: it is let work on symbols, which write down what it does, and the text
// becomes a kernel, so that a formula costs one launch however many operations it has.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/nn/cuda_kernel.h"

namespace vaco {

/// A number that is not known yet; what is done to it is written down in CUDA C++.
class Symbol {
 public:
  Symbol(double constant);  // NOLINT: constants mix with symbols as with numbers
  static Symbol argument(size_t index);
  [[nodiscard]] const std::string& text() const { return text_; }
  /// "(a op b)", a comparison as 1 or 0.
  static Symbol joined(const Symbol& a, const char* op, const Symbol& b);
  static Symbol called(const char* function, const Symbol& a, const Symbol& b);

 private:
  Symbol() = default;
  std::string text_;
};

inline Symbol operator+(const Symbol& a, const Symbol& b) {
  return Symbol::joined(a, "+", b);
}
inline Symbol operator-(const Symbol& a, const Symbol& b) {
  return Symbol::joined(a, "-", b);
}
inline Symbol operator-(const Symbol& a) {
  return Symbol::joined(Symbol(0.0), "-", a);
}
inline Symbol operator*(const Symbol& a, const Symbol& b) {
  return Symbol::joined(a, "*", b);
}
inline Symbol operator/(const Symbol& a, const Symbol& b) {
  return Symbol::joined(a, "/", b);
}
inline Symbol operator<=(const Symbol& a, const Symbol& b) {
  return Symbol::joined(a, "<=", b);
}
inline Symbol operator>(const Symbol& a, const Symbol& b) {
  return Symbol::joined(a, ">", b);
}
inline Symbol smaller(const Symbol& a, const Symbol& b) {
  return Symbol::called("smaller", a, b);
}
inline Symbol at_least(const Symbol& x, const Symbol& low) {
  return Symbol::called("at_least", x, low);
}
inline Symbol at_most(const Symbol& x, const Symbol& high) {
  return Symbol::called("at_most", x, high);
}

/// What a formula is given: a float32 tensor on the card that broadcasts to the result, or a constant.
struct FormulaArgument {
  FormulaArgument(const at::Tensor& given) : tensor(given) {}          // NOLINT: tensors and numbers mix
  FormulaArgument(double given) : value(static_cast<float>(given)) {}  // NOLINT
  at::Tensor tensor;
  float value = 0.0f;
};

class FormulaKernels;

/// A formula and what it is done to: element by element into the result, or summed into its one element.
struct FormulaCall {
  const FormulaKernels* kernels = nullptr;
  at::Tensor result;
  std::vector<FormulaArgument> arguments = {};
  at::Tensor like = {};  ///< of a sum: over its elements; else undefined
  bool adds = false;     ///< a sum: to what the result holds
  double share = 1.0;    ///< a sum: times this
  [[nodiscard]] bool sums() const { return like.defined(); }
  [[nodiscard]] const at::Tensor& elements() const { return sums() ? like : result; }
};

/// The kernels of one formula of so many arguments. Sums are made in double precision by one block, in an order
/// that depends on the number of elements alone.
class FormulaKernels {
 public:
  FormulaKernels(std::string formula, size_t arguments);
  // What follows is launched, or gathered for one launch with others (formula_sequence.h).
  void evaluate(const at::Tensor& result, std::vector<FormulaArgument> arguments) const;
  /// result [] = the sum over the elements of like, to which the arguments broadcast.
  void sum(const at::Tensor& result, const at::Tensor& like, std::vector<FormulaArgument> arguments) const;
  /// result [] += share * that sum.
  void accumulate(const at::Tensor& result, double share, const at::Tensor& like,
                  std::vector<FormulaArgument> arguments) const;
  /// A launch of this formula alone.
  void launch(const FormulaCall& call) const;
  [[nodiscard]] const std::string& formula() const { return formula_; }  ///< of x0, x1, …

 private:
  std::string formula_;
  CudaKernel evaluate_, sum_;
};

/// The source of both kernels, for tests.
std::string formula_source(const std::string& formula, size_t arguments);

// What a kernel of formulas consists of.

/// As the kernels know an argument.
struct KernelArgument {
  float* data = nullptr;
  int step[3] = {0, 0, 0};
  float value = 0.0f;
};
KernelArgument as_argument(const FormulaArgument& given);
/// The sizes of a tensor of up to three dimensions, filled up with ones from the left.
std::array<int, 3> kernel_box(const at::Tensor& tensor);
/// What stands before every formula.
std::string_view formula_prelude();

}  // namespace vaco
