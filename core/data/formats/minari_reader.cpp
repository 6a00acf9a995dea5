// SPDX-License-Identifier: GPL-3.0-or-later
// Minari's HDF5: a group episode_N for each episode, with T + 1 observations (an array, or a group of them for
// Dict and Tuple spaces), actions, rewards, terminations and truncations [T]. metadata.json beside it tells the
// spaces and the environment (0.5); before, attributes of the file did (0.4). Given as the file, the data
// folder or the dataset's folder.
#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/data/dataset_builder.h"
#include "core/data/formats/episode_reader.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/gym_spec.h"
#include "core/data/formats/hdf5_source.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;

/// The file inside a data or dataset folder; the path itself for a file.
fs::path main_file(const fs::path& path) {
  std::error_code none;
  if (!fs::is_directory(path, none)) return path;
  for (const char* inside : {"main_data.hdf5", "data/main_data.hdf5"})
    if (fs::is_regular_file(path / inside, none)) return path / inside;
  return path;
}

/// The dataset's folder or file has the telling name: hopper-random-v0/data/main_data.hdf5.
std::string telling_name(const fs::path& file) {
  const fs::path folder = file.parent_path();
  const fs::path dataset = folder.filename() == "data" ? folder.parent_path() : folder;
  return (dataset.parent_path().filename() / dataset.filename()).string() + "/" + file.filename().string();
}

struct About {
  GymSpec spec;
  std::string environment, physics;
  std::vector<std::string> policy_names;
  std::vector<Finding> findings;  ///< of what is there and cannot be read
};

About read_about(const Hdf5File& file, const fs::path& path) {
  About about;
  std::string id;
  const auto tell = [&](const std::string& problem) {
    about.findings.push_back({Severity::warning, "unreadable_field", problem + "; it is left out", -1, 0});
  };
  const auto read_spec = [&](const Json& env_spec, const Json& action_space) {
    about.spec = read_gym_spec(env_spec, action_space);
    if (!env_spec.is_null() && about.spec.id.empty())
      tell(path.string() + ": its env_spec does not name an environment");
  };
  const auto metadata = path.parent_path() / "metadata.json";
  if (look_at(metadata)) {
    const auto text = read_text(metadata);
    const Json json = text ? parse_python_json(*text) : Json();
    if (!text)
      tell(text.error().message);
    else if (!json.is_object())
      tell(metadata.string() + " is no JSON object");
    else {
      read_spec(json.value("env_spec", Json()), json.value("action_space", Json()));
      // What vaco mix adds, as Gymnasium's names do not cover it.
      about.environment = value_or<std::string>(json, "environment", {});
      about.physics = value_or<std::string>(json, "physics", {});
      if (json.contains("policy_names") && json["policy_names"].is_array())
        for (const Json& name : json["policy_names"])
          about.policy_names.push_back(name.is_string() ? name.get<std::string>() : std::string());
      if (json.contains("dataset_id") && json["dataset_id"].is_string()) id = json["dataset_id"];
    }
  } else {
    const auto attribute = [&](const char* name) {
      if (!file.has_attribute("/", name)) return Json();
      auto value = file.text_attribute("/", name);
      if (!value) tell(value.error().message);
      return value ? Json(std::move(*value)) : Json();
    };
    read_spec(attribute("env_spec"), attribute("action_space"));
    if (const Json said = attribute("dataset_id"); said.is_string()) id = said;
  }
  if (about.physics.empty()) about.physics = about.spec.physics;
  if (about.environment.empty()) about.environment = about.spec.id;
  if (about.environment.empty()) about.environment = guess_environment(id);
  if (about.environment.empty()) about.environment = guess_environment(telling_name(path));
  return about;
}

EpisodeArrays arrays_of(int64_t episode) {
  const std::string group = "episode_" + std::to_string(episode) + "/";
  EpisodeArrays arrays;
  arrays.observations = {group + "observations"};
  arrays.actions = group + "actions";
  arrays.rewards = group + "rewards";
  arrays.terminals = group + "terminations";
  arrays.timeouts = group + "truncations";
  return arrays;
}

