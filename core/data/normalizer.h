// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

namespace vaco {

/// Whether a column of numbers between these two is the same in all rows: it spans at most 1e-6, or a millionth
/// of its size, which is what float32 makes of one number.
bool is_constant(float lowest, float highest);

/// What becomes of a column that is constant in the data, which then say nothing about its unit. as_is: scale
/// 1, so that a live value that differs arrives as its difference; magnified: std + 1e-3 as for others, which
/// multiplies that difference by a thousand (runs begun by older programs).
enum class ConstantColumns { as_is, magnified };
Normalizer fit_normalizer(const Dataset& dataset, ConstantColumns constant);

}  // namespace vaco
