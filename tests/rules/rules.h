// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/rules/source_tree.h"

namespace vaco::rules {

/// What breaks a rule: one sentence each, beginning with "path:line: ".
using Violations = std::vector<std::string>;

/// Each third-party library is included only by the rooms that own it.
Violations libraries_in_their_rooms(const std::vector<SourceFile>& files);
/// Every arrow between rooms is one of those that the house has; own headers are named from the root.
Violations one_way_dependencies(const std::vector<SourceFile>& files);
/// From no file outside the rooms that learn is a header of libtorch reachable, by however many steps.
Violations torch_out_of_reach(const std::vector<SourceFile>& files);

/// What can fail in the file system says so by an error code: no calls of std::filesystem that throw, and no
/// iterators over folders but in entries_of() (core/base/files.cpp), as their ++ throws.
Violations filesystem_without_throwing(const std::vector<SourceFile>& files);
/// The machine is asked how many threads may run in one place, usable_processors() (core/base/threads.h).
Violations one_count_of_processors(const std::vector<SourceFile>& files);
/// No source of more than 400 lines.
Violations short_files(const std::vector<SourceFile>& files);
/// Sources, CMake files and scripts name the license first (scripts: after the interpreter).
Violations license_lines(const std::vector<SourceFile>& files);
/// Every header guards itself with #pragma once.
Violations guarded_headers(const std::vector<SourceFile>& files);
/// No words that mark unfinished work.
Violations no_unfinished_work(const std::vector<SourceFile>& files);
/// No absolute paths of the machine a file was written on.
Violations no_machine_paths(const std::vector<SourceFile>& files);
/// No file over 2 MB.
Violations small_files(const std::vector<SourceFile>& files);
/// Every library of core/ has tests in the folder of its name, and every folder of tests stands for a room.
Violations mirrored_tests(const std::vector<SourceFile>& files);
/// installer/packages.txt names every package once and says why.
Violations explained_packages(const std::vector<SourceFile>& files);

}  // namespace vaco::rules
