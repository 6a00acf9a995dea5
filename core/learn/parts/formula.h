// SPDX-License-Identifier: GPL-3.0-or-later
// The formulas between a step's matrix products: a handful of operations on a few hundred numbers each. Called
// one by one, torch's operations cost more there than the numbers do.
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "core/learn/parts/formula_kernel.h"
#include "core/learn/parts/formula_sequence.h"

namespace vaco {

/// Whether formulas with this result run as loops of our own: float32 in the host's memory. Not in a step that
/// is observed (observe_steps), so that what a card would be asked for can be seen.
[[nodiscard]] bool runs_as_loop(const at::Tensor& result);

// What a formula may say of numbers and of tensors alike, besides the operators; NaN stays NaN.
inline float smaller(float a, float b) {
  return a < b || a != a ? a : b;
}
inline float at_least(float x, float low) {
  return x < low ? low : x;
}
inline float at_most(float x, float high) {
  return x > high ? high : x;
}
/// Whether formulas with this result run as kernels of our own: float32 on a card.
[[nodiscard]] bool runs_as_kernel(const at::Tensor& result);

at::Tensor smaller(const at::Tensor& a, const at::Tensor& b);
at::Tensor at_least(const at::Tensor& x, double low);
at::Tensor at_most(const at::Tensor& x, double high);
at::Tensor at_least(const at::Tensor& x, const at::Tensor& low);
at::Tensor at_most(const at::Tensor& x, const at::Tensor& high);

namespace formula_detail {

/// The sizes of a result of up to three dimensions, filled up with ones from the left.
using Box = std::array<int64_t, 3>;
Box box_of(const at::Tensor& tensor);

struct Constant {
  static constexpr bool flat = true;
  float value;
  [[nodiscard]] float operator[](int64_t) const { return value; }
  [[nodiscard]] float at(int64_t, int64_t, int64_t) const { return value; }
};

/// A tensor's numbers as an element of the box finds them.
struct Numbers {
  bool flat;  ///< one after the other, as many as the box has
  float* data;
  Box steps;  ///< 0 where the tensor is repeated
  [[nodiscard]] float& operator[](int64_t i) const { return data[i]; }
  [[nodiscard]] float& at(int64_t a, int64_t b, int64_t c) const {
    return data[a * steps[0] + b * steps[1] + c * steps[2]];
  }
};

inline Constant within(const Box&, double value) {
  return {static_cast<float>(value)};
}
/// The tensor must be float32 on the host, and its sizes those of the box or broadcast to them.
Numbers within(const Box& box, const at::Tensor& tensor);

template <class Take, class... Operands>
void over(const Box& box, const Take& take, const Operands&... operands) {
  if ((operands.flat && ...)) {
    const int64_t count = box[0] * box[1] * box[2];
    for (int64_t i = 0; i < count; ++i) take(operands[i]...);
    return;
  }
  for (int64_t a = 0; a < box[0]; ++a)
    for (int64_t b = 0; b < box[1]; ++b)
      for (int64_t c = 0; c < box[2]; ++c) take(operands.at(a, b, c)...);
}

}  // namespace formula_detail

namespace formula_detail {

/// A formula as text, by letting it work on symbols.
template <class Formula, size_t... I>
std::string text_of(const Formula& formula, std::index_sequence<I...>) {
  return Symbol(formula(Symbol::argument(I)...)).text();
}
/// The kernels of one formula: its type is one of its own, so that this is made once.
template <class Formula, size_t count>
const FormulaKernels& kernels_of(const Formula& formula) {
  static const FormulaKernels kernels(text_of(formula, std::make_index_sequence<count>()), count);
  return kernels;
}

}  // namespace formula_detail

/// result = formula(arguments...), element by element. Arguments are tensors (of the result's sizes or
/// broadcast to them; the result itself may be one) and double constants. The formula is written once, as a
/// generic lambda that must make sense of tensors and of floats:
///   evaluate(gradient, [](auto q, auto y, auto c) { return (q - y) * c; }, values, target, 2.0 / batch);
template <class Formula, class... Arguments>
void evaluate(const at::Tensor& result, const Formula& formula, const Arguments&... arguments) {
  if (runs_as_kernel(result)) {
    formula_detail::kernels_of<Formula, sizeof...(Arguments)>(formula).evaluate(result, {arguments...});
    return;
  }
  if (!runs_as_loop(result)) {
    in_sequence([=] { result.copy_(formula(arguments...)); });
    return;
  }
  const auto box = formula_detail::box_of(result);
  formula_detail::over(
      box, [&](float& to, const auto&... values) { to = static_cast<float>(formula(values...)); },
      formula_detail::within(box, result), formula_detail::within(box, arguments)...);
}

/// result = values, which may be broadcast.
inline void assign(const at::Tensor& result, const at::Tensor& values) {
  evaluate(
      result, [](auto value) { return value; }, values);
}

/// result [] = Σ formula(first, arguments...) over the elements of first, to which the other arguments
/// broadcast. Summed in double precision on the host.
template <class Formula, class... Arguments>
void evaluate_sum(const at::Tensor& result, const Formula& formula, const at::Tensor& first,
                  const Arguments&... arguments) {
  if (runs_as_kernel(result)) {
    formula_detail::kernels_of<Formula, 1 + sizeof...(Arguments)>(formula).sum(result, first,
                                                                               {first, arguments...});
    return;
  }
  if (!runs_as_loop(result)) {
    in_sequence([=] { result.copy_(formula(first, arguments...).sum()); });
    return;
  }
  const auto box = formula_detail::box_of(first);
  double sum = 0.0;
  formula_detail::over(
      box, [&](const auto&... values) { sum += static_cast<double>(formula(values...)); },
      formula_detail::within(box, first), formula_detail::within(box, arguments)...);
  *result.data_ptr<float>() = static_cast<float>(sum);
}

/// sum [] += share * Σ formula(first, arguments...), by way of term [].
template <class Formula, class... Arguments>
void accumulate_sum(const at::Tensor& sum, const at::Tensor& term, double share, const Formula& formula,
                    const at::Tensor& first, const Arguments&... arguments) {
  if (runs_as_kernel(sum)) {
    formula_detail::kernels_of<Formula, 1 + sizeof...(Arguments)>(formula).accumulate(sum, share, first,
                                                                                      {first, arguments...});
    return;
  }
  evaluate_sum(term, formula, first, arguments...);
  evaluate(
      sum, [](auto before, auto more, auto factor) { return before + more * factor; }, sum, term, share);
}

// What formulas have no words for: on the processor torch's operation of the name, on a card formulas all the
// same. result may be the argument.
void assign_tanh(const at::Tensor& result, const at::Tensor& x);
void assign_sigmoid(const at::Tensor& result, const at::Tensor& x);
/// result = min(e^(x · scale), highest).
void assign_clipped_exp(const at::Tensor& result, const at::Tensor& x, double scale, double highest);
/// result [] = the mean of all elements.
void assign_mean(const at::Tensor& result, const at::Tensor& x);
/// result [] = Σ|x|, and x may be overwritten.
void assign_absolute_sum(const at::Tensor& result, at::Tensor& x);
at::Tensor mean_of(const at::Tensor& x);           ///< []
at::Tensor mean_absolute_of(const at::Tensor& x);  ///< []

/// out [B, n] = the rows [B] (int64) of table [N, n].
void gather_rows(const at::Tensor& table, const at::Tensor& rows, at::Tensor& out);

/// A table [N, n] and where its rows go [B, n].
struct Gathering {
  const at::Tensor& table;
  at::Tensor& out;
};
/// The same for up to six tables: one launch on a card.
void gather_rows(const at::Tensor& rows, std::initializer_list<Gathering> tables);

}  // namespace vaco
