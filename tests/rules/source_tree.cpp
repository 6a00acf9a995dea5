// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/rules/source_tree.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace vaco::rules {
namespace fs = std::filesystem;

namespace {

bool is_left_out(const std::string& name) {
  return name == ".git" || name == ".cache" || name == ".vscode" || name == ".idea" || name == "runs" ||
         name.starts_with("build");
}

std::string_view trim_left(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

}  // namespace

std::vector<SourceFile> read_tree(const fs::path& root) {
  std::vector<SourceFile> files;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
    // In a linked worktree .git is a file.
    if (is_left_out(it->path().filename().string())) {
      if (it->is_directory()) it.disable_recursion_pending();
      continue;
    }
    if (!it->is_regular_file()) continue;
    SourceFile file;
    file.path = fs::relative(it->path(), root).generic_string();
    file.size = it->file_size();
    std::ifstream in(it->path(), std::ios::binary);
    file.text.assign(std::istreambuf_iterator<char>(in), {});
    if (file.text.find('\0') != std::string::npos) file.text.clear();
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  int number = 0;
  for (std::string_view line : lines_of(file.text)) {
    ++number;
    line = trim_left(line);
    if (!line.starts_with('#')) continue;
    line = trim_left(line.substr(1));
    if (!line.starts_with("include")) continue;
    line = trim_left(line.substr(7));
    if (line.empty() || (line[0] != '"' && line[0] != '<')) continue;
    const bool quoted = line[0] == '"';
    const size_t end = line.find(quoted ? '"' : '>', 1);
    if (end != std::string_view::npos)
      includes.push_back({std::string(line.substr(1, end - 1)), number, quoted});
  }
  return includes;
}

bool is_header(std::string_view path) {
  return path.ends_with(".h");
}

bool is_source(std::string_view path) {
  return is_header(path) || path.ends_with(".cpp") || path.ends_with(".cu") || path.ends_with(".cuh") ||
         path.ends_with(".cpp.in");
}

bool in_folder(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string room_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view folder = path.substr(0, slash);
  for (const std::string_view whole : {"tests", "resources"}) {
    if (folder == whole || in_folder(folder, whole)) return std::string(whole);
  }
  return std::string(folder);
}

}  // namespace vaco::rules
