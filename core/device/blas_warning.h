// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco {

/// What to say of the BLAS that libtorch has found: openblas is OpenBLAS's description, or empty where another
/// one is loaded; mkl whether that is Intel's. Empty when there is nothing to say.
std::string blas_warning(const std::string& openblas, bool mkl);

}  // namespace vaco
