// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vaco {

/// First thing in main(): makes sure that the numerical libraries find OMP_WAIT_POLICY=passive,
/// OMP_NUM_THREADS=1 and OPENBLAS_NUM_THREADS=1 unless the user has set them. They read these while they are
/// loaded, before main() runs, so the program starts itself once more with the same arguments when one was
/// missing. Without it two OpenMP threads on a busy machine are many times slower than one. Returns if nothing
/// was missing or starting again is impossible.
void prepare_process_environment(char** argv);

}  // namespace vaco
