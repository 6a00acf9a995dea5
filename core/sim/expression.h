// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/rng.h"

namespace vaco {

/// What an expression may name, and how many numbers each is.
struct ExpressionName {
  std::string name;  ///< "qpos", "site.tip"
  size_t size = 1;
};

/// What the names stand for while an expression is worked out.
struct ExpressionValues {
  std::function<std::span<const double>(size_t name)> at;  ///< by place in the list of names
  Rng* rng = nullptr;                                      ///< for uniform() and normal()
  size_t draws = 1;                                        ///< how many numbers those give
};

/// A formula over vectors, as tasks of users are written in: numbers, names, slices (qpos[2], qpos[1:],
/// qvel[:3]),
/// + - * / ^, comparisons, && || !, and functions that work number by number (abs, sqrt, exp, log, sin, cos,
/// tan, tanh, floor, atan2, min, max, clip) or over all of a vector (sum, norm, all, any, finite). A single
/// number meets every number of a vector; other sizes have to be equal, which is checked when the formula is
/// parsed. True is 1. uniform(low, high) and normal() draw as many numbers as their place asks for. Immutable:
/// any thread.
class Expression {
 public:
  /// A usage error says what is wrong and at which column, counted from 1.
  static Result<Expression> parse(std::string_view text, std::span<const ExpressionName> names,
                                  size_t draws = 1);
  /// Numbers that it gives.
  [[nodiscard]] size_t size() const { return nodes_.back().size; }
  [[nodiscard]] std::vector<double> evaluate(const ExpressionValues& values) const;

 private:
  friend class ExpressionParser;
  enum class Kind { number, name, call };
  struct Node {
    Kind kind = Kind::number;
    double number = 0.0;
    size_t name = 0, begin = 0;  // of a name: its place, and the slice's first number
    size_t function = 0;         // of a call: its place in the table
    size_t size = 1;
    std::vector<size_t> arguments;  // nodes before this one
  };
  [[nodiscard]] std::vector<double> evaluate(size_t node, const ExpressionValues& values) const;
  std::vector<Node> nodes_;  // the last one is the whole
};

}  // namespace vaco
