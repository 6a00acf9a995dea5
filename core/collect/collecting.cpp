// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/collecting.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/readable.h"
#include "core/base/rng_streams.h"
#include "core/data/policy_file.h"
#include "core/records/episode_ends.h"
#include "core/records/manifest.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/task_names.h"
#include "resources/resources.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// Of the policies that stand in for a replay buffer: TD3's exploration noise.
constexpr double kReplayNoise = 0.1;

/// Whole steps in the proportion of the shares that add up to all steps, every share at least one.
std::vector<int64_t> divide_steps(int64_t steps, const std::vector<CollectPart>& parts) {
  double sum = 0.0;
  for (const auto& part : parts) sum += part.share;
  std::vector<int64_t> divided;
  double before = 0.0;
  int64_t given = 0, left = static_cast<int64_t>(parts.size());
  for (const auto& part : parts) {
    before += part.share;
    --left;
    const int64_t upto = left == 0
                             ? steps
                             : std::clamp<int64_t>(std::llround(static_cast<double>(steps) * before / sum),
                                                   given + 1, steps - left);
    divided.push_back(upto - given);
    given = upto;
  }
  return divided;
}

struct Rows {
  size_t first, count;
};

/// Every trajectory ends with a flag here: the collector flags even the one it cuts.
std::vector<Rows> trajectories(const DatasetColumns& columns) {
  std::vector<Rows> found;
  size_t first = 0;
  for (const int64_t end : episode_ends(columns.terminals, columns.timeouts)) {
    found.push_back({first, static_cast<size_t>(end) - first});
    first = static_cast<size_t>(end);
  }
  return found;
}

template <class T>
void rearrange(std::vector<T>& column, int64_t width, const std::vector<Rows>& order) {
  std::vector<T> arranged;
  arranged.reserve(column.size());
  for (const auto& rows : order) {
    const auto from = column.begin() + static_cast<int64_t>(rows.first) * width;
    arranged.insert(arranged.end(), from, from + static_cast<int64_t>(rows.count) * width);
  }
  column = std::move(arranged);
}

void shuffle_trajectories(DatasetColumns& columns, uint64_t seed) {
  auto order = trajectories(columns);
  Rng rng(seed, streams::kShuffle);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.index(i)]);
  rearrange(columns.observations, columns.obs_dim, order);
  rearrange(columns.actions, columns.action_dim, order);
  rearrange(columns.rewards, 1, order);
  rearrange(columns.next_observations, columns.obs_dim, order);
  rearrange(columns.terminals, 1, order);
  rearrange(columns.timeouts, 1, order);
  rearrange(columns.qpos, columns.qpos_dim, order);
  rearrange(columns.qvel, columns.qvel_dim, order);
  rearrange(columns.policy_ids, 1, order);
}

std::string provenance_of(const CollectRequest& request, const std::vector<int64_t>& steps) {
  Json parts = Json::array();
  for (size_t i = 0; i < request.parts.size(); ++i) {
    const auto& policy = request.parts[i].policy;
    Json part = {{"policy", policy.name}, {"steps", steps[i]}, {"action_noise", policy.action_noise}};
    if (policy.snapshot) {
      part["policy_step"] = policy.snapshot->step;
      part["policy_algorithm"] = policy.snapshot->algorithm;
    }
    parts.push_back(std::move(part));
  }
  return to_line({{"program", "vaco-workbench " + program_version()},
                  {"what", "collected by rolling out policies"},
                  {"environment", request.environment},
                  {"physics", to_text(request.physics)},
                  {"seed", request.seed},
                  {"shuffled", request.shuffle},
                  {"parts", std::move(parts)}});
}

Result<void> check(const CollectRequest& request) {
  const auto count = static_cast<int64_t>(request.parts.size());
  if (count == 0) return Error{ErrorCode::usage, "collecting needs at least one policy"};
  if (request.steps < count)
    return Error{ErrorCode::usage, "collecting needs at least one step for each of the " +
                                       std::to_string(count) + " policies, not " +
                                       std::to_string(request.steps) + " in all"};
  for (const auto& part : request.parts)
    if (!(part.share > 0.0 && part.share <= 1e9))
      return Error{ErrorCode::usage, "the share of '" + part.policy.name + "' must be above 0 and at most 1e9"};
  return {};
}

