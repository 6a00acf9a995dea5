// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "tests/rules/rules.h"

namespace vaco::rules {
namespace {

std::string at(const SourceFile& file, int line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

bool is_qt(std::string_view path) {
  const bool class_header =
      path.size() > 1 && path[0] == 'Q' && std::isupper(static_cast<unsigned char>(path[1]));
  return class_header || path.starts_with("Qt") || path.starts_with("qcustomplot");
}

bool is_torch(std::string_view path) {
  return path.starts_with("torch/") || path.starts_with("ATen/") || path.starts_with("c10/") ||
         path.starts_with("caffe2/");
}

struct Library {
  const char* name;
  bool (*owns)(std::string_view include);
  std::vector<std::string> rooms;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> table = {
      {"Qt", is_qt, {"ui", "app/workbench"}},
      {"libtorch", is_torch, {"core/nn", "core/learn"}},
      {"HDF5",
       [](std::string_view path) { return path.starts_with("hdf5") || path.starts_with("H5"); },
       {"core/data", "core/run"}},
      {"MuJoCo", [](std::string_view path) { return path.starts_with("mujoco"); }, {"core/sim"}},
      {"OpenGL",
       [](std::string_view path) { return path.starts_with("EGL/") || path.starts_with("GL/"); },
       {"core/sim"}},
      {"oneDNN",
       [](std::string_view path) { return path.starts_with("oneapi/") || path.starts_with("dnnl"); },
       {"core/nn", "core/learn"}},
      {"libdeflate", [](std::string_view path) { return path == "libdeflate.h"; }, {"core/data"}},
      {"Boost", [](std::string_view path) { return path.starts_with("boost/"); }, {"core/stats"}},
      {"CLI11", [](std::string_view path) { return path.starts_with("CLI/"); }, {"app/cli"}},
  };
  return table;
}

/// Which rooms a room may include besides itself.
const std::map<std::string, std::set<std::string>>& allowed_rooms() {
  static const std::set<std::string> above_core = {"core/run",   "core/learn", "core/sim", "core/data",
                                                   "core/stats", "core/base",  "resources"};
  static const std::set<std::string> above_ui = [] {
    std::set<std::string> rooms = above_core;
    rooms.insert("ui");
    return rooms;
  }();
  static const std::map<std::string, std::set<std::string>> table = {
      {"resources", {}},
      {"core/base", {}},
      {"core/nn", {"core/base"}},
      {"core/stats", {"core/base"}},
      {"core/learn", {"core/nn", "core/base"}},
      {"core/data", {"core/stats", "core/base", "resources"}},
      {"core/sim", {"core/stats", "core/base", "resources"}},
      {"core/run", {"core/learn", "core/sim", "core/data", "core/stats", "core/base", "resources"}},
      {"ui", above_core},
      {"app/cli", above_core},
      {"app/workbench", above_ui},
  };
  return table;
}

}  // namespace

Violations libraries_in_their_rooms(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (!is_source(file.path) || in_folder(file.path, "tests")) continue;
    const std::string room = room_of(file.path);
    for (const Include& include : includes_of(file)) {
      for (const Library& library : libraries()) {
        if (!library.owns(include.path) || std::ranges::count(library.rooms, room) > 0) continue;
        found.push_back(at(file, include.line) + library.name + " (" + include.path + ") is not for " + room);
      }
    }
  }
  return found;
}

Violations one_way_dependencies(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (!is_source(file.path) || in_folder(file.path, "tests")) continue;
    const std::string room = room_of(file.path);
    const auto rule = allowed_rooms().find(room);
    if (rule == allowed_rooms().end()) {
      found.push_back(at(file, 1) + "source in a folder that has no rule: add \"" + room +
                      "\" to allowed_rooms()");
      continue;
    }
    for (const Include& include : includes_of(file)) {
      const std::string other = room_of(include.path);
      const bool own = allowed_rooms().contains(other) || other == "core" || other == "app" || other == "tests";
      if (include.quoted && !own && !include.path.ends_with(".moc")) {
        found.push_back(at(file, include.line) + "own headers are named from the root: " + include.path);
      } else if (own && other != room && !rule->second.contains(other)) {
        found.push_back(at(file, include.line) + room + " must not know " + other + " (" + include.path + ")");
      }
    }
  }
  return found;
}

Violations torch_out_of_reach(const std::vector<SourceFile>& files) {
  std::map<std::string, const SourceFile*> by_path;
  for (const SourceFile& file : files) by_path[file.path] = &file;

  Violations found;
  for (const SourceFile& start : files) {
    if (!is_source(start.path) || in_folder(start.path, "tests") || in_folder(start.path, "core/nn") ||
        in_folder(start.path, "core/learn")) {
      continue;
    }
    std::map<std::string, std::string> way = {{start.path, start.path}};  // header -> how we came there
    std::vector<const SourceFile*> pending = {&start};
    while (!pending.empty()) {
      const SourceFile& file = *pending.back();
      pending.pop_back();
      for (const Include& include : includes_of(file)) {
        const std::string chain = way[file.path] + " -> " + include.path;
        if (is_torch(include.path)) found.push_back(start.path + ":1: reaches libtorch: " + chain);
        const auto next = by_path.find(include.path);
        if (next != by_path.end() && way.emplace(include.path, chain).second) pending.push_back(next->second);
      }
    }
  }
  return found;
}

}  // namespace vaco::rules
