// SPDX-License-Identifier: GPL-3.0-or-later
// robomimic's HDF5: data/demo_N with actions, rewards, dones and obs/KEY (next_obs/KEY where it was asked for);
// mask/NAME names subsets of demos. robosuite's own demonstrations are the same without observations and
// rewards: there the simulator's states stand in. Observations are joined in the order of their names, or as
// asked for.
#include <algorithm>
#include <charconv>

#include "core/base/json_value.h"
#include "core/data/dataset_builder.h"
#include "core/data/formats/episode_reader.h"
#include "core/data/formats/gym_spec.h"
#include "core/data/formats/hdf5_source.h"

namespace vaco {
namespace {

std::string demo_group(int64_t demo) {
  return "data/demo_" + std::to_string(demo) + "/";
}

/// The demos of a subset, or all of them.
Result<std::vector<int64_t>> demos_of(const Hdf5File& file, const std::string& subset) {
  if (subset.empty()) return numbered_members(file, "data", "demo_");
  const auto names = file.read_texts("mask/" + subset);
  if (!names) {
    std::string there;
    if (const auto masks = file.children("mask"))
      for (const auto& mask : *masks) there += (there.empty() ? "" : ", ") + mask;
    return Error{ErrorCode::usage, file.name() + " has no subset '" + subset +
                                       (there.empty() ? "': it names none" : "'; it has " + there)};
  }
  std::vector<int64_t> demos;
  for (const auto& name : *names) {
    int64_t number = 0;
    constexpr std::string_view kDemo = "demo_";
    const char* end = name.data() + name.size();
    if (name.starts_with(kDemo) && std::from_chars(name.data() + kDemo.size(), end, number).ptr == end)
      demos.push_back(number);
  }
  std::sort(demos.begin(), demos.end());
  return demos;
}

Result<EpisodeArrays> arrays_of(const Hdf5File& file, const Hdf5Source& source, int64_t demo,
                                const ReadOptions& options) {
  const std::string group = demo_group(demo);
  EpisodeArrays arrays;
  arrays.actions = group + "actions";
  if (file.has_array(group + "rewards")) arrays.rewards = group + "rewards";
  if (file.has_array(group + "dones")) arrays.terminals = group + "dones";
  if (file.kind(group + "obs") == Hdf5Kind::missing) {
    arrays.observations = {group + "states"};
    return arrays;
  }
  const auto expand = [&](const std::string& observations) {
    std::vector<std::string> wanted;
    for (const auto& key : options.observation_keys) wanted.push_back(observations + "/" + key);
    return choose_arrays(source, source.members(observations), wanted);
  };
  auto observations = expand(group + "obs");
  if (!observations) return observations.error();
  arrays.observations = std::move(*observations);
  if (file.kind(group + "next_obs") == Hdf5Kind::missing) return arrays;
  auto next = expand(group + "next_obs");
  if (!next) return next.error();
  arrays.next_observations = std::move(*next);
  return arrays;
}

/// What the file says it is of. What is there and cannot be read is told, if findings are wanted.
std::string environment_of(const Hdf5File& file, std::vector<Finding>* findings = nullptr) {
  const auto text = [&](const char* attribute) {
    if (!file.has_attribute("data", attribute)) return std::string();
    auto read = file.text_attribute("data", attribute);
    if (read) return std::move(*read);
    if (findings)
      findings->push_back(
          {Severity::warning, "unreadable_field", read.error().message + "; it is left out", -1, 0});
    return std::string();
  };
  const auto named = value_or<std::string>(parse_python_json(text("env_args")), "env_name", "");
  return named.empty() ? text("env") : named;
}

class RobomimicReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "robomimic HDF5"; }
  [[nodiscard]] std::string takes() const override {
    return "an .hdf5 file of robomimic, or robosuite's demonstrations (data/demo_N)";
  }
  [[nodiscard]] LayoutOptions options() const override { return {.observation_keys = true, .subset = true}; }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    const auto file = Hdf5File::open(path);
    if (!file || file->kind("data") != Hdf5Kind::group) return 0.0;
    const auto demos = numbered_members(*file, "data", "demo_");
    if (demos.empty()) return 0.0;
    return file->has_array(demo_group(demos.front()) + "actions") ? 1.0 : 0.3;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path,
                                              const ReadOptions& options) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const Hdf5Source source(*file);
    EpisodeReader reader(source, path);
    const auto demos = demos_of(*file, options.subset);
    if (!demos) return demos.error();
    if (demos->empty()) return Error{ErrorCode::bad_data, path.string() + ": it holds no demonstrations"};
    auto arrays = arrays_of(*file, source, demos->front(), options);
    if (!arrays) return arrays.error();
    if (auto added = reader.add(std::move(*arrays)); !added) return added.error();
    DatasetHead head = reader.head();
    const std::string said = environment_of(*file);
    head.environment = resolve_environment(path, options, said);
    head.physics = physics_of_id(said);
    return head;
  }

  [[nodiscard]] Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const Hdf5Source source(*file);
    EpisodeReader reader(source, path);
    const auto demos = demos_of(*file, options.subset);
    if (!demos) return demos.error();
    for (const int64_t demo : *demos) {
      if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped reading " + path.string()};
      auto arrays = arrays_of(*file, source, demo, options);
      if (!arrays) return arrays.error();
      if (auto added = reader.add(std::move(*arrays)); !added) return added.error();
    }
    auto rows = reader.read(false, progress, stop);
    if (!rows) return rows;
    for (auto& part : rows->observation_parts) part.name = part.name.substr(part.name.rfind('/') + 1);
    judge_dones(*rows);
    rows->environment = environment_of(*file, &rows->findings);
    rows->physics = physics_of_id(rows->environment);
    rows->files = {path};
    if (!demos->empty() && file->kind(demo_group(demos->front()) + "obs") == Hdf5Kind::missing)
      rows->findings.push_back(
          {Severity::warning, "states_as_observations",
           "there are no observations (robosuite's raw demonstrations have none): the "
           "simulator's states stand in for them; robomimic's dataset_states_to_obs.py makes them",
           -1, 0});
    return rows;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_robomimic_reader() {
  return std::make_unique<RobomimicReader>();
}

}  // namespace vaco
