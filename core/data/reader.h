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

namespace vaco {

struct ReadOptions {
  bool d4rl_exact = false;  ///< reproduce d4rl.qlearning_dataset row by row (see data/d4rl_reader.h)
  std::string environment;  ///< overrules the guess (for step limits and the reference scores)
};

/// What a dataset file tells before any of its rows is read.
struct DatasetHead {
  int64_t obs_dim = 0, action_dim = 0;
  std::string environment;  ///< as Dataset::environment
  std::string physics;      ///< as Dataset::physics
};

/// A file layout. A new one is a new file and a line in registry.cpp. Readers hold no state; any thread.
class DatasetReader {
 public:
  virtual ~DatasetReader() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  /// 0 (not mine) to 1 (certain). Opens the file but reads next to nothing.
  [[nodiscard]] virtual double probe(const std::filesystem::path& path) const = 0;
  /// Reads no rows, so it takes no time. Errors are bad_data (what is wrong, in which array).
  [[nodiscard]] virtual Result<DatasetHead> read_head(const std::filesystem::path& path) const = 0;
  /// Errors are bad_data (what is wrong, in which array) or stopped. Never crashes on a hostile file, and
  /// allocates nothing before the sizes in it were checked against the file and the memory there is.
  [[nodiscard]] virtual Result<Dataset> read(const std::filesystem::path& path, const ReadOptions& options,
                                             const ProgressFn& progress, std::stop_token stop) const = 0;
};
const std::vector<std::unique_ptr<DatasetReader>>& dataset_readers();

/// Probes all readers and asks the most certain one.
Result<DatasetHead> read_dataset_head(const std::filesystem::path& path);
/// Probes all readers and reads with the most certain one.
Result<Dataset> read_dataset(const std::filesystem::path& path, const ReadOptions& options = {},
                             const ProgressFn& progress = {}, std::stop_token stop = {});

/// Quantiles and counts of a dataset: what vaco inspect prints and the set-up dock shows.
struct DatasetSummary {
  DatasetSource source;
  std::string environment, physics;
  int64_t rows = 0, obs_dim = 0, action_dim = 0, episodes = 0;
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
