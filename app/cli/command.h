// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string>

#include "app/cli/commands.h"
#include "core/base/readable.h"

namespace vaco::cli {

/// For seeds: refuses what is no number from 0 to 2^64 - 1. The parser itself would take -1 for the largest.
inline CLI::Validator seed_number() {
  return CLI::Validator(
      [](std::string& text) {
        uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
        return whole ? std::string()
                     : "a seed is a whole number from 0 to 18446744073709551615, not '" + text + "'";
      },
      std::string());
}
/// For numbers with a fraction: also "0,5" is understood.
inline CLI::Validator typed_number() {
  return CLI::Validator(
      [](std::string& text) {
        text = plain_number(text, false);
        return std::string();
      },
      std::string());
}
/// For numbers of rows and steps.
inline CLI::Validator row_count() {
  return CLI::Range(int64_t{1}, int64_t{1'000'000'000'000});
}
/// For numbers of rows and trajectories, which count from 0.
inline CLI::Validator row_number() {
  return CLI::Range(int64_t{0}, int64_t{1'000'000'000'000});
}

/// For sizes of pictures: "1280x720", which need not be one that a film can have.
inline CLI::Validator picture_size() {
  return CLI::Validator(
      [](std::string& text) {
        int width = 0, height = 0, used = 0;
        const bool whole = std::sscanf(text.c_str(), "%5dx%5d%n", &width, &height, &used) == 2 &&
                           static_cast<size_t>(used) == text.size() && width > 0 && height > 0;
        return whole ? std::string() : "a size is written as 1280x720, not '" + text + "'";
      },
      std::string());
}

/// Each subcommand has one file and one of these: it adds itself to the app, and its callback leaves the exit
/// code (0 done, 1 failed, 2 usage, 3 bad data, 130 stopped after saving). Results go to stdout, log and errors
/// to stderr.
void add_bench(CLI::App& app, int& exit_code);
void add_collect(CLI::App& app, int& exit_code);
void add_evaluate(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
void add_inspect(CLI::App& app, int& exit_code);
void add_mix(CLI::App& app, int& exit_code);
void add_repair(CLI::App& app, int& exit_code);
void add_params(CLI::App& app, int& exit_code);
void add_selftest(CLI::App& app, int& exit_code);
void add_train(CLI::App& app, int& exit_code);  ///< train, resume and fork: one way to run a session
void add_demo(CLI::App& app, int& exit_code);   ///< the embedded experiment, without a window

}  // namespace vaco::cli
