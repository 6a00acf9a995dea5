// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string_view>

namespace vaco::cli {

/// A command as `vaco --help` tells of it.
struct CommandName {
  const char* name;
  const char* summary;
};
/// All commands, in that order.
inline constexpr CommandName kCommands[] = {
    {"demo", "Make the built-in hopper data, train VACO and BC on it, and compare them"},
    {"train", "Train a policy on a dataset"},
    {"resume", "Go on with a stopped or killed run, bit for bit"},
    {"fork", "Start a new run from a run's checkpoint, with other parameters or more steps"},
    {"sweep", "Run a plan: datasets x algorithms x parameters x seeds; the same call goes on where it was"},
    {"report", "Compare runs over seeds: tables (Markdown, LaTeX, CSV) and figures"},
    {"study", "Make the data of a built-in study, run its plan, and write its report; the same call goes on"},
    {"evaluate", "Roll a policy out in MuJoCo and tell its return, or estimate it from a dataset (--fqe)"},
    {"explain",
     "Say why rows of a run's data count: values, weights, alignments, what leaving them out would change"},
    {"inspect", "Say what is in datasets and what is odd about them"},
    {"collect", "Roll out policies in MuJoCo and write what they do as a dataset"},
    {"mix", "Choose whole trajectories of datasets, and write them as a new one"},
    {"repair", "Write a mended copy of a dataset, of any layout, as D4RL HDF5, and say what was done"},
    {"export", "Take policy, checkpoint or figures out of a run"},
    {"params", "List the parameters of the algorithms"},
    {"bench", "Measure how fast this machine trains, simulates and reads"},
    {"selftest", "Compare a device's training steps with the processor's"},
};
/// The command of this name, or nullptr.
const CommandName* find_command(std::string_view name);

/// Adds a command of kCommands to the app, without options yet.
CLI::App* add_command(CLI::App& app, const char* name);
/// An app with help and version, without commands.
void describe(CLI::App& app);
/// Reads the command line and runs the command on it, whose callback leaves exit_code. Gives what the program
/// ends with.
int run_command(CLI::App& app, int argc, char** argv, const int& exit_code);

}  // namespace vaco::cli
