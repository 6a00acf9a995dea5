// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/algorithm_entry.h"

namespace vaco {

/// Value-aligned behavior cloning via bi-level optimization (Jiang, Gao, Zhang, Dou, Deng; ICLR 2025).
/// Phases: value learning; optional warm-up by plain cloning; the bi-level loop; optional final weighted
/// cloning.
AlgorithmEntry vaco_entry();

}  // namespace vaco
