// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vaco {

/// Makes sure that the numerical libraries find OMP_WAIT_POLICY=passive, OMP_NUM_THREADS=1 and
/// OPENBLAS_NUM_THREADS=1 unless the user has set them. They read these while they are set up, before main()
/// runs, so where one is missing the process starts itself once more with the same arguments. Without it two
/// OpenMP threads on a busy machine are many times slower than one.
///
/// Also opens standard streams that the process was started without, so that no file of a run gets the number
/// of one, and with it the messages.
///
/// A program that calls this first thing in main() has it done earlier: before any library is set up, which
/// takes most of the time of a start. The call itself then finds nothing missing. Returns also if starting
/// again is impossible.
void prepare_process_environment(char** argv);

}  // namespace vaco
