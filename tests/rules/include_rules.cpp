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

constexpr size_t kTorch = 1;  // its place in libraries()

const std::vector<Library>& libraries() {
  static const std::vector<std::string> learning = {"core/nn",          "core/device",           "core/learn",
                                                    "core/learn/parts", "core/learn/algorithms", "core/bench",
                                                    "core/export"};
  static const std::vector<Library> table = {
      {"Qt", is_qt, {"ui", "app/workbench"}},
      {"libtorch", is_torch, learning},
      {"HDF5",
       [](std::string_view path) { return path.starts_with("hdf5") || path.starts_with("H5"); },
       {"core/hdf5"}},
      {"MuJoCo", [](std::string_view path) { return path.starts_with("mujoco"); }, {"core/sim"}},
      {"OpenGL",
       [](std::string_view path) { return path.starts_with("EGL/") || path.starts_with("GL/"); },
       {"core/sim"}},
      {"oneDNN",
       [](std::string_view path) { return path.starts_with("oneapi/") || path.starts_with("dnnl"); },
       {"core/nn"}},
      {"zlib", [](std::string_view path) { return path == "zlib.h"; }, {"core/zip"}},
      {"libdeflate", [](std::string_view path) { return path == "libdeflate.h"; }, {"core/hdf5"}},
      {"Boost", [](std::string_view path) { return path.starts_with("boost/"); }, {"core/stats"}},
      {"CLI11", [](std::string_view path) { return path.starts_with("CLI/"); }, {"app/cli"}},
  };
  return table;
}

bool owns(const Library& library, const std::string& room) {
  return std::ranges::any_of(library.rooms, [&](const std::string& owner) {
    return room == owner || (owner == "ui" && in_folder(room, "ui"));
  });
}

using Rooms = std::set<std::string>;

Rooms joined(Rooms rooms, const Rooms& more) {
  rooms.insert(more.begin(), more.end());
  return rooms;
}
/// Rooms of core by their names in it; core/base is always among them.
Rooms core(const Rooms& names) {
  Rooms rooms = {"core/base"};
  for (const std::string& name : names) rooms.insert("core/" + name);
  return rooms;
}
Rooms ui(const Rooms& names, const Rooms& core_names) {
  Rooms rooms = core(core_names);
  for (const std::string& name : names) rooms.insert("ui/" + name);
  return rooms;
}

/// All arrows of the house: which rooms a room may include besides itself. core/README.md says why.
const std::map<std::string, Rooms>& allowed_rooms() {
  static const Rooms resources = {"resources"};
  static const Rooms all_of_core = joined(core({"stats", "tasks", "data", "sim", "learn", "device", "records",
                                                "collect", "session", "study", "explain"}),
                                          resources);
  static const std::map<std::string, Rooms> table = {
      {"resources", {}},
      {"core/base", {}},
      {"core/stats", core({})},
      {"core/tasks", core({})},
      {"core/hdf5", core({})},
      {"core/zip", core({})},
      {"core/nn", core({})},
      {"core/nn/kernels", {}},
      {"core/device", core({"nn"})},
      {"core/learn", core({"device"})},
      {"core/learn/parts", core({"learn", "device", "nn"})},
      {"core/learn/algorithms", core({"learn", "learn/parts", "device", "nn"})},
      {"core/catalogue", core({"learn"})},
      {"core/bench", core({"learn", "learn/parts", "learn/algorithms", "device", "nn"})},
      {"core/export", core({})},
      {"core/sim", joined(core({"tasks", "stats"}), resources)},
      {"core/data", core({"hdf5", "tasks", "stats"})},
      {"core/data/formats", core({"data", "hdf5", "zip", "tasks"})},
      {"core/records", joined(core({"data", "hdf5", "sim", "learn", "device", "tasks", "stats"}), resources)},
      {"core/collect",
       joined(core({"records", "data", "sim", "learn", "device", "tasks", "stats"}), resources)},
      {"core/session",
       core({"collect", "records", "data", "sim", "learn", "learn/algorithms", "device", "tasks", "stats"})},
      {"core/explain", core({"session", "records", "data", "hdf5", "sim", "learn"})},
      {"core/study",
       joined(core({"session", "collect", "records", "data", "learn", "tasks", "stats"}), resources)},
      {"ui/widgets", core({})},
      {"ui/figures", core({"records", "study", "learn", "stats", "tasks"})},
      {"ui/bridge", core({"study", "session", "records", "data", "learn"})},
      {"ui/export", ui({"figures", "bridge", "widgets"}, {"study", "records", "learn"})},
      {"ui/plots", ui({"figures", "export", "widgets"}, {"records", "stats"})},
      {"ui/setup", ui({"figures", "widgets"}, {"session", "records", "data", "learn", "sim", "tasks"})},
      {"ui/data", ui({"figures", "bridge", "widgets"}, {"collect", "data", "stats", "records"})},
      {"ui/rollout", ui({"figures", "bridge", "widgets"}, {"records", "sim", "tasks"})},
      // The picture of the robot at a time of a trajectory is the rollout's.
      {"ui/explain",
       ui({"rollout", "figures", "bridge", "widgets"}, {"explain", "records", "data", "sim", "stats"})},
      {"ui/runs", ui({"figures", "bridge", "widgets"}, {"study", "records", "learn", "stats"})},
      {"ui/studies", ui({"figures", "bridge", "widgets"}, {"study", "records"})},
      {"ui/help", joined(ui({"setup", "widgets"}, {"learn", "records"}), resources)},
      {"ui/shell", joined(all_of_core, ui({"widgets", "figures", "bridge", "export", "plots", "setup", "data",
                                           "rollout", "explain", "runs", "studies", "help"},
                                          {}))},
      {"app/cli", joined(all_of_core, {"core/bench", "core/export"})},
      {"app/workbench", {"core/base", "ui/shell"}},
  };
  return table;
}

/// Whether a header, by the room it lies in, is one of ours that is named from the root.
bool in_the_house(const std::string& room) {
  static const Rooms tops = {"core", "ui", "app", "resources", "tests"};
  return tops.contains(room.substr(0, room.find('/')));
}

/// A registry is where a room names what stands in the rooms inside it: that one file may look down.
bool may_know(const std::string& path, const std::string& room, const std::string& other) {
  if (allowed_rooms().at(room).contains(other)) return true;
  return path == room + "/registry.cpp" && other.starts_with(room + "/");
}

}  // namespace

Violations libraries_in_their_rooms(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    if (!is_source(file.path) || in_folder(file.path, "tests")) continue;
    const std::string room = room_of(file.path);
    for (const Include& include : includes_of(file)) {
      for (const Library& library : libraries()) {
        if (!library.owns(include.path) || owns(library, room)) continue;
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
      const bool own = in_the_house(other);
      if (include.quoted && !own && !include.path.ends_with(".moc")) {
        found.push_back(at(file, include.line) + "own headers are named from the root: " + include.path);
      } else if (own && other != room && !may_know(file.path, room, other)) {
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
    if (!is_source(start.path) || in_folder(start.path, "tests")) continue;
    if (owns(libraries()[kTorch], room_of(start.path))) continue;
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