std::optional<double> to_number(const std::string& typed) {
  const std::string text = plain_number(typed, false);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

/// POLICY[:SHARE[:NOISE]], taken apart.
struct PartWords {
  std::string source;
  std::optional<double> share, noise;
};
Result<PartWords> split_part(const std::string& text) {
  PartWords words{.source = text, .share = {}, .noise = {}};
  std::vector<double> numbers;  // in the order they are written
  std::error_code ignored;
  while (numbers.size() < 2 && !fs::exists(words.source, ignored)) {
    const size_t colon = words.source.rfind(':');
    if (colon == std::string::npos) break;
    const auto number = to_number(words.source.substr(colon + 1));
    if (!number)
      return Error{ErrorCode::usage, "no number after the colon in '" + text +
                                         "'; write POLICY, POLICY:SHARE or POLICY:SHARE:NOISE"};
    numbers.insert(numbers.begin(), *number);
    words.source.resize(colon);
  }
  if (!numbers.empty()) words.share = numbers[0];
  if (numbers.size() > 1) words.noise = numbers[1];
  return words;
}

std::string part_name(const std::string& text) {
  std::error_code ignored;
  if (!fs::exists(text, ignored)) return text;
  const fs::path path = fs::path(text).lexically_normal();
  if (fs::is_directory(path, ignored))
    return (path.has_filename() ? path : path.parent_path()).filename().string();
  // "policy" says nothing; the folder does.
  const auto stem = path.stem().string();
  const bool nameless = stem == "policy" || stem == "best_policy";
  return nameless && path.has_parent_path() ? path.parent_path().filename().string() : stem;
}

}  // namespace

DatasetColumns to_columns(CollectedRows rows, const EnvironmentInfo& info, Physics physics,
                          const std::string& policy) {
  DatasetColumns columns;
  columns.rows = rows.rows;
  columns.obs_dim = info.obs_dim;
  columns.action_dim = info.action_dim;
  columns.action_count = info.action_count;
  columns.qpos_dim = info.nq;
  columns.qvel_dim = info.nv;
  columns.observations = std::move(rows.observations);
  columns.actions = std::move(rows.actions);
  columns.rewards = std::move(rows.rewards);
  columns.next_observations = std::move(rows.next_observations);
  columns.terminals = std::move(rows.terminals);
  columns.timeouts = std::move(rows.timeouts);
  columns.qpos = std::move(rows.qpos);
  columns.qvel = std::move(rows.qvel);
  columns.policy_ids.assign(static_cast<size_t>(columns.rows), 0);
  columns.policy_names = {policy};
  columns.environment = info.name;
  columns.physics = to_text(physics);
  return columns;
}

Result<DatasetColumns> collect_dataset(const CollectRequest& request, const ProgressFn& progress,
                                       std::stop_token stop) {
  if (auto checked = check(request); !checked) return checked.error();
  const auto environment = make_environment(request.environment, request.physics);
  if (!environment) return environment.error();
  const auto steps = divide_steps(request.steps, request.parts);
  DatasetColumns all;
  int64_t done = 0;
  for (size_t i = 0; i < request.parts.size(); ++i) {
    const auto tell = [&](double fraction, std::string_view doing) {
      const double at = static_cast<double>(done) + fraction * static_cast<double>(steps[i]);
      if (progress) progress(std::min(at / static_cast<double>(request.steps), 1.0), doing);
    };
    auto rows = collect(request.parts[i].policy,
                        {.environment = request.environment,
                         .physics = request.physics,
                         .steps = steps[i],
                         .seed = Rng(request.seed, i).next()},
                        tell, stop);
    if (!rows) return rows.error();
    done += steps[i];
    auto columns =
        to_columns(std::move(*rows), (*environment)->info(), request.physics, request.parts[i].policy.name);
    if (i == 0)
      all = std::move(columns);
    else if (auto added = all.append(columns); !added)
      return added.error();
  }
  if (request.shuffle) shuffle_trajectories(all, request.seed);
  all.provenance = provenance_of(request, steps);
  return all;
}

