// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace vaco {

/// What one product computes: C [m, n] = A [m, k] · B [k, n], row-major, with the options below.
struct GemmShape {
  int64_t m = 0, n = 0, k = 0;
  bool transpose_a = false;  ///< A is stored [k, m]
  bool transpose_b = false;  ///< B is stored [n, k]
  bool bias = false;         ///< add a row [n]
  bool relu = false;         ///< max(·, 0) at the end
  bool accumulate = false;   ///< add to what C holds
  bool bfloat16 = false;     ///< A and B are bfloat16; C and bias, and the sums, are float32 all the same
};

/// Whether oneDNN has fast bfloat16 products on this processor (AVX-512 BF16 or AMX); elsewhere it would
/// emulate them.
bool has_fast_bfloat16();

/// "oneDNN 2.6.3"
std::string dnnl_version_name();

/// The upper half of a float32, as oneDNN and the processors know it.
using Bfloat16 = uint16_t;

/// One matrix product on oneDNN, prepared once and run many times without allocating.
/// An object may be used by one thread at a time; several objects of the same shape run in parallel. Throws
/// std::exception where oneDNN fails, as when there is no memory.
class DnnlGemm {
 public:
  explicit DnnlGemm(const GemmShape& shape);
  ~DnnlGemm();
  DnnlGemm(DnnlGemm&&) noexcept;
  void run(const float* a, const float* b, float* c, const float* bias = nullptr) { execute(a, b, c, bias); }
  void run(const Bfloat16* a, const Bfloat16* b, float* c, const float* bias = nullptr) {
    execute(a, b, c, bias);
  }

 private:
  void execute(const void* a, const void* b, float* c, const float* bias);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vaco
