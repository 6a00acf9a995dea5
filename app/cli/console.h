// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/result.h"

namespace vaco::cli {

/// From here on SIGINT and SIGTERM ask for a stop (see stop_was_asked); a second one ends the process at once.
/// The other kStopSignals ask for it too, as often as they come. One that came before is delivered.
void catch_signals();
/// For a command that has nothing to save and does not look whether a stop is asked for: a signal ends the
/// process, also one that has come by now.
void end_on_signals();
bool stop_was_asked();

/// The words this process was started with, for manifests.
std::vector<std::string> process_arguments();

/// --set: "KEY=VALUE" texts as pairs.
Result<std::vector<std::pair<std::string, std::string>>> parse_sets(const std::vector<std::string>& texts);

/// "vaco train: <message>" on stderr; gives the exit code.
int report_error(const std::string& command, const Error& error);

/// "warning: <message>" for each, on stderr.
void print_warnings(const std::vector<std::string>& messages);

/// The result for people, on stdout.
void print_result(const Json& result);
/// "next: <command>", after an empty line, on stdout.
void print_next(const std::string& command);

/// "vaco, bc, ...": the keys of all algorithms, for help texts.
std::string algorithm_keys();

/// "86.2 ± 3.1"; the value alone where the spread is null or NaN, "–" where the value is.
std::string with_spread(const Json& value, const Json& spread, int digits = 1);
/// The same for values under a key (last or best) of a result.
std::string score_text(const Json& result, const std::string& value, const std::string& spread,
                       const std::string& which);
/// "–" for null and NaN.
std::string number_text(const Json& value, const char* format);
/// "3:07" or "1:02:07"; "–" when negative.
std::string clock_text(double seconds);

}  // namespace vaco::cli
