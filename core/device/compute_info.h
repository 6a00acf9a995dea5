// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco {

/// What the numerical libraries of this process are: for manifests and the about box.
struct ComputeInfo {
  std::string libraries;     ///< "libtorch 1.13.1, oneDNN 2.6.3, OpenBLAS 0.3.21"
  std::string device;        ///< "CPU, 2 cores (AVX-512)"
  std::string instructions;  ///< "AVX-512": products of other instruction sets round otherwise
  std::string card;          ///< "NVIDIA H100"; empty without one
  std::string blas_warning;  ///< empty, or that the reference BLAS is loaded and how to mend it
  bool cuda = false;
};
ComputeInfo compute_info();

}  // namespace vaco
