// SPDX-License-Identifier: GPL-3.0-or-later
// A formula of formula.h on a card: it is let work on symbols, which write down what it does, and the text
// becomes a kernel, so that a formula costs one launch however many operations it has.
#pragma once

#include <ATen/core/Tensor.h>

#include <initializer_list>
#include <string>

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
  FormulaArgument(const at::Tensor& given) : tensor(&given) {}  // NOLINT: tensors and numbers mix
  FormulaArgument(double given) : value(given) {}               // NOLINT
  const at::Tensor* tensor = nullptr;
  double value = 0.0;
};

/// The kernels of one formula of so many arguments. Sums are made in double precision by one block, in an order
/// that depends on the number of elements alone.
class FormulaKernels {
 public:
  FormulaKernels(const std::string& formula, size_t arguments);
  void evaluate(const at::Tensor& result, std::initializer_list<FormulaArgument> arguments) const;
  /// result [] = the sum over the elements of like, to which the arguments broadcast.
  void sum(const at::Tensor& result, const at::Tensor& like,
           std::initializer_list<FormulaArgument> arguments) const;
  /// result [] += share * that sum.
  void accumulate(const at::Tensor& result, double share, const at::Tensor& like,
                  std::initializer_list<FormulaArgument> arguments) const;

 private:
  void sum_into(const at::Tensor& result, bool add, double share, const at::Tensor& like,
                std::initializer_list<FormulaArgument> arguments) const;
  CudaKernel evaluate_, sum_;
};

/// The source of both kernels, for tests.
std::string formula_source(const std::string& formula, size_t arguments);

}  // namespace vaco