Result<CollectPart> parse_collect_part(const std::string& text, const std::string& environment) {
  const auto words = split_part(text);
  if (!words) return words.error();
  CollectPart part{.policy = {.name = part_name(words->source), .snapshot = nullptr, .action_noise = 0.0}};
  part.share = words->share.value_or(1.0);
  part.policy.action_noise = words->noise.value_or(0.0);
  if (words->source == "random") return part;
  part.policy.waypoint = words->source == "waypoint";
  if (part.policy.waypoint) return part;
  std::error_code ignored;
  if (fs::exists(words->source, ignored)) part.file = words->source;
  auto policy = open_policy(words->source, environment);
  if (!policy) return policy.error();
  part.policy.snapshot = std::make_shared<const PolicySnapshot>(std::move(*policy));
  return part;
}

Result<std::vector<CollectPart>> parse_collect_parts(const std::string& text, const std::string& environment) {
  const auto words = split_part(text);
  if (!words) return words.error();
  std::vector<CollectPart> parts;
  const auto add = [&](const std::string& source) -> Result<void> {
    auto part = parse_collect_part(source, environment);
    if (!part) return part.error();
    parts.push_back(std::move(*part));
    return {};
  };
  if (words->source != "replay") {
    if (auto added = add(text); !added) return added.error();
    return parts;
  }
  if (auto added = add("random"); !added) return added.error();
  for (const auto& shipped : shipped_policies(environment))
    if (shipped.name.starts_with("replay_"))
      if (auto added = add(shipped.name); !added) return added.error();
  if (parts.size() == 1)
    return Error{ErrorCode::usage,
                 "no replay policies are shipped for " + environment +
                     ": name policies one by one, or make a replay buffer by vaco collect --train"};
  for (auto& part : parts) {
    part.share = words->share.value_or(1.0) / static_cast<double>(parts.size());
    if (part.policy.snapshot) part.policy.action_noise = words->noise.value_or(kReplayNoise);
  }
  return parts;
}

Result<PolicyOrigin> open_policy_origin(const std::string& text, const std::string& environment, bool best) {
  std::error_code ignored;
  fs::path path = text;
  if (fs::is_directory(path, ignored)) {
    const bool has_best = best && fs::exists(path / "best_policy.h5", ignored);
    path /= has_best ? "best_policy.h5" : "policy.h5";
  }
  if (fs::exists(path, ignored)) return read_policy_origin(path);
  PolicyOrigin shipped;
  const Task* task = find_task(environment);
  shipped.physics = task && task->simulated() ? std::string(task->physics[0]) : to_text(Physics::v2);
  return shipped;
}

Result<PolicySnapshot> open_policy(const std::string& text, const std::string& environment, bool best) {
  const fs::path path = text;
  const auto type = look_at(path);
  if (!type && type.error().code == ErrorCode::failed) return type.error();
  if (type && *type == fs::file_type::directory) {
    for (const char* name : {"best_policy.h5", "policy.h5"}) {
      if (name == std::string_view("best_policy.h5") && !best) continue;
      const auto policy = look_at(path / name);
      if (!policy && policy.error().code == ErrorCode::failed) return policy.error();
      if (policy) return read_policy(path / name);
    }
    return Error{
        ErrorCode::bad_data,
        "the folder " + text + " holds no policy.h5: it is no run folder, or the run has not evaluated yet"};
  }
  if (type) return read_policy(path);
  std::string known;
  for (const auto& shipped : shipped_policies(environment)) {
    if (shipped.name == text)
      return read_policy(std::as_bytes(std::span(find_resource(shipped.resource))), shipped.resource);
    known.append(", ").append(shipped.name);
  }
  if (text.find('/') != std::string::npos || path.has_extension())
    return Error{ErrorCode::bad_data, text + " does not exist"};
  std::string hint = "; shipped for " + environment + ": " + (known.empty() ? "none" : known.substr(2));
  if (environment.empty()) hint = "; if it is a shipped policy, add --environment " + simulated_environments();
  return Error{ErrorCode::usage, "there is no file, run folder or shipped policy '" + text + "'" + hint};
}

}  // namespace vaco
