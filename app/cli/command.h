// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

namespace vaco::cli {

/// Each subcommand has one file and one of these: it adds itself to the app, and its callback leaves the exit
/// code (0 done, 1 failed, 2 usage, 3 bad data, 130 stopped after saving). Results go to stdout, log and errors
/// to stderr.
void add_bench(CLI::App& app, int& exit_code);
void add_collect(CLI::App& app, int& exit_code);
void add_evaluate(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
void add_inspect(CLI::App& app, int& exit_code);
void add_mix(CLI::App& app, int& exit_code);
void add_params(CLI::App& app, int& exit_code);
void add_train(CLI::App& app, int& exit_code);  ///< train, resume and fork: one way to run a session
void add_demo(CLI::App& app, int& exit_code);   ///< the embedded experiment, without a window

}  // namespace vaco::cli
