// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/minari_writer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "core/base/json.h"
#include "core/data/episodes.h"
#include "core/hdf5/hdf5_file.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/gymnasium.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;

/// The version whose layout this is; minari refuses files of versions it does not know.
constexpr auto kMinariVersion = "0.5.3";

struct Part {
  int64_t first = 0, rows = 0;
};

/// Episodes that can be written, and how many lost their last row or all.
struct Parts {
  std::vector<Part> episodes;
  int64_t shortened = 0, lost = 0, rows = 0;
};

Parts parts_of(const DatasetColumns& c) {
  Parts parts;
  int64_t first = 0;
  for (int64_t i = 0; i < c.rows; ++i) {
    const auto at = static_cast<size_t>(i);
    const bool ends = c.terminals[at] || (!c.timeouts.empty() && c.timeouts[at]) || i + 1 == c.rows;
    if (!ends) continue;
    Part part{first, i + 1 - first};
    first = i + 1;
    const bool known =
        c.terminals[at] || (!c.next_observations.empty() && (c.has_next.empty() || c.has_next[at]));
    if (!known) {
      --part.rows;
      ++(part.rows > 0 ? parts.shortened : parts.lost);
    }
    if (part.rows == 0) continue;
    parts.rows += part.rows;
    parts.episodes.push_back(part);
  }
  return parts;
}

template <class T>
std::span<const T> rows_of(const std::vector<T>& column, const Part& part, int64_t width) {
  return std::span(column).subspan(static_cast<size_t>(part.first * width),
                                   static_cast<size_t>(part.rows * width));
}

/// [T + 1, obs_dim]: where the last row is left out its observation is the final one.
std::vector<float> observations_of(const DatasetColumns& c, const Part& part, bool shortened) {
  const Part longer{part.first, part.rows + (shortened ? 1 : 0)};
  const auto rows = rows_of(c.observations, longer, c.obs_dim);
  std::vector<float> all(rows.begin(), rows.end());
  if (shortened) return all;
  const auto& last = c.next_observations.empty() ? c.observations : c.next_observations;
  const auto from = last.begin() + (part.first + part.rows - 1) * c.obs_dim;
  all.insert(all.end(), from, from + c.obs_dim);
  return all;
}

Result<void> write_episode(Hdf5File& file, const DatasetColumns& c, const Part& part, int64_t number) {
  constexpr auto kGzip = Hdf5Packing::gzip;
  const std::string group = "episode_" + std::to_string(number);
  const int64_t last = part.first + part.rows - 1;
  const auto after = static_cast<size_t>(last);
  const bool flagged = c.terminals[after] || (!c.timeouts.empty() && c.timeouts[after]);
  const bool shortened = !flagged && last + 1 < c.rows;
  Result<void> done = file.write<float>(group + "/observations", {part.rows + 1, c.obs_dim},
                                        observations_of(c, part, shortened), kGzip);
  const auto put = [&](auto&& write) {
    if (done) done = write();
  };
  const auto actions = rows_of(c.actions, part, c.action_dim);
  if (c.action_count > 0) {
    const std::vector<int64_t> choices(actions.begin(), actions.end());
    put([&] { return file.write<int64_t>(group + "/actions", {part.rows}, choices, kGzip); });
  } else {
    put([&] { return file.write<float>(group + "/actions", {part.rows, c.action_dim}, actions, kGzip); });
  }
  const auto plain = rows_of(c.rewards, part, 1);
  const std::vector<double> rewards(plain.begin(), plain.end());
  put([&] { return file.write<double>(group + "/rewards", {part.rows}, rewards, kGzip); });
  std::vector<uint8_t> truncations(static_cast<size_t>(part.rows), 0);
  truncations.back() = !c.terminals[after];
  put([&] { return file.write_flags(group + "/terminations", rows_of(c.terminals, part, 1), kGzip); });
  put([&] { return file.write_flags(group + "/truncations", truncations, kGzip); });
  if (!c.policy_ids.empty()) {
    const auto ids = rows_of(c.policy_ids, part, 1);
    std::vector<int32_t> more(ids.begin(), ids.end());  // infos have a row more, as observations do
    more.push_back(more.back());
    put([&] { return file.write<int32_t>(group + "/infos/policy", {part.rows + 1}, more, kGzip); });
  }
  put([&] { return file.set_attribute(group, "id", number); });
  put([&] { return file.set_attribute(group, "total_steps", part.rows); });
  const auto statistic = [&](const char* name, double value) {
    put([&] { return file.set_attribute(group, name, value); });
  };
  const double sum = std::accumulate(rewards.begin(), rewards.end(), 0.0),
               mean = sum / static_cast<double>(part.rows);
  double squares = 0.0;
  for (const double reward : rewards) squares += (reward - mean) * (reward - mean);
  statistic("rewards_sum", sum);
  statistic("rewards_mean", mean);
  statistic("rewards_std", std::sqrt(squares / static_cast<double>(part.rows)));
  statistic("rewards_min", *std::min_element(rewards.begin(), rewards.end()));
  statistic("rewards_max", *std::max_element(rewards.begin(), rewards.end()));
  return done;
}