/// Observations of one episode: all arrays of a Dict, or those asked for.
Result<void> expand(const Hdf5Source& source, const ReadOptions& options, EpisodeArrays& arrays) {
  const std::string group = arrays.observations.front();
  auto members = source.members(group);
  if (members.empty()) return source.wrong(group, "there is no such array, so this is not a Minari dataset");
  if (options.observation_keys.empty()) {
    arrays.observations = std::move(members);
    return {};
  }
  std::vector<std::string> wanted;
  for (const auto& key : options.observation_keys) wanted.push_back(group + "/" + key);
  auto chosen = choose_arrays(source, members, wanted);
  if (!chosen) return chosen.error();
  arrays.observations = std::move(*chosen);
  return {};
}

/// "observations/achieved_goal" is "achieved_goal" to people.
void label_minari_parts(std::vector<ObservationPart>& parts) {
  constexpr std::string_view kGroup = "observations/";
  for (auto& part : parts)
    if (part.name.starts_with(kGroup)) part.name.erase(0, kGroup.size());
}

/// Behavior policies, as vaco mix writes them: infos have a row more than actions.
void read_policies(const Hdf5File& file, RawRows& rows) {
  std::vector<int64_t> ids;
  for (const int64_t episode : numbered_members(file, "/", "episode_")) {
    const std::string group = "episode_" + std::to_string(episode) + "/";
    if (!file.has_array(group + "infos/policy")) return;
    const auto steps = file.describe(group + "actions");
    const auto own = file.read<int64_t>(group + "infos/policy");
    if (!steps || !own || steps->shape.empty() || static_cast<int64_t>(own->values.size()) < steps->shape[0])
      return;
    ids.insert(ids.end(), own->values.begin(), own->values.begin() + steps->shape[0]);
  }
  if (static_cast<int64_t>(ids.size()) == rows.rows) rows.policy_ids = std::move(ids);
}

class MinariReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "Minari HDF5"; }
  [[nodiscard]] std::string takes() const override {
    return "main_data.hdf5 of a Minari dataset (0.4 or 0.5), its data folder or the dataset's folder";
  }
  [[nodiscard]] LayoutOptions options() const override { return {.observation_keys = true}; }

  [[nodiscard]] double probe(const fs::path& path) const override {
    const auto file = Hdf5File::open(main_file(path));
    if (!file) return 0.0;
    const auto episodes = numbered_members(*file, "/", "episode_");
    if (episodes.empty()) return 0.0;
    const std::string first = "episode_" + std::to_string(episodes.front()) + "/";
    return file->has_array(first + "actions") && file->kind(first + "observations") != Hdf5Kind::missing ? 1.0
                                                                                                         : 0.3;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const fs::path& path, const ReadOptions& options) const override {
    const auto file = Hdf5File::open(main_file(path));
    if (!file) return file.error();
    const Hdf5Source source(*file);
    EpisodeReader reader(source, path);
    for (const int64_t episode : numbered_members(*file, "/", "episode_")) {
      EpisodeArrays arrays = arrays_of(episode);
      if (auto done = expand(source, options, arrays); !done) return done.error();
      if (auto added = reader.add(std::move(arrays)); !added) return added.error();
      break;
    }
    const About about = read_about(*file, main_file(path));
    DatasetHead head = reader.head();
    head.environment = resolve_environment(path, options, about.environment);
    head.physics = about.physics;
    if (about.spec.discrete_actions) head.action_count = 2;
    return head;
  }

  [[nodiscard]] Result<RawRows> read_rows(const fs::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const fs::path main = main_file(path);
    const auto file = Hdf5File::open(main);
    if (!file) return file.error();
    const Hdf5Source source(*file);
    EpisodeReader reader(source, main);
    for (const int64_t episode : numbered_members(*file, "/", "episode_")) {
      if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped reading " + path.string()};
      EpisodeArrays arrays = arrays_of(episode);
      if (auto done = expand(source, options, arrays); !done) return done.error();
      if (auto added = reader.add(std::move(arrays)); !added) return added.error();
    }
    auto rows = reader.read(true, progress, stop);
    if (!rows) return rows;
    const About about = read_about(*file, main);
    if (about.spec.discrete_actions && rows->action_count == 0) number_actions(*rows, true);
    label_minari_parts(rows->observation_parts);
    rows->environment = about.environment;
    rows->physics = about.physics;
    rows->policy_names = about.policy_names;
    read_policies(*file, *rows);
    rows->step_limit = about.spec.step_limit;
    rows->findings.insert(rows->findings.end(), about.findings.begin(), about.findings.end());
    rows->files = {main};
    return rows;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_minari_reader() {
  return std::make_unique<MinariReader>();
}

}  // namespace vaco
