// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/data/episode_list.h"

namespace vaco {

enum class EndedBy { terminal, timeout, cut };  ///< cut: the file ends (or jumps) without a flag
std::string to_text(EndedBy ended_by);

/// Trajectories of a dataset: contiguous runs of rows, in file order, that cover every row once.
struct EpisodeTable {
  std::vector<int64_t> first;     ///< [T] first row
  std::vector<int64_t> length;    ///< [T] rows
  std::vector<double> returns;    ///< [T] undiscounted sum of the RAW rewards of all rows
  std::vector<EndedBy> ended_by;  ///< [T]
  std::vector<int64_t>
      first_in_file;  ///< [T] first as the file counts rows, where episodes were left out; or empty
  [[nodiscard]] size_t size() const { return first.size(); }
  [[nodiscard]] const std::vector<int64_t>& in_file() const {
    return first_in_file.empty() ? first : first_in_file;
  }
};

enum class Severity { note, warning, error };
/// Something about the data that a user should know, naming the row where there is one.
struct Finding {
  Severity severity = Severity::note;
  std::string key;      ///< stable, for scripts: "no_timeouts", "last_episode_cut", "actions_outside_bounds"
  std::string message;  ///< plain words
  int64_t row = -1;     ///< first row it concerns, or -1
  int64_t count = 0;    ///< how many rows, 0 if it is not about rows
  EpisodeList
      episodes{};  ///< in which these rows are, by their numbers in the file; empty where that is not known
};
/// The message and its first row, which count from 0.
std::string to_text(const Finding& finding);

/// Numbers of an observation that the file holds under a name of their own.
struct ObservationPart {
  std::string name;
  int64_t width = 0;
};

/// Where a dataset came from.
struct DatasetSource {
  std::filesystem::path path;
  uint64_t bytes = 0;
  std::string hash;    ///< of its content, as hash_files() gives it; same content, same hash
  std::string format;  ///< "D4RL HDF5"
};

/// An offline dataset, immutable once read. float32 columns over N rows in file order.
struct Dataset {
  int64_t rows = 0;
  int64_t obs_dim = 0;
  int64_t action_dim = 0;
  std::vector<float> observations;       ///< [N, obs_dim]
  std::vector<float> actions;            ///< [N, action_dim]
  std::vector<float> rewards;            ///< [N] raw
  std::vector<float> next_observations;  ///< [N, obs_dim]; where has_next is 0 the row's own observation
  std::vector<uint8_t> has_next;   ///< [N] 0: neither terminal nor is the successor known (not for TD learning)
  std::vector<uint8_t> terminals;  ///< [N]
  std::vector<uint8_t> timeouts;   ///< [N] as resolved, with terminal winning
  EpisodeTable episodes;
  int64_t action_count = 0;  ///< actions are discrete, 0 … action_count − 1; 0: they are continuous
  std::vector<ObservationPart>
      observation_parts;                  ///< in the order they are laid out; empty: one without a name
  std::vector<int32_t> policy_ids;        ///< [N] behavior policy of each row (infos/policy), or empty
  std::vector<std::string> policy_names;  ///< by id ("random", "medium", "expert"), or "policy 0", ...
  std::string
      environment;      ///< "hopper", "walker2d", "halfcheetah", ... guessed or said by the file; may be empty
  std::string physics;  ///< "v2", "v4": what the rows were made in, as the file says; may be empty
  std::string columns;  ///< of a table: what stands where, in the words of ReadOptions::columns; else empty
  DatasetSource source;
  std::vector<Finding> findings;
};

/// Observation statistics: (s − mean) / scale, fitted once over the dataset, with scale = std + 1e-3 (as
/// TD3+BC), and 1 for a column that is constant in the data (see data/normalizer.h).
struct Normalizer {
  std::vector<float> mean;
  std::vector<float> scale;
};
Normalizer fit_normalizer(const Dataset& dataset);
/// mean 0, scale 1.
Normalizer identity_normalizer(int64_t obs_dim);

}  // namespace vaco
