// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "tests/rules/rules.h"

namespace vaco::rules {
namespace {

constexpr size_t kMaxLines = 400;
constexpr uintmax_t kMaxBytes = 2'000'000;
constexpr std::string_view kLicense = "SPDX-License-Identifier: GPL-3.0-or-later";

std::string at(const SourceFile& file, size_t line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Where the word stands alone in the text, or npos.
size_t find_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word_character(text[at - 1]);
    const bool ends = at + word.size() == text.size() || !is_word_character(text[at + word.size()]);
    if (starts && ends) return at;
  }
  return std::string_view::npos;
}

/// Whether an absolute path below the folder stands in the line ("/folder/x", but not "some/folder/x").
bool has_path_below(std::string_view line, std::string_view folder) {
  for (size_t at = line.find(folder); at != std::string_view::npos; at = line.find(folder, at + 1)) {
    const bool absolute = at == 0 || (!is_word_character(line[at - 1]) && line[at - 1] != '.' &&
                                      line[at - 1] != '}' && line[at - 1] != '-');
    const size_t after = at + folder.size();
    if (absolute && after < line.size() && is_word_character(line[after])) return true;
  }
  return false;
}

bool is_cmake(std::string_view path) {
  return path.ends_with(".cmake") || path.ends_with("CMakeLists.txt");
}

}  // namespace

Violations short_files(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    const size_t lines = lines_of(file.text).size();
    if (is_source(file.path) && lines > kMaxLines) {
      found.push_back(at(file, lines) + "more than " + std::to_string(kMaxLines) +
                      " lines: split it by purpose");
    }
  }
  return found;
}

Violations license_lines(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    const std::vector<std::string_view> lines = lines_of(file.text);
    const bool script = !lines.empty() && lines[0].starts_with("#!");
    if (!is_source(file.path) && !is_cmake(file.path) && !script) continue;
    const std::string expected = (is_source(file.path) ? "// " : "# ") + std::string(kLicense);
    const size_t line = script ? 1 : 0;
    if (lines.size() <= line || lines[line] != expected) {
      found.push_back(at(file, line + 1) + "this line must be: " + expected);
    }
  }
  return found;
}

Violations guarded_headers(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (!is_header(file.path)) continue;
    const std::vector<std::string_view> lines = lines_of(file.text);
    if (std::ranges::count(lines, std::string_view("#pragma once")) == 0) {
      found.push_back(at(file, 1) + "a header without #pragma once");
    }
  }
  return found;
}

Violations no_unfinished_work(const std::vector<SourceFile>& files) {
  // Written in two parts, so that this file does not break its own rule.
  static const std::array<std::string, 3> words = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                                   std::string("XX") + "X"};
  Violations found;
  for (const SourceFile& file : files) {
    size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      for (const std::string& word : words) {
        if (find_word(line, word) != std::string_view::npos) found.push_back(at(file, number) + word);
      }
    }
  }
  return found;
}

Violations no_machine_paths(const std::vector<SourceFile>& files) {
  static const std::array<std::string, 5> folders = {std::string("/") + "work/", std::string("/") + "root/",
                                                     std::string("/") + "home/", std::string("/") + "farm/",
                                                     std::string("/") + "tmp/"};
  Violations found;
  for (const SourceFile& file : files) {
    size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      for (const std::string& folder : folders) {
        if (has_path_below(line, folder)) found.push_back(at(file, number) + "a path below " + folder);
      }
    }
  }
  return found;
}

Violations small_files(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (file.size > kMaxBytes) found.push_back(at(file, 1) + std::to_string(file.size) + " bytes are too many");
  }
  return found;
}

Violations mirrored_tests(const std::vector<SourceFile>& files) {
  std::set<std::string> rooms, tested;
  for (const SourceFile& file : files) {
    if (!file.path.ends_with("/CMakeLists.txt")) continue;
    const std::string folder = file.path.substr(0, file.path.rfind('/'));
    if (in_folder(folder, "core")) rooms.insert(folder.substr(5));
    if (in_folder(folder, "tests")) tested.insert(folder.substr(6));
  }
  Violations found;
  for (const std::string& room : rooms) {
    if (!tested.contains(room)) found.push_back("core/" + room + ":1: has no tests/" + room);
  }
  // Rooms that are not libraries of core/.
  rooms.insert({"ui", "ui/bridge", "cli", "cli/slurm", "cli/interchange", "rules", "installer", "support"});
  for (const std::string& test : tested) {
    if (!rooms.contains(test)) found.push_back("tests/" + test + ":1: stands for no room");
  }
  return found;
}

Violations explained_packages(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (file.path != "installer/packages.txt") continue;
    std::set<std::string_view> named;
    size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      if (line.empty() || line[0] == '#') continue;
      const std::string_view name = line.substr(0, line.find_first_of(" #"));
      const size_t reason = line.find("# ");
      if (!named.insert(name).second) found.push_back(at(file, number) + std::string(name) + " is named twice");
      if (reason == std::string_view::npos || reason + 2 == line.size()) {
        found.push_back(at(file, number) + std::string(name) + " has no reason");
      }
    }
  }
  return found;
}

}  // namespace vaco::rules
