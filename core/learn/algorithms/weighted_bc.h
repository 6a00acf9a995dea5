// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"

namespace vaco {

/// Cloning with weights that a formula gives and nothing learns: what VACO's learned weights are compared with.
///   J(φ) = E w ‖π_φ(s) − a‖²,  w of mean 1 over the dataset, computed once after value learning
///   (ValueLearning)
/// from A = min Q̂(s, a) − V(s), or from x = (min Q̂(s, a) − q05) / (q95 − q05) cut to [0, 1], where q05 and q95
/// are Q̂'s quantiles over the dataset, or from the trajectory's return R:
///   advantage            w ∝ min(exp(β A), clip)
///   return               w ∝ exp((R − R_max) / (T (R_max − R_min)))      (needs no values: that phase is left
///   out) reciprocal_value     w ∝ 1 / (ε + x)         the reciprocal taken literally: low values weigh most
///   reciprocal_shortfall w ∝ 1 / (ε + 1 − x)     high values weigh most
/// The quantiles and ε make the reciprocals positive and bounded whatever Q's sign and scale are. With weights
/// per trajectory, each sample gets the mean over its trajectory, as VACO's default does.
AlgorithmEntry weighted_bc_entry();

}  // namespace vaco
