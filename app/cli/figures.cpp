// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/figures.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>
#include <thread>
#include <utility>

#include "app/cli/console.h"
#include "core/base/files.h"
#include "core/base/installed_programs.h"

extern char** environ;

namespace vaco::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kChildPoll{10};

Error not_there(const std::string& why) {
  return {ErrorCode::unavailable, "figures and films are made by the program vaco-workbench, which " + why +
                                      "; build it (VACO_BUILD_GUI=ON) or install it beside vaco"};
}

Result<fs::path> find_workbench() {
  if (auto found = program_beside("vaco-workbench")) return found;
  return not_there("is not beside vaco");
}

/// The environment of the child: ours, but drawing without a display.
Result<std::vector<std::string>> child_environment() {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry; ++entry)
    if (!std::string_view(*entry).starts_with("QT_QPA_PLATFORM=")) entries.emplace_back(*entry);
  entries.emplace_back("QT_QPA_PLATFORM=offscreen");
  if (!std::getenv("XDG_RUNTIME_DIR")) {  // Qt would take the same, and say so
    const auto folder = temporary_folder();
    if (!folder) return folder.error();
    entries.push_back("XDG_RUNTIME_DIR=" + (*folder / ("runtime-" + std::to_string(::getuid()))).string());
  }
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

using FileTimes = std::map<fs::path, fs::file_time_type>;
FileTimes files_in(const fs::path& folder) {
  FileTimes times;
  for (const auto& entry : entries_of(folder)) {
    std::error_code status;
    const auto time = fs::last_write_time(entry, status);
    if (!status && is_file(entry)) times[entry] = time;
  }
  return times;
}

/// Runs vaco-workbench with these words and waits for its end. doing: "the figures of the run were drawn".
Result<void> run_workbench(std::vector<std::string> words, const std::string& doing) {
  const auto program = find_workbench();
  if (!program) return program.error();
  words.insert(words.begin(), program->string());
  auto environment = child_environment();
  if (!environment) return environment.error();
  // What the child prints is no result of ours: whoever asked says what was written.
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  // A group of its own: Ctrl+C goes to all of ours, and with our TERM after it the child would end unsaved.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, program->c_str(), &actions, &attributes, pointers(words).data(),
                                  pointers(*environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return not_there(std::string("could not be started: ") + std::strerror(error));
  int status = 0;
  bool told = false;
  for (pid_t ended = 0; ended != child;) {
    ended = ::waitpid(child, &status, WNOHANG);
    if (ended < 0 && errno != EINTR)
      return Error{ErrorCode::failed, "lost sight of vaco-workbench: " + last_system_error()};
    if (stop_was_asked() && !std::exchange(told, true)) ::kill(child, SIGTERM);
    if (ended != child) std::this_thread::sleep_for(kChildPoll);
  }
  if (told) return Error{ErrorCode::stopped, "stopped while " + doing};
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return Error{ErrorCode::failed, "vaco-workbench failed while " + doing + " (its messages are above)"};
  return {};
}

/// what: the words that say which figures; subject: for the message that there are none.
Result<std::vector<fs::path>> draw(const std::vector<std::string>& what, const std::string& subject,
                                   const fs::path& out, const std::string& formats) {
  if (const auto program = find_workbench(); !program) return program.error();
  if (auto made = make_folder(out); !made) return made.error();
  const FileTimes before = files_in(out);
  auto words = what;
  words.insert(words.end(), {"--out", out.string(), "--format", formats});
  if (auto drawn = run_workbench(words, "the figures of " + subject + " were drawn"); !drawn)
    return drawn.error();
  std::vector<fs::path> made;
  for (const auto& [file, time] : files_in(out)) {
    const auto known = before.find(file);
    if (known == before.end() || known->second != time) made.push_back(file);
  }
  return made;
}

}  // namespace

Result<void> check_figure_formats(const std::string& formats) {
  constexpr std::array kKnown{"pdf", "svg", "png", "csv"};
  std::istringstream list(formats);
  for (std::string name; std::getline(list, name, ',');)
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end())
      return Error{ErrorCode::usage,
                   "--format takes pdf, svg, png and csv with commas between them, not '" + formats + "'"};
  if (formats.empty()) return Error{ErrorCode::usage, "--format names no format: pdf, svg, png or csv"};
  return {};
}

Result<std::vector<fs::path>> export_figures(const fs::path& run, const fs::path& out,
                                             const std::string& formats) {
  return draw({"--export-figures", run.string()}, run.string(), out, formats);
}

Result<std::vector<fs::path>> report_figures(const std::vector<fs::path>& runs, bool count_unfinished,
                                             const fs::path& out, const std::string& formats) {
  std::vector<std::string> words{"--report-figures"};
  if (count_unfinished) words.emplace_back("--count-unfinished");
  for (const auto& run : runs) words.push_back(run.string());
  return draw(words, "the report", out, formats);
}

Result<void> film_policy(const FilmedPolicy& filmed, const fs::path& out) {
  std::vector<std::string> words{"--film",      out.string(), "--policy",
                                 filmed.policy, "--seed",     std::to_string(filmed.seed),
                                 "--film-size", filmed.size};
  if (!filmed.environment.empty()) words.insert(words.end(), {"--environment", filmed.environment});
  if (!filmed.physics.empty()) words.insert(words.end(), {"--physics", filmed.physics});
  if (filmed.last) words.emplace_back("--last");
  return run_workbench(words, "the film was made");
}

int tell_without_figures(const std::string& command, const Error& error) {
  if (error.code != ErrorCode::unavailable) return report_error(command, error);
  std::fprintf(stderr, "note: no figures: %s\n", error.message.c_str());
  return 0;
}

}  // namespace vaco::cli