/// Spaces are JSON inside a text; infinities are written as Python does, which JSON has no word for.
std::string box(int64_t width, const std::string& low, const std::string& high) {
  const auto repeated = [&](const std::string& word) {
    std::string list;
    for (int64_t i = 0; i < width; ++i) list += (i == 0 ? "" : ", ") + word;
    return list;
  };
  return R"({"type": "Box", "dtype": "float32", "shape": [)" + std::to_string(width) + R"(], "low": [)" +
         repeated(low) + R"(], "high": [)" + repeated(high) + "]}";
}

std::string action_space(const DatasetColumns& c) {
  if (c.action_count > 0)
    return R"({"type": "Discrete", "dtype": "int64", "start": 0, "n": )" + std::to_string(c.action_count) + "}";
  const Task* task = find_task(c.environment);
  float bound = task && task->has_shape(c.obs_dim, c.action_dim) ? task->action_bound : 0.0f;
  for (const float action : c.actions)
    if (std::isfinite(action)) bound = std::max(bound, std::abs(action));
  const std::string text = Json(static_cast<double>(bound)).dump();
  return box(c.action_dim, "-" + text, text);
}

/// JSON inside a text, as Gymnasium keeps it; empty where it has no such environment.
std::string env_spec(const DatasetColumns& c) {
  const auto environment = gymnasium_environment(c.environment, c.physics, c.obs_dim);
  if (!environment) return {};
  return Json{{"id", environment->id},
              {"entry_point", environment->entry_point},
              {"reward_threshold", nullptr},
              {"nondeterministic", false},
              {"max_episode_steps", environment->step_limit},
              {"order_enforce", true},
              {"disable_env_checker", false},
              {"kwargs", Json::object()},
              {"additional_wrappers", Json::array()},
              {"vector_entry_point", nullptr}}
      .dump();
}

Json metadata(const fs::path& folder, const DatasetColumns& c, const Parts& parts, uint64_t bytes) {
  Json json = {{"total_episodes", parts.episodes.size()},
               {"total_steps", parts.rows},
               {"data_format", "hdf5"},
               {"observation_space", box(c.obs_dim, "-Infinity", "Infinity")},
               {"action_space", action_space(c)},
               {"dataset_size", std::round(static_cast<double>(bytes) / 1e5) / 10.0},  // MB
               {"dataset_id", folder.filename().string()},
               {"algorithm_name", ""},
               {"minari_version", kMinariVersion}};
  const auto put = [&](const char* key, const auto& value) {
    if (!value.empty()) json[key] = value;
  };
  put("env_spec", env_spec(c));
  put("environment", c.environment);
  put("physics", c.physics);
  put("policy_names", c.policy_names);
  put("provenance", c.provenance);
  return json;
}

