// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

namespace vaco {

/// What one product computes: C [m, n] = A [m, k] · B [k, n], row-major, with the options below.
struct GemmShape {
  int64_t m = 0, n = 0, k = 0;
  bool transpose_a = false;  ///< A is stored [k, m]
  bool transpose_b = false;  ///< B is stored [n, k]
  bool bias = false;         ///< add a row [n]
  bool relu = false;         ///< max(·, 0) at the end
  bool accumulate = false;   ///< add to what C holds
};

/// One float32 matrix product on oneDNN, prepared once and run many times without allocating.
/// An object may be used by one thread at a time; several objects of the same shape run in parallel.
class DnnlGemm {
 public:
  explicit DnnlGemm(const GemmShape& shape);
  ~DnnlGemm();
  DnnlGemm(DnnlGemm&&) noexcept;
  void run(const float* a, const float* b, float* c, const float* bias = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vaco
