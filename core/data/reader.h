// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/episode_list.h"

namespace vaco {

struct ReadOptions {
  bool d4rl_exact = false;  ///< reproduce d4rl.qlearning_dataset row by row (see apply_d4rl_exact())
  std::string environment;  ///< overrules the guess (for step limits and the reference scores)
  /// What stands where, for tables and files with names of their own: "observations=0-3;actions=4;rewards=r".
  /// A role (observations, actions, rewards, next_observations, terminals, timeouts, dones, episodes) takes
  /// names or numbers of columns, parted by commas; "a-b" is a range.
  std::string columns{};
  std::vector<std::string> observation_keys{};  ///< of named observations, in this order; empty: all, sorted
  std::string subset{};   ///< of episodes, by the name the file has for it (robomimic's masks)
  EpisodeList exclude{};  ///< episodes that are left out as if the file had none of their rows
  friend bool operator==(const ReadOptions&, const ReadOptions&) = default;
};

/// What a dataset tells before any of its rows is read.
struct DatasetHead {
  int64_t obs_dim = 0, action_dim = 0;
  std::string environment;   ///< as Dataset::environment
  std::string physics;       ///< as Dataset::physics
  int64_t action_count = 0;  ///< as Dataset::action_count; only 0 or not 0 is sure before the rows are read
};

struct RawRows;  // raw_rows.h

/// Which of the ReadOptions say something of a layout.
struct LayoutOptions {
  bool columns = false, observation_keys = false, subset = false;
};

/// A file layout. A new one is a new file in formats/ and a line in registry.cpp (formats/README.md). Readers
/// hold no state; any thread. A dataset may be a file or a folder.
class DatasetReader {
 public:
  virtual ~DatasetReader() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  /// What it reads, in a line for help texts: "a file of episode_N groups, its data folder or dataset folder".
  [[nodiscard]] virtual std::string takes() const = 0;
  /// The others are refused rather than ignored. As of flat layouts (flat_columns.h), if not said.
  [[nodiscard]] virtual LayoutOptions options() const { return {.columns = true, .observation_keys = true}; }
  /// 0 (not mine) to 1 (certain). Opens the file but reads next to nothing.
  [[nodiscard]] virtual double probe(const std::filesystem::path& path) const = 0;
  /// Reads no rows, so it takes no time. Errors are bad_data (what is wrong, in which array).
  [[nodiscard]] virtual Result<DatasetHead> read_head(const std::filesystem::path& path,
                                                      const ReadOptions& options) const = 0;
  /// Errors are bad_data (what is wrong, in which array) or stopped. Never crashes on a hostile file, and
  /// allocates nothing before the sizes in it were checked against the file and the memory there is.
  [[nodiscard]] virtual Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions& options,
                                                  const ProgressFn& progress, std::stop_token stop) const = 0;
};
const std::vector<std::unique_ptr<DatasetReader>>& dataset_readers();

/// The name of the reader for a file or folder ("Minari HDF5"), or what it is otherwise ("a Parquet file;
/// ...").
std::string dataset_kind(const std::filesystem::path& path);
/// Probes all readers and asks the most certain one. A file that none knows is named for what it is.
Result<DatasetHead> read_dataset_head(const std::filesystem::path& path, const ReadOptions& options = {});
/// Probes all readers, reads with the most certain one and builds the dataset (dataset_builder.h). Usage error
/// where episodes are to be left out that are not there, or all.
Result<Dataset> read_dataset(const std::filesystem::path& path, const ReadOptions& options = {},
                             const ProgressFn& progress = {}, const std::stop_token& stop = {});

/// Quantiles and counts of a dataset: what vaco inspect prints and the set-up dock shows.
struct DatasetSummary {
  DatasetSource source;
  std::string environment, physics;
  std::string restepped;  ///< what re-stepping rows tells of the physics, for people; empty: not looked at
  int64_t rows = 0, obs_dim = 0, action_dim = 0, episodes = 0;
  int64_t action_count = 0;                        ///< as Dataset::action_count
  std::vector<ObservationPart> observation_parts;  ///< as Dataset::observation_parts
  std::string columns;                             ///< as Dataset::columns
  int64_t ended_by_terminal = 0, ended_by_timeout = 0, ended_by_cut = 0;
  std::vector<double> return_quantiles;             ///< minimum, 5, 25, 50, 75, 95 %, maximum
  std::vector<double> normalized_return_quantiles;  ///< D4RL-normalized, empty without references
  double mean_return = 0, mean_length = 0;
  struct Policy {
    std::string name;
    int64_t rows = 0, episodes = 0;
    double mean_return = 0;
  };
  std::vector<Policy> policies;
  std::vector<Finding> findings;
};
DatasetSummary summarize(const Dataset& dataset);
Json to_json(const DatasetSummary& summary);
std::string to_report(const DatasetSummary& summary);  ///< text for a terminal

}  // namespace vaco
