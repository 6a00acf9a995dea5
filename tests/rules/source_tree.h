// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vaco::rules {

/// A file of the source tree.
struct SourceFile {
  std::string path;  ///< from the root of the tree, with forward slashes
  std::string text;  ///< empty for binary files
  uintmax_t size = 0;
};

/// An #include line.
struct Include {
  std::string path;
  int line = 0;  ///< from 1
  bool quoted = false;
};

/// Reads all files below the root, sorted by path, but not what a build, a run or an editor leaves there.
std::vector<SourceFile> read_tree(const std::filesystem::path& root);

/// The lines of a text, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);
std::vector<Include> includes_of(const SourceFile& file);

bool is_header(std::string_view path);
/// C++ or CUDA source or header.
bool is_source(std::string_view path);
bool in_folder(std::string_view path, std::string_view folder);
/// The room a file belongs to, which is its folder: "core/sim", "core/data/formats", "app/cli", "ui/plots"; all
/// of "resources" and "tests" is one room each. Empty at the root.
std::string room_of(std::string_view path);

}  // namespace vaco::rules
