// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "core/nn/mlp.h"

namespace vaco {

/// Rows of a pass over the whole dataset that go through a network at once.
inline constexpr int64_t kDatasetChunk = 4096;

/// Calls take(first row) for chunks of chunk rows (at most total) that cover all of total; the last one
/// overlaps the one before it, so that every chunk has the same size.
template <class Take>
void over_chunks(int64_t total, int64_t chunk, Take&& take) {
  for (int64_t first = 0; first < total; first += chunk) take(std::min(first, total - chunk));
}

/// Runs a network over all rows of its inputs [N, inputs], a chunk at a time: take(first row, output [copies,
/// chunk, outputs]). The tape is made when first needed.
template <class Take>
void over_dataset(const Mlp& mlp, const at::Tensor& parameters, const at::Tensor& inputs,
                  std::unique_ptr<Tape>& tape, Take&& take) {
  const int64_t rows = inputs.size(0);
  if (!tape) tape = mlp.make_tape(std::min(kDatasetChunk, rows));
  over_chunks(rows, tape->rows, [&](int64_t begin) {
    tape->input.copy_(inputs.narrow(0, begin, tape->rows));
    mlp.forward(parameters, *tape);
    take(begin, tape->output);
  });
}

}  // namespace vaco
