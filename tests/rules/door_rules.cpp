// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "tests/rules/rules.h"

namespace vaco::rules {
namespace {

/// Calls that have a twin with an error code as its last argument.
constexpr std::array kThrowing = {"absolute",
                                  "canonical",
                                  "copy",
                                  "copy_file",
                                  "copy_symlink",
                                  "create_directories",
                                  "create_directory",
                                  "create_hard_link",
                                  "create_symlink",
                                  "create_directory_symlink",
                                  "current_path",
                                  "equivalent",
                                  "exists",
                                  "file_size",
                                  "hard_link_count",
                                  "is_block_file",
                                  "is_character_file",
                                  "is_directory",
                                  "is_empty",
                                  "is_fifo",
                                  "is_other",
                                  "is_regular_file",
                                  "is_socket",
                                  "is_symlink",
                                  "last_write_time",
                                  "permissions",
                                  "proximate",
                                  "read_symlink",
                                  "relative",
                                  "remove",
                                  "remove_all",
                                  "rename",
                                  "resize_file",
                                  "space",
                                  "status",
                                  "symlink_status",
                                  "temp_directory_path",
                                  "weakly_canonical"};
/// Their ++ throws, whatever they were made with.
constexpr std::array kIterators = {"directory_iterator", "recursive_directory_iterator"};
/// Of a directory_entry, without arguments.
constexpr std::array kOfEntries = {"is_regular_file", "is_directory", "is_symlink", "file_size",
                                   "last_write_time"};

bool in_product(std::string_view path) {
  return is_source(path) && (in_folder(path, "core") || in_folder(path, "ui") || in_folder(path, "app"));
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string word_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_word_character(text[end])) ++end;
  return std::string(text.substr(at, end - at));
}

/// The text with blanks in place of comments.
std::string without_comments(std::string text) {
  for (size_t at = text.find("//"); at != std::string::npos; at = text.find("//", at))
    for (; at < text.size() && text[at] != '\n'; ++at) text[at] = ' ';
  return text;
}

/// The names of a file's error codes.
std::set<std::string> error_codes(const std::string& text) {
  static const std::string type = "std::error_code";
  std::set<std::string> names;
  for (size_t at = text.find(type); at != std::string::npos; at = text.find(type, at)) {
    at += type.size();
    while (at < text.size() && (std::isspace(static_cast<unsigned char>(text[at])) || text[at] == '&')) ++at;
    while (true) {
      const std::string name = word_at(text, at);
      if (!name.empty()) names.insert(name);
      at += name.size();
      if (text.compare(at, 2, ", ") != 0) break;
      at += 2;
    }
  }
  return names;
}

/// The last argument of the call whose "(" is there; empty where there is none.
std::string last_argument(std::string_view text, size_t open) {
  int depth = 0;
  size_t begin = open + 1;
  for (size_t at = open; at < text.size(); ++at) {
    if (text[at] == '(' || text[at] == '{') ++depth;
    if (text[at] == ',' && depth == 1) begin = at + 1;
    if ((text[at] == ')' || text[at] == '}') && --depth == 0) {
      std::string argument(text.substr(begin, at - begin));
      std::erase_if(argument, [](unsigned char c) { return std::isspace(c) != 0; });
      return argument;
    }
  }
  return {};
}

std::string place(const SourceFile& file, const std::string& text, size_t at) {
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  return file.path + ":" + std::to_string(line) + ": ";
}

template <class Names>
bool is_one_of(const Names& names, const std::string& word) {
  return std::ranges::find(names, word) != names.end();
}

}  // namespace

Violations filesystem_without_throwing(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (!in_product(file.path)) continue;
    const std::string text = without_comments(file.text);
    const auto codes = error_codes(text);
    for (const std::string prefix : {"fs::", "filesystem::"}) {
      for (size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
        const size_t start = at;
        at += prefix.size();
        if (start > 0 && is_word_character(text[start - 1])) continue;
        const std::string word = word_at(text, at);
        if (is_one_of(kIterators, word) && file.path != "core/base/files.cpp")
          found.push_back(place(file, text, start) + word + " throws when it goes on: use entries_of()");
        const size_t open = at + word.size();
        if (is_one_of(kThrowing, word) && open < text.size() && text[open] == '(' &&
            !codes.contains(last_argument(text, open)))
          found.push_back(place(file, text, start) + word + " throws: give it a std::error_code last");
      }
    }
    for (const std::string word : kOfEntries)
      for (size_t at = text.find("." + word + "()"); at != std::string::npos;
           at = text.find("." + word + "()", at + 1))
        found.push_back(place(file, text, at) + word + " of an entry throws: use the functions of files.h");
  }
  return found;
}

Violations one_count_of_processors(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (!in_product(file.path) || file.path == "core/base/threads.cpp") continue;
    const std::string text = without_comments(file.text);
    for (const std::string call : {"hardware_concurrency", "sysconf(_SC_NPROCESSORS", "get_nprocs"})
      for (size_t at = text.find(call); at != std::string::npos; at = text.find(call, at + 1))
        found.push_back(place(file, text, at) + "use usable_processors() or threads_or_all()");
  }
  return found;
}

}  // namespace vaco::rules
