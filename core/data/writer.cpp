// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/writer.h"

#include <algorithm>

#include "core/base/files.h"
#include "core/hdf5/hdf5_file.h"
#include "core/tasks/physics_name.h"

namespace vaco {
namespace {

Error mismatch(const std::string& what) {
  return {ErrorCode::usage, "these rows cannot be put together: " + what};
}

/// What is wrong with the sizes of the columns, or an empty text.
std::string problem(const DatasetColumns& c) {
  if (c.rows < 1 || c.obs_dim < 1 || c.action_dim < 1) return "there are no rows, observations or actions";
  const auto wrong = [&](size_t size, int64_t width, bool optional) {
    return !(optional && size == 0) && static_cast<int64_t>(size) != c.rows * width;
  };
  if (wrong(c.observations.size(), c.obs_dim, false)) return "observations has the wrong size";
  if (wrong(c.actions.size(), c.action_dim, false)) return "actions has the wrong size";
  if (wrong(c.rewards.size(), 1, false)) return "rewards has the wrong size";
  if (wrong(c.next_observations.size(), c.obs_dim, true)) return "next_observations has the wrong size";
  if (wrong(c.has_next.size(), 1, true)) return "has_next has the wrong size";
  if (c.action_count > 0 && c.action_dim != 1) return "discrete actions are one number a row";
  if (wrong(c.terminals.size(), 1, false)) return "terminals has the wrong size";
  if (wrong(c.timeouts.size(), 1, true)) return "timeouts has the wrong size";
  if (wrong(c.qpos.size(), c.qpos_dim, true)) return "infos/qpos has the wrong size";
  if (wrong(c.qvel.size(), c.qvel_dim, true)) return "infos/qvel has the wrong size";
  if (wrong(c.policy_ids.size(), 1, true)) return "infos/policy has the wrong size";
  return {};
}

template <class T>
void extend(std::vector<T>& column, const std::vector<T>& more) {
  column.insert(column.end(), more.begin(), more.end());
}

Result<void> write_columns(Hdf5File& file, const DatasetColumns& c) {
  constexpr auto kGzip = Hdf5Packing::gzip;
  Result<void> done;
  const auto put = [&]<class T>(const char* name, const std::vector<T>& values, int64_t width) {
    if (!done || values.empty()) return;
    // One number per row is written as D4RL does, without a second dimension.
    const bool flat = width == 0;
    done = file.write<T>(name, flat ? std::vector<int64_t>{c.rows} : std::vector<int64_t>{c.rows, width},
                         values, kGzip);
  };
  const auto put_flags = [&](const char* name, const std::vector<uint8_t>& values) {
    if (done && !values.empty()) done = file.write_flags(name, values, kGzip);
  };
  const auto put_text = [&](const char* name, const std::string& text) {
    if (done && !text.empty()) done = file.write_text(name, text);
  };
  put("observations", c.observations, c.obs_dim);
  if (c.action_count > 0)
    put("actions", std::vector<int32_t>(c.actions.begin(), c.actions.end()), 0);
  else
    put("actions", c.actions, c.action_dim);
  put("rewards", c.rewards, 0);
  // A row must not get a successor by being written.
  if (std::find(c.has_next.begin(), c.has_next.end(), 0) == c.has_next.end())
    put("next_observations", c.next_observations, c.obs_dim);
  put_flags("terminals", c.terminals);
  put_flags("timeouts", c.timeouts);
  put("infos/qpos", c.qpos, c.qpos_dim);
  put("infos/qvel", c.qvel, c.qvel_dim);
  put("infos/policy", c.policy_ids, 0);
  if (done && !c.policy_names.empty()) done = file.write_texts("metadata/policy_names", c.policy_names);
  put_text("metadata/environment", c.environment);
  put_text("metadata/physics", c.physics);
  put_text("metadata/provenance", c.provenance);
  return done;
}

}  // namespace

Result<void> DatasetColumns::append(const DatasetColumns& other) {
  if (other.rows == 0) return {};
  if (auto wrong = problem(other); !wrong.empty()) return mismatch(wrong);
  if (rows == 0) {
    *this = other;
    return {};
  }
  if (obs_dim != other.obs_dim || action_dim != other.action_dim || action_count != other.action_count)
    return mismatch("observations and actions of " + std::to_string(obs_dim) + " and " +
                    std::to_string(action_dim) + " numbers, and of " + std::to_string(other.obs_dim) + " and " +
                    std::to_string(other.action_dim));
  const auto differs = [](const auto& ours, const auto& theirs) { return ours.empty() != theirs.empty(); };
  if (differs(next_observations, other.next_observations) || differs(timeouts, other.timeouts) ||
      differs(qpos, other.qpos) || differs(qvel, other.qvel) || differs(policy_ids, other.policy_ids) ||
      differs(has_next, other.has_next) || qpos_dim != other.qpos_dim || qvel_dim != other.qvel_dim)
    return mismatch("one has next observations, timeouts, simulator states or policies that the other lacks");

  int32_t behind = static_cast<int32_t>(policy_names.size());
  if (!policy_ids.empty())
    behind = std::max(behind, *std::max_element(policy_ids.begin(), policy_ids.end()) + 1);
  if (!policy_names.empty() || !other.policy_names.empty()) {
    while (static_cast<int32_t>(policy_names.size()) < behind)
      policy_names.push_back("policy " + std::to_string(policy_names.size()));
    extend(policy_names, other.policy_names);
  }
  for (const int32_t id : other.policy_ids) policy_ids.push_back(id + behind);
  extend(observations, other.observations);
  extend(actions, other.actions);
  extend(rewards, other.rewards);
  extend(next_observations, other.next_observations);
  extend(terminals, other.terminals);
  extend(timeouts, other.timeouts);
  extend(has_next, other.has_next);
  extend(qpos, other.qpos);
  extend(qvel, other.qvel);
  rows += other.rows;
  if (environment != other.environment) environment.clear();
  physics = physics_name(physics);
  if (physics != physics_name(other.physics)) physics.clear();
  return {};
}

Result<void> check_columns(const DatasetColumns& columns) {
  if (auto wrong = problem(columns); !wrong.empty()) return Error{ErrorCode::usage, std::move(wrong)};
  return {};
}

Result<void> write_dataset(const std::filesystem::path& path, const DatasetColumns& columns) {
  if (auto fits = check_columns(columns); !fits) return fits.error().within("cannot write " + path.string());
  return write_file_atomically(path, [&](const std::filesystem::path& temporary) -> Result<void> {
    auto file = Hdf5File::create(temporary);
    if (!file) return file.error();
    if (auto written = write_columns(*file, columns); !written) return written;
    return file->close();
  });
}

}  // namespace vaco
