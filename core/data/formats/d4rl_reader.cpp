// SPDX-License-Identifier: GPL-3.0-or-later
// D4RL's flat HDF5 layout: arrays over all episodes in time order (observations, actions, rewards, terminals,
// and where the file has them timeouts, next_observations, infos/policy), also under the other names people
// use. Flags may be enums, integers or floats, columns [N] or [N, 1], numbers of any width; everything else is
// ignored.
//
// An episode ends at a terminal, a timeout or the end of the file; where the file has no timeouts (or none is
// set) also at the step limit of a known environment and where the stored next observation is not the next row.
#include "core/base/json.h"
#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/hdf5_source.h"
#include "core/tasks/physics_name.h"

namespace vaco {
namespace {

/// Only what rolls policies out names the program; a mix may hold anything.
bool is_of_this_program(const std::string& provenance) {
  const Json json = Json::parse(provenance, nullptr, false);
  return json.is_object() && json.contains("program") && json["program"].is_string() &&
         json["program"].get_ref<const std::string&>().starts_with("vaco-workbench ");
}

/// What the file says about itself. Nothing of it is needed, but what is there and cannot be read is told.
void read_metadata(const Hdf5File& file, RawRows& rows) {
  const auto unreadable = [&](const std::string& problem) {
    rows.findings.push_back({Severity::warning, "unreadable_field", problem + "; it is left out", -1, 0});
  };
  const auto texts = [&](const std::string& name) {
    if (file.kind(name) == Hdf5Kind::missing) return std::vector<std::string>{};
    auto read = file.read_texts(name);
    if (read) return std::move(*read);
    unreadable(read.error().message);
    return std::vector<std::string>{};
  };
  const auto text = [&](const std::string& name, size_t longest) {
    const auto all = texts(name);
    if (all.empty()) return std::string();
    if (all.front().size() <= longest) return all.front();
    unreadable(file.name() + ": " + name + ": it has " + std::to_string(all.front().size()) +
               " letters, more than any name");
    return std::string();
  };
  rows.environment = text("metadata/environment", 64);
  rows.physics = text("metadata/physics", 16);
  rows.policy_names = texts("metadata/policy_names");
  rows.collected_here = is_of_this_program(text("metadata/provenance", size_t{16} << 20));
}

class D4rlReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "D4RL HDF5"; }
  [[nodiscard]] std::string takes() const override {
    return "an .hdf5 file with observations, actions, rewards, terminals (timeouts, next_observations) in time "
           "order";
  }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    const auto file = Hdf5File::open(path);
    return file ? flat_confidence(Hdf5Source(*file)) : 0.0;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path,
                                              const ReadOptions& options) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const auto layout = find_flat(Hdf5Source(*file), {}, options);
    if (!layout) return layout.error();
    RawRows said;
    read_metadata(*file, said);
    return DatasetHead{layout->observations.width, layout->actions.width,
                       resolve_environment(path, options, said.environment), physics_name(said.physics),
                       layout->discrete() ? 2 : 0};
  }

  [[nodiscard]] Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const Hdf5Source source(*file);
    const auto layout = find_flat(source, {}, options);
    if (!layout) return layout.error();
    auto rows = read_flat(source, *layout, progress, stop);
    if (!rows) return rows;
    read_metadata(*file, *rows);
    rows->files = {path};
    return rows;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_d4rl_reader() {
  return std::make_unique<D4rlReader>();
}

}  // namespace vaco
