// SPDX-License-Identifier: GPL-3.0-or-later
// Formulas that follow each other, on a card as one launch: between two products of matrices a step has a
// handful of them on a few hundred numbers each, and there a launch costs more than what it does.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/learn/parts/formula_kernel.h"

namespace vaco {

/// From its making to its end this thread's formulas on a card are gathered, and launched at the end or at
/// launch(); those in torch's operations wait as well, so that whatever takes a result too early is wrong on
/// every device. Within another sequence: nothing, so that the formulas become part of that one.
class FormulaSequence {
 public:
  FormulaSequence();
  ~FormulaSequence();
  FormulaSequence(const FormulaSequence&) = delete;
  FormulaSequence& operator=(const FormulaSequence&) = delete;
  /// The one that this thread gathers into, or null.
  static FormulaSequence* current();
  void add(FormulaCall call) { calls_.push_back(std::move(call)); }
  void add(std::function<void()> operations) { operations_.push_back(std::move(operations)); }
  /// Throws what a launch throws.
  void launch();

 private:
  std::vector<FormulaCall> calls_;
  std::vector<std::function<void()>> operations_;
  bool outermost_;
};

/// Calls formulas(), whose formulas (formula.h) become one launch on a card. Nothing else may compute in there,
/// unless finish_formulas() came before it.
template <class Formulas>
void together(const Formulas& formulas) {
  FormulaSequence sequence;
  formulas();
  sequence.launch();
}
/// Launches what was gathered so far, so that other operations may use it.
void finish_formulas();
/// Calls operations, a formula in torch's words; in a sequence, at its end.
void in_sequence(std::function<void()> operations);

/// The source of a sequence's kernel "sequence", whose arguments are the results and arguments of all calls in
/// their order; for tests.
std::string sequence_source(const std::vector<FormulaCall>& calls);

}  // namespace vaco