/// "hopper-mixed-v0": minari takes no other names.
bool is_dataset_name(const std::string& name) {
  const size_t dash = name.rfind("-v");
  return dash != std::string::npos && dash > 0 && dash + 2 < name.size() &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dash) + 2, name.end(),
                     [](unsigned char c) { return std::isdigit(c); }) &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

Result<void> check_minari_folder(const fs::path& folder, Existing existing,
                                 const std::vector<fs::path>& inputs) {
  const auto path = absolute_path(folder);
  if (!path) return path.error();
  const fs::path whole = path->filename().empty() ? path->parent_path() : *path;
  if (!is_dataset_name(whole.filename().string()))
    return Error{ErrorCode::usage,
                 whole.string() +
                     ": the folder of a Minari dataset is called NAME-vN, as hopper-mixed-v0, of "
                     "letters, digits, - _ and ."};
  const auto there = look_at(whole);
  if (!there) return there.error().code == ErrorCode::bad_data ? Result<void>() : there.error();
  if (existing == Existing::refuse)
    return Error{ErrorCode::usage, whole.string() + " exists; --force replaces it"};
  const fs::path file = whole / "data" / "main_data.hdf5";
  if (!is_file(file))
    return Error{ErrorCode::usage,
                 whole.string() + " is no Minari dataset, so it is not replaced; name another folder"};
  for (const auto& input : inputs) {
    std::error_code none;
    for (const fs::path& inside : {whole, whole / "data", file})
      if (fs::equivalent(input, inside, none))
        return Error{ErrorCode::usage, whole.string() + " is what is read; name another folder"};
  }
  return {};
}

Result<std::vector<std::string>> write_minari(const fs::path& folder, const DatasetColumns& columns) {
  if (auto sound = check_columns(columns); !sound)
    return sound.error().within("cannot write " + folder.string());
  const Parts parts = parts_of(columns);
  if (parts.episodes.empty())
    return Error{ErrorCode::usage, "cannot write " + folder.string() +
                                       ": Minari keeps the state after each row, which is known for none"};
  const fs::path whole = folder.filename().empty() ? folder.parent_path() : folder, data = whole / "data";
  if (auto made = make_folder(data); !made) return made.error();
  const fs::path file_path = data / "main_data.hdf5";
  auto written = write_file_atomically(file_path, [&](const fs::path& temporary) -> Result<void> {
    auto file = Hdf5File::create(temporary);
    if (!file) return file.error();
    for (size_t e = 0; e < parts.episodes.size(); ++e)
      if (auto done = write_episode(*file, columns, parts.episodes[e], static_cast<int64_t>(e)); !done)
        return done;
    return file->close();
  });
  if (!written) return written.error();
  std::error_code none;
  const auto bytes = fs::file_size(file_path, none);
  if (auto done = write_text_atomically(data / "metadata.json",
                                        metadata(whole, columns, parts, none ? 0 : bytes)
                                                .dump(2, ' ', false, Json::error_handler_t::replace) +
                                            "\n");
      !done)
    return done.error();
  std::vector<std::string> told;
  const auto tell = [&](int64_t count, const std::string& one, const std::string& many) {
    if (count > 0) told.push_back(count == 1 ? one : std::to_string(count) + many);
  };
  tell(parts.shortened, "1 episode ends by time in a state that is not known: its last row is left out",
       " episodes end by time in states that are not known: their last rows are left out");
  tell(parts.lost, "1 episode of a single such row is left out", " episodes of a single such row are left out");
  if (!columns.next_observations.empty()) {
    const auto jumps =
        find_jumps(columns.observations, columns.next_observations, columns.rows, columns.obs_dim);
    int64_t lost = 0;
    for (const Part& part : parts.episodes)
      for (int64_t i = part.first; i + 1 < part.first + part.rows; ++i) lost += jumps[static_cast<size_t>(i)];
    tell(lost, "after 1 row the stored next observation is not the next row; Minari has room for one of them",
         " rows have a stored next observation that is not the next row; Minari has room for one of them");
  }
  return told;
}

}  // namespace vaco
