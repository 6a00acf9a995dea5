// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <signal.h>

namespace vaco {

/// What asks a process to end: a person's two, and what terminals and batch systems announce an end by.
inline constexpr int kStopSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU};

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
///
/// From then on kStopSignals wait: one that comes while libraries are set up must find its handler.
void prepare_process_environment(char** argv);

/// The set of them.
inline sigset_t stop_signal_set() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : kStopSignals) ::sigaddset(&set, signal);
  return set;
}

/// Delivers the kStopSignals that wait and all later ones, in the calling thread and those it starts. For
/// main(), once their handlers stand. Stands here, as a program that is linked with the other function is
/// started anew.
inline void let_stop_signals_through() {
  const sigset_t set = stop_signal_set();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace vaco
